"""What people ask of the catalogue: agencies, sectors, procedures, their versions, days."""

from typing import Any

import asyncpg
from pydantic import BaseModel

from contracts.catalogue import Agency, AgencyKind, CalendarDay, ProcedureVersion
from contracts.http.catalogue import AgencyPage, ListedProcedure, ListedSector, ProcedurePage

from .search import fold, joined

_LISTED = "key, newest, code, name_vi, name_en, sector, sector_vi, sector_en, level, open"


class Queries:
    """Reads the catalogue's tables."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool

    async def search(
        self,
        words: str,
        sector: str | None,
        level: int | None,
        agency_level: AgencyKind | None,
        page: tuple[int, int],
    ) -> ProcedurePage:
        """Find open procedures by words in any order, with or without accents and spaces: first
        where they stand as typed, then where each stands soonest.
        """
        (limit, offset), apart = page, fold(words).split()
        rows = await self._pool.fetch(
            f"select {_LISTED}, count(*) over () as found "
            "from procedures where open "
            "and (cardinality($1::text[]) = 0 or folded like all ($1) "
            "or ($2 <> '' and joined like $3)) "
            "and ($4::text is null or sector = $4) and ($5::int is null or level = $5) "
            "and ($6::text is null or agency_level = $6) "
            "order by nullif(position($2 in joined), 0) nulls last, "
            "(select sum(position(word in folded)) from unnest($9::text[]) word), folded "
            "limit $7 offset $8",
            [f"%{_literal(word)}%" for word in apart],
            joined(words),
            f"%{_literal(joined(words))}%",
            sector,
            level,
            agency_level,
            limit,
            offset,
            apart,
        )
        found = int(rows[0]["found"]) if rows else 0
        return ProcedurePage(
            found=found, procedures=[ListedProcedure.model_validate(dict(row)) for row in rows]
        )

    async def sectors(self) -> list[ListedSector]:
        """List the fields of administration."""
        rows = await self._pool.fetch(
            "select sector as key, min(sector_vi) as name_vi, min(sector_en) as name_en, "
            "count(*) filter (where open) as procedures from procedures group by sector "
            "order by min(folded)"
        )
        return [ListedSector.model_validate(dict(row)) for row in rows]

    async def version(self, key: str, version: int | None) -> tuple[ProcedureVersion, int] | None:
        """Give one version of a procedure, or the newest, and the version of its stream."""
        row = await self._pool.fetchrow(
            "select v.body, p.version as seen "
            "from procedure_versions v join procedures p using (key) "
            "where key = $1 and v.version = coalesce($2, p.newest)",
            key,
            version,
        )
        return row and (ProcedureVersion.model_validate_json(row["body"]), row["seen"])

    async def agencies(
        self, words: str, kind: AgencyKind | None, parent: str | None, page: tuple[int, int]
    ) -> AgencyPage:
        """Find agencies by words of their name."""
        limit, offset = page
        rows = await self._pool.fetch(
            "select body, count(*) over () as found from agencies "
            "where folded like all ($1) and ($2::text is null or kind = $2) "
            "and ($3::text is null or parent = $3) order by folded, code limit $4 offset $5",
            [f"%{_literal(word)}%" for word in fold(words).split()],
            kind,
            parent,
            limit,
            offset,
        )
        found = int(rows[0]["found"]) if rows else 0
        return AgencyPage(
            found=found, agencies=[Agency.model_validate_json(row["body"]) for row in rows]
        )

    async def agency(self, code: str) -> tuple[Agency, int] | None:
        """Give one agency, and the version of its stream."""
        row = await self._pool.fetchrow("select body, version from agencies where code = $1", code)
        return row and (Agency.model_validate_json(row["body"]), row["version"])

    async def days(self, year: int) -> list[CalendarDay] | None:
        """Give the days declared for a year."""
        body = await self._pool.fetchval(
            "select days::text from calendar_years where year = $1", year
        )
        return None if body is None else _Days.model_validate_json(f'{{"days": {body}}}').days


class _Days(BaseModel):
    days: list[CalendarDay]


def _literal(text: str) -> str:
    """Take the wildcards of LIKE as letters."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
