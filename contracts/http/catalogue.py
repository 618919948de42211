"""What is said to the catalogue over HTTP: lists people search, changes administrators make."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from contracts.catalogue import Agency, CalendarDay, ProcedureVersion
from contracts.http.asked import Request
from contracts.values import AgencyCode, Dong

Code = Annotated[AgencyCode, Field(pattern=r"^[A-Z0-9]{1,4}(\.[A-Z0-9]{1,4}){0,9}$", max_length=35)]
Name = Annotated[str, Field(min_length=1, max_length=300)]


class AgencyEntry(Agency, Request):
    """An agency's whole entry."""

    code: Code
    name_vi: Name
    name_en: Name
    parent: Code | None = None
    successor: Code | None = None


class ProcedureEntry(ProcedureVersion, Request):
    """A procedure as it is to be published; its number is given by the catalogue."""

    version: int = Field(1, ge=0, le=10**6)


class Amount(Request):
    """A fee set by the province, in đồng."""

    amount: Dong


class Succession(Request):
    """Who follows an agency, and its last day."""

    successor: Code
    ends: date


class DeclaredDays(Request):
    """A year's days off and worked Saturdays."""

    days: list[CalendarDay] = Field(max_length=366)


class ListedProcedure(BaseModel):
    """A procedure in a list."""

    key: str
    newest: int
    code: str | None
    name_vi: str
    name_en: str
    sector: str
    sector_vi: str
    sector_en: str
    level: int
    open: bool


class ProcedurePage(BaseModel):
    """A page of procedures, and how many were found in all."""

    found: int
    procedures: list[ListedProcedure]


class ListedSector(BaseModel):
    """A field of administration, and how many open procedures it has."""

    key: str
    name_vi: str
    name_en: str
    procedures: int


class AgencyPage(BaseModel):
    """A page of agencies, and how many were found in all."""

    found: int
    agencies: list[Agency]
