"""HTTP in: everybody reads the published catalogue, administrators change it. No rules here."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Response

from chassis.auth import Administrator, Anyone
from chassis.command_handling import Accepted
from chassis.forms import json_schema
from chassis.idempotency import Cause, Seen
from chassis.problems import Problem
from contracts.catalogue import Agency, AgencyKind, CalendarDay, ProcedureVersion
from contracts.form_definition import FormDefinition
from contracts.http.catalogue import (
    AgencyEntry,
    AgencyPage,
    Amount,
    DeclaredDays,
    ListedSector,
    ProcedureEntry,
    ProcedurePage,
    Succession,
)
from contracts.values import AgencyCode, ProcedureKey

from .agency import RegisterAgency, SucceedAgency, UnknownAgency, agency_id
from .calendar import DeclareHolidays, year_id
from .checking import check_version
from .publishing import PublishProcedure, SetFee, WithdrawProcedure, procedure_id
from .queries import Queries
from .streams import Streams

ThingT = TypeVar("ThingT")
Words = Annotated[str, Query(max_length=100, description="words, with or without accents")]
Limit = Annotated[int, Query(ge=1, le=300)]
Offset = Annotated[int, Query(ge=0, le=100_000)]
Key = Annotated[str, Path(max_length=200)]
Code = Annotated[str, Path(max_length=40)]
Year = Annotated[int, Path(ge=2000, le=2100)]


def reading(queries: Queries) -> APIRouter:
    """What everybody may read."""
    router = APIRouter(tags=["catalogue"], dependencies=[Anyone])

    @router.get("/procedures")
    async def procedures(
        q: Words = "",
        sector: Annotated[str | None, Query(max_length=60)] = None,
        level: Annotated[int | None, Query(ge=1, le=4)] = None,
        agency_level: AgencyKind | None = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> ProcedurePage:
        """Search open procedures: "khai sinh", "khaisinh" and "dang ky khai sinh" find the same."""
        return await queries.search(q, sector, level, agency_level, (limit, offset))

    @router.get("/sectors")
    async def sectors() -> list[ListedSector]:
        """List the fields of administration."""
        return await queries.sectors()

    @router.get("/procedures/{key}")
    async def procedure(
        key: Key, response: Response, version: Annotated[int | None, Query(ge=1, le=10**6)] = None
    ) -> ProcedureVersion:
        """Show a procedure whole, in its newest version or the one asked for.

        Its ETag is what the next change sends as If-Match.
        """
        return _stamped(response, await queries.version(key, version))

    @router.get("/procedures/{key}/forms/{code}")
    async def form(key: Key, code: Code) -> FormDefinition:
        """Give a form's definition."""
        return await _form(queries, key, code)

    @router.get("/procedures/{key}/forms/{code}/schema")
    async def form_schema(key: Key, code: Code) -> dict[str, Any]:
        """Give the JSON Schema that a filled form keeps to."""
        return json_schema(await _form(queries, key, code))

    @router.get("/agencies")
    async def agencies(
        q: Words = "",
        kind: AgencyKind | None = None,
        parent: Annotated[str | None, Query(max_length=40)] = None,
        limit: Limit = 300,
        offset: Offset = 0,
    ) -> AgencyPage:
        """List agencies."""
        return await queries.agencies(q, kind, parent, (limit, offset))

    @router.get("/agencies/{code}")
    async def agency(code: Code, response: Response) -> Agency:
        """Show an agency. Its ETag is what the next change sends as If-Match."""
        return _stamped(response, await queries.agency(code))

    @router.get("/calendar/{year}")
    async def calendar(year: Year) -> list[CalendarDay]:
        """List the days of a year that differ from the ordinary week."""
        days = await queries.days(year)
        if days is None:
            raise Problem(404, "not-found")
        return days

    return router


def changing(streams: Streams, queries: Queries, now: Callable[[], datetime]) -> APIRouter:
    """What administrators change; each change carries the version they have seen."""
    router = APIRouter(tags=["administration"])

    @router.post("/agencies", status_code=201)
    async def register(administrator: Administrator, cause: Cause, entry: AgencyEntry) -> Accepted:
        """Register an agency, or replace its entry."""
        del administrator
        await _known(queries, entry.parent, entry.successor)
        agency = Agency.model_validate(entry.model_dump())
        command = RegisterAgency(agency, at=now())
        return await streams.agencies.handle(agency_id(agency.code), command, cause)

    @router.post("/agencies/{code}/succession")
    async def succeed(
        administrator: Administrator, cause: Cause, seen: Seen, code: Code, body: Succession
    ) -> Accepted:
        """End an agency; its successor takes new dossiers."""
        del administrator
        await _known(queries, body.successor)
        command = SucceedAgency(body.successor, body.ends, at=now())
        return await streams.agencies.handle(
            agency_id(AgencyCode(code)), command, cause, expected=seen
        )

    @router.post("/procedures", status_code=201)
    async def publish(
        administrator: Administrator, cause: Cause, entry: ProcedureEntry
    ) -> Accepted:
        """Publish a version of a procedure; it gets the next number and never changes."""
        del administrator
        version = ProcedureVersion.model_validate(entry.model_dump())
        if wrong := check_version(version):
            faults = [{"path": fault.where, "vi": fault.vi, "en": fault.en} for fault in wrong]
            raise Problem(422, "procedure-not-sound", errors=faults)
        command = PublishProcedure(version, at=now())
        return await streams.procedures.handle(procedure_id(version.key), command, cause)

    @router.post("/procedures/{key}/fee")
    async def set_fee(
        administrator: Administrator, cause: Cause, seen: Seen, key: Key, body: Amount
    ) -> Accepted:
        """Set a fee that the law leaves to the province; earlier dossiers owe what they owed."""
        del administrator
        command = SetFee(body.amount, at=now())
        return await streams.procedures.handle(
            procedure_id(ProcedureKey(key)), command, cause, expected=seen
        )

    @router.post("/procedures/{key}/withdrawal")
    async def withdraw(
        administrator: Administrator, cause: Cause, seen: Seen, key: Key
    ) -> Accepted:
        """Take no new dossiers of a procedure."""
        del administrator
        command = WithdrawProcedure(at=now())
        return await streams.procedures.handle(
            procedure_id(ProcedureKey(key)), command, cause, expected=seen
        )

    @router.post("/calendar/{year}")
    async def declare(
        administrator: Administrator, cause: Cause, year: Year, body: DeclaredDays
    ) -> Accepted:
        """Declare a year's days, in place of what was declared before."""
        del administrator
        command = DeclareHolidays(year, tuple(body.days), at=now())
        return await streams.years.handle(year_id(year), command, cause)

    return router


def _stamped(response: Response, found: tuple[ThingT, int] | None) -> ThingT:
    """Give what was found, and in a header the version of its stream."""
    if found is None:
        raise Problem(404, "not-found")
    thing, seen = found
    response.headers["etag"] = f'"{seen}"'
    return thing


async def _form(queries: Queries, key: str, code: str) -> FormDefinition:
    found = await queries.version(key, None)
    for form in found[0].forms if found else ():
        if form.code == code:
            return form
    raise Problem(404, "not-found")


async def _known(queries: Queries, *codes: AgencyCode | None) -> None:
    """Refuse the name of an agency that is not in the catalogue."""
    for code in codes:
        if code and await queries.agency(code) is None:
            raise UnknownAgency(code)
