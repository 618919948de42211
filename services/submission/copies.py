"""The service's own copies of what others published, so that submitting and deciding work while
those are down.
"""

from typing import Any

import asyncpg
import orjson

from chassis.changes import Put
from contracts.catalogue import (
    Agency,
    AgencyRegistered,
    CalendarDay,
    HolidaysDeclared,
    ProcedurePublished,
    ProcedureVersion,
    ProcedureWithdrawn,
)
from contracts.values import AgencyCode, Calendar, ProcedureKey


def registered(event: AgencyRegistered) -> Put:
    """Copy an agency."""
    return Put(
        "agencies", {"code": event.agency.code}, {"body": event.agency.model_dump(mode="json")}
    )


def published(event: ProcedurePublished) -> Put:
    """Copy a version of a procedure, with its forms."""
    version = event.procedure
    key = {"key": version.key, "version": version.version}
    body = version.model_dump(mode="json")
    return Put("procedures", key, {"body": body, "published_at": event.at})


def withdrawn(event: ProcedureWithdrawn) -> Put:
    """Remember that a procedure takes no new dossiers."""
    return Put("procedures_withdrawn", {"key": event.key}, {"at": event.at})


def declared(event: HolidaysDeclared) -> Put:
    """Copy a year's days off and worked Saturdays."""
    days = [day.model_dump(mode="json") for day in event.days]
    return Put("calendar_years", {"year": event.year}, {"days": days})


class Copies:
    """Asks the copies."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool

    async def procedure(
        self, key: ProcedureKey, version: int | None = None
    ) -> ProcedureVersion | None:
        """Give a version of a procedure; without a number the newest, if it still
        takes dossiers.
        """
        body = await self._pool.fetchval(
            "select body from procedures p where key = $1 and ($2::int is null or version = $2) "
            "and ($2::int is not null or not exists "
            "(select from procedures_withdrawn w where w.key = p.key and w.at > p.published_at)) "
            "order by version desc limit 1",
            key,
            version,
        )
        return None if body is None else ProcedureVersion.model_validate_json(body)

    async def agency(self, code: AgencyCode) -> Agency | None:
        """Give an agency."""
        body = await self._pool.fetchval("select body from agencies where code = $1", code)
        return None if body is None else Agency.model_validate_json(body)

    async def calendar(self) -> Calendar:
        """Give the working time of the province's agencies, with all days declared so far."""
        rows = await self._pool.fetch("select days from calendar_years")
        days = [
            CalendarDay.model_validate(day) for row in rows for day in orjson.loads(row["days"])
        ]
        return Calendar(
            days_off=frozenset(day.date for day in days if not day.working),
            extra_working_days=frozenset(day.date for day in days if day.working),
        )
