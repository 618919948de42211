"""Drafts in the service's working tables, their content sealed under the dossier's key."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from chassis.changes import Put
from chassis.personal import MasterKeys, new_data_key, seal, unseal
from contracts.values import AgencyCode, DossierId, PersonId, ProcedureKey

from .drafts import DraftContent


@dataclass(frozen=True)
class Begun:
    """What a draft is begun with."""

    dossier_id: DossierId
    applicant: PersonId
    procedure: ProcedureKey
    procedure_version: int
    agency: AgencyCode


@dataclass(frozen=True)
class Draft:
    """A draft as it lies in its table, opened."""

    begun: Begun
    version: int
    updated_at: datetime
    handed_in: bool
    content: DraftContent = field(repr=False)
    key: bytes = field(repr=False)

    def hand_in(self) -> Put:
        """Make this very version a dossier; whoever saves or discards it meanwhile loses."""
        key = {"dossier_id": self.begun.dossier_id}
        return Put("handed_in", key, {"version": self.version}, once=True)


class DraftStore:
    """Keeps what applicants have not yet handed in."""

    def __init__(self, pool: "asyncpg.Pool[Any]", keys: MasterKeys) -> None:
        """Take the service's database and the keys that wrap dossiers' keys."""
        self._pool, self._keys = pool, keys

    async def begin(self, begun: Begun, now: datetime) -> bool:
        """Begin a draft under an id the client made; False if that id is taken."""
        dossier, key = begun.dossier_id, new_data_key()
        async with self._pool.acquire() as connection, connection.transaction():
            fresh = await connection.fetchval(
                "insert into personal_keys (key_id, wrapped) select $1::uuid, $2::bytea "
                "where not exists (select from drafts where dossier_id = $1) "  # it was erased
                "on conflict do nothing returning true",
                dossier,
                self._keys.wrap(dossier, key),
            )
            if not fresh:
                return False
            await connection.execute(
                "insert into drafts (dossier_id, applicant, procedure, procedure_version, agency, "
                "content, version, created_at, updated_at) "
                "values ($1, $2, $3, $4, $5, $6, 1, $7, $7)",
                *(dossier, begun.applicant, begun.procedure, begun.procedure_version, begun.agency),
                _sealed(dossier, key, DraftContent()),
                now,
            )
        return True

    async def find(self, dossier: DossierId) -> Draft | None:
        """Open a draft, whether or not it was handed in."""
        row = await self._pool.fetchrow(
            "select d.*, k.wrapped, h.dossier_id is not null as handed_in from drafts d "
            "join personal_keys k on k.key_id = d.dossier_id "
            "left join handed_in h using (dossier_id) "
            "where d.dossier_id = $1",
            dossier,
        )
        if row is None:
            return None
        key = self._keys.unwrap(dossier, row["wrapped"])
        content = unseal(key, row["content"], bound_to=_place(dossier))
        begun = Begun(**{name: row[name] for name in Begun.__dataclass_fields__})
        return Draft(
            begun,
            row["version"],
            row["updated_at"],
            row["handed_in"],
            DraftContent.model_validate_json(content),
            key,
        )

    async def mine(self, applicant: PersonId) -> "list[asyncpg.Record]":
        """List the drafts a person may go on with, the latest first; without their content."""
        return await self._pool.fetch(
            "select d.dossier_id as id, d.procedure, d.procedure_version, d.agency, d.version, "
            "d.updated_at, p.body ->> 'name_vi' as name_vi, p.body ->> 'name_en' as name_en "
            "from drafts d "
            "left join procedures p on p.key = d.procedure and p.version = d.procedure_version "
            "where d.applicant = $1 "
            "and not exists (select from handed_in h where h.dossier_id = d.dossier_id) "
            "order by d.updated_at desc limit 200",
            applicant,
        )

    async def save(
        self, draft: Draft, content: DraftContent, expected: int, now: datetime
    ) -> Draft | None:
        """Autosave; gives the draft as it is now, or None if it has another version than the sender
        saw, or was handed in.
        """
        dossier = draft.begun.dossier_id
        sealed = _sealed(dossier, draft.key, content)
        try:
            version = await self._pool.fetchval(
                "update drafts set content = $3, version = version + 1, updated_at = $4 "
                "where dossier_id = $1 and version = $2 returning version",
                *(dossier, expected, sealed, now),
            )
        except asyncpg.ForeignKeyViolationError:
            return None
        if version is None:
            return None
        return replace(draft, version=version, updated_at=now, content=content)

    async def discard(self, dossier: DossierId) -> list[str] | None:
        """Forget a draft with its key and files; gives the blobs it leaves behind, None if it was
        handed in.
        """
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute("delete from drafts where dossier_id = $1", dossier)
                blobs = await connection.fetch(
                    "delete from files where dossier_id = $1 returning blob", dossier
                )
                await connection.execute("delete from personal_keys where key_id = $1", dossier)
        except asyncpg.ForeignKeyViolationError:
            return None
        return [row["blob"] for row in blobs]

    async def abandoned(self, before: datetime, limit: int) -> list[UUID]:
        """List drafts nobody touched since an instant."""
        rows = await self._pool.fetch(
            "select dossier_id from drafts d where updated_at < $1 "
            "and not exists (select from handed_in h where h.dossier_id = d.dossier_id) "
            "order by updated_at limit $2",
            before,
            limit,
        )
        return [row["dossier_id"] for row in rows]


def _place(dossier: DossierId) -> bytes:
    return f"draft {dossier}".encode()


def _sealed(dossier: DossierId, key: bytes, content: DraftContent) -> str:
    return seal(key, content.model_dump_json().encode(), bound_to=_place(dossier))
