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


AT_HAND = 50
"""Versions of procedures that a process keeps as they were read: what few hundred people are at."""

_DAYS = "array(select days from calendar_years order by year)"


class Copies:
    """Asks the copies."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool
        self._versions: dict[tuple[ProcedureKey, int], ProcedureVersion] = {}
        self._days, self._calendar = list[str](), Calendar()

    async def procedure(
        self, key: ProcedureKey, version: int | None = None
    ) -> ProcedureVersion | None:
        """Give a version of a procedure; without a number the newest, if it still
        takes dossiers.
        """
        number = await self._in_force(key) if version is None else version
        return None if number is None else await self._version(key, number)

    async def _in_force(self, key: ProcedureKey) -> int | None:
        return await self._pool.fetchval(
            "select version from procedures p where key = $1 and not exists "
            "(select from procedures_withdrawn w where w.key = p.key and w.at > p.published_at) "
            "order by version desc limit 1",
            key,
        )

    async def _version(self, key: ProcedureKey, number: int) -> ProcedureVersion | None:
        """Read a version once: what was published under a number never changes."""
        if found := self._versions.get((key, number)):
            return found
        body = await self._pool.fetchval(
            "select body from procedures where key = $1 and version = $2", key, number
        )
        if body is None:
            return None
        if len(self._versions) >= AT_HAND:
            del self._versions[next(iter(self._versions))]
        read = self._versions[key, number] = ProcedureVersion.model_validate_json(body)
        return read

    async def agency(self, code: AgencyCode) -> tuple[Agency, Calendar] | None:
        """Give an agency, and the working time it keeps."""
        row = await self._pool.fetchrow(
            f"select body, {_DAYS} as days from agencies where code = $1", code
        )
        if row is None:
            return None
        return Agency.model_validate_json(row["body"]), self._calendar_of(row["days"])

    async def calendar(self) -> Calendar:
        """Give the working time of the province's agencies, with all days declared so far."""
        return self._calendar_of(await self._pool.fetchval(f"select {_DAYS}"))

    def _calendar_of(self, years: list[str]) -> Calendar:
        """Read the days anew only where they are others than those read last."""
        if years != self._days:
            self._days, self._calendar = years, _read_calendar(years)
        return self._calendar


def _read_calendar(years: list[str]) -> Calendar:
    days = [CalendarDay.model_validate(day) for year in years for day in orjson.loads(year)]
    return Calendar(
        days_off=frozenset(day.date for day in days if not day.working),
        extra_working_days=frozenset(day.date for day in days if day.working),
    )
