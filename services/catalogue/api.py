"""HTTP in: everybody reads the published catalogue, administrators change it. No rules here."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth import Administrator, Anyone
from chassis.command_handling import Accepted
from chassis.forms import json_schema
from chassis.idempotency import Cause, Seen
from chassis.problems import Problem
from contracts.catalogue import Agency, AgencyKind, CalendarDay, ProcedureVersion
from contracts.form_definition import FormDefinition
from contracts.values import AgencyCode, Dong, ProcedureKey

from .agency import RegisterAgency, SucceedAgency, agency_id
from .calendar import DeclareHolidays, year_id
from .checking import check_version
from .publishing import PublishProcedure, SetFee, WithdrawProcedure, procedure_id
from .queries import AgencyPage, ListedSector, ProcedurePage, Queries
from .streams import Streams

Words = Annotated[str, Query(max_length=100, description="words, with or without accents")]
Limit = Annotated[int, Query(ge=1, le=300)]
Offset = Annotated[int, Query(ge=0, le=100_000)]
Key = Annotated[str, Path(max_length=200)]
Code = Annotated[str, Path(max_length=40)]
Year = Annotated[int, Path(ge=2000, le=2100)]


class Amount(BaseModel):
    """A fee set by the province, in đồng."""

    model_config = ConfigDict(extra="forbid")

    amount: Dong


class Succession(BaseModel):
    """Who follows an agency, and its last day."""

    model_config = ConfigDict(extra="forbid")

    successor: str = Field(max_length=40)
    ends: date


class DeclaredDays(BaseModel):
    """A year's days off and worked Saturdays."""

    model_config = ConfigDict(extra="forbid")

    days: list[CalendarDay] = Field(max_length=366)


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
        key: Key, version: Annotated[int | None, Query(ge=1, le=10**6)] = None
    ) -> ProcedureVersion:
        """Show a procedure whole, in its newest version or the one asked for."""
        return _found(await queries.version(key, version))

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
    async def agency(code: Code) -> Agency:
        """Show an agency."""
        return _found(await queries.agency(code))

    @router.get("/calendar/{year}")
    async def calendar(year: Year) -> list[CalendarDay]:
        """List the days of a year that differ from the ordinary week."""
        return _found(await queries.days(year))

    return router


def changing(streams: Streams, now: Callable[[], datetime]) -> APIRouter:
    """What administrators change; each change carries the version they have seen."""
    router = APIRouter(tags=["administration"])

    @router.post("/agencies", status_code=201)
    async def register(administrator: Administrator, cause: Cause, agency: Agency) -> Accepted:
        """Register an agency, or replace its entry."""
        del administrator
        command = RegisterAgency(agency, at=now())
        return await streams.agencies.handle(agency_id(agency.code), command, cause)

    @router.post("/agencies/{code}/succession")
    async def succeed(
        administrator: Administrator, cause: Cause, seen: Seen, code: Code, body: Succession
    ) -> Accepted:
        """End an agency; its successor takes new dossiers."""
        del administrator
        command = SucceedAgency(AgencyCode(body.successor), body.ends, at=now())
        return await streams.agencies.handle(
            agency_id(AgencyCode(code)), command, cause, expected=seen
        )

    @router.post("/procedures", status_code=201)
    async def publish(
        administrator: Administrator, cause: Cause, version: ProcedureVersion
    ) -> Accepted:
        """Publish a version of a procedure; it gets the next number and never changes."""
        del administrator
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


def _found(thing: Any) -> Any:
    if thing is None:
        raise Problem(404, "not-found")
    return thing


async def _form(queries: Queries, key: str, code: str) -> FormDefinition:
    version = _found(await queries.version(key, None))
    return _found(next((form for form in version.forms if form.code == code), None))
