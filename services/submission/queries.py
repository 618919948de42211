"""What people ask of the dossiers: applicants of their own, officers of their agency's, auditors of
all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from contracts.http.dossiers import Look, Names, ToldView
from contracts.values import AgencyCode, DossierId, PersonId, Status

from .codes import as_written
from .dossier_view import DossierView
from .words import TOLD


@dataclass(frozen=True)
class Wanted:
    """What an officer looks for in the queue; None where anything will do."""

    status: int | None = None
    turn: str | None = None
    specialist: UUID | None = None
    number: str | None = None
    limit: int = 100
    offset: int = 0


class Queries:
    """Reads the table of dossiers."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool

    async def dossier(self, dossier: DossierId) -> DossierView | None:
        """Give one dossier."""
        rows = await self._rows("dossier_id = $1", dossier)
        return rows[0] if rows else None

    async def named(self, name: str) -> DossierId | None:
        """Find a dossier by its code or its reference, however it was typed."""
        return await self._pool.fetchval(
            "select dossier_id from dossiers where code = any($1) or reference = any($1)",
            list(as_written(name)),
        )

    async def mine(self, person: PersonId, limit: int, offset: int) -> list[DossierView]:
        """List a person's dossiers, the latest first."""
        return await self._rows(
            "applicant = $1 or submitter = $1 order by submitted_at desc, dossier_id "
            "limit $2 offset $3",
            *(person, limit, offset),
        )

    async def queue(self, agencies: Sequence[AgencyCode], wanted: Wanted) -> list[DossierView]:
        """List the dossiers of agencies, those due first at the top. What waits for its first
        answer is due in eight working hours, a day of work.
        """
        return await self._rows(
            "receiving = any($1) and ($2::int is null or status = $2) "
            "and ($3::text is null or turn = $3) and ($4::uuid is null or specialist = $4) "
            "and ($5::text[] is null or code = any($5) or reference = any($5)) "
            "order by coalesce(due, case status when $8 then status_since + interval '1 day' end) "
            "nulls last, submitted_at, dossier_id limit $6 offset $7",
            *(list(agencies), wanted.status, wanted.turn, wanted.specialist),
            None if wanted.number is None else list(as_written(wanted.number)),
            *(wanted.limit, wanted.offset, Status.SUBMITTED),
        )

    async def page(self, after: UUID | None, limit: int) -> list[DossierView]:
        """List all dossiers page by page in the order of their ids, for auditors."""
        return await self._rows(
            "($1::uuid is null or dossier_id > $1) order by dossier_id limit $2", after, limit
        )

    async def told(self, dossier: DossierId) -> list[ToldView]:
        """List what others published about a dossier."""
        rows = await self._pool.fetch(
            "select at, what, facts from told where dossier_id = $1 order by at, event_id", dossier
        )
        return [_told(row) for row in rows]

    async def awaiting_time(self, now: datetime, soon: datetime, after: UUID) -> list[DossierId]:
        """List the dossiers that should be told the time: due soon or past, or waited for too long.
        A page of them, after an id.
        """
        rows = await self._pool.fetch(
            "select dossier_id from dossiers where dossier_id > $3 and ("
            "(late_from is not null and due <= $2 and warned_for is distinct from due) or "
            "(late_from <= $1 and missed is distinct from due) or lapses_at <= $1) "
            "order by dossier_id limit 500",
            *(now, soon, after),
        )
        return [row["dossier_id"] for row in rows]

    async def read(
        self, reader: str, dossier: DossierId, what: str, *, role: str, agency: str = ""
    ) -> None:
        """Write down who looks at what is personal, before it is answered."""
        await self._pool.execute(
            "insert into reads (reader, role, agency, subject, what) values ($1, $2, $3, $4, $5)",
            *(reader, role, agency, str(dossier), what),
        )

    async def reads(
        self,
        *,
        subject: DossierId | None = None,
        reader: PersonId | None = None,
        after: int,
        limit: int,
    ) -> list[Look]:
        """List the looks at a dossier, of a reader, or all, page by page; the oldest first."""
        rows = await self._pool.fetch(
            "select id, at, reader, role, agency, subject, what from reads where id > $3 "
            "and ($1::text is null or subject = $1) "
            "and ($2::text is null or split_part(reader, ':', 2) = $2) order by id limit $4",
            *(subject and str(subject), reader and str(reader), after, limit),
        )
        return [Look.model_validate(dict(row)) for row in rows]

    async def _rows(self, where: str, *arguments: Any) -> list[DossierView]:
        rows = await self._pool.fetch(
            f"select dossier_id as id, d.* from dossiers d where {where}", *arguments
        )
        return [DossierView.model_validate(dict(row)) for row in rows]


def _told(row: "asyncpg.Record") -> ToldView:
    what = TOLD.get(row["what"], Names(vi=row["what"], en=row["what"]))
    return ToldView(at=row["at"], type=row["what"], what=what, facts=orjson.loads(row["facts"]))
