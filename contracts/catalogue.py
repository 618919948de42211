"""What the catalogue publishes: agencies, procedures with all their versions, and days off."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from .event import Event
from .form_definition import FormDefinition
from .values import (
    AgencyCode,
    Component,
    FeeRule,
    ProcedureKey,
    ResultChannel,
    SupplementClock,
    TimeLimit,
    Value,
)


class AgencyKind(StrEnum):
    """The level of an agency. Districts ended on 2025-07-01 and receive nothing."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Agency(Value):
    """A unit of the state with its place in the tree; `valid_until` None means without end."""

    code: AgencyCode
    name_vi: str
    name_en: str
    kind: AgencyKind
    parent: AgencyCode | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    successor: AgencyCode | None = None


class ProcedureVersion(Value):
    """One immutable published version of a procedure: everything a citizen or a
    dossier is held to.
    """

    key: ProcedureKey
    version: int
    code: str | None = None
    name_vi: str
    name_en: str
    synonyms: tuple[str, ...] = ()
    sector: str
    sector_vi: str
    sector_en: str
    level: Literal[1, 2, 3, 4]
    full_process: bool
    partial_reason: str = ""
    agency_level: AgencyKind = AgencyKind.COMMUNE
    legal_basis: tuple[str, ...] = ()
    limit: TimeLimit
    supplement_clock: SupplementClock = SupplementClock.RESTART
    supplement_days: int = 30
    fee: FeeRule
    components: tuple[Component, ...]
    forms: tuple[FormDefinition, ...] = ()
    channels: tuple[ResultChannel, ...]
    eligible: tuple[Literal["citizen", "organisation"], ...]
    result_vi: str
    result_en: str
    source: str = ""
    confidence: Literal["sourced", "memory"] = "memory"


class CalendarDay(Value):
    """A date that differs from the ordinary week: a day off, or a Saturday that is worked."""

    date: date
    working: bool
    kind: str
    name_vi: str
    name_en: str
    announced: bool = True


class AgencyRegistered(Event, named="catalogue.agency-registered.v1"):
    """An agency exists, or its entry was replaced by this one."""

    agency: Agency
    at: datetime


class AgencySucceeded(Event, named="catalogue.agency-succeeded.v1"):
    """An agency ended; its successor takes new dossiers."""

    code: AgencyCode
    successor: AgencyCode
    at: datetime


class ProcedurePublished(Event, named="catalogue.procedure-published.v1"):
    """A version of a procedure is in force for new dossiers, whole and for ever unchanged."""

    procedure: ProcedureVersion
    at: datetime


class ProcedureWithdrawn(Event, named="catalogue.procedure-withdrawn.v1"):
    """A procedure takes no new dossiers."""

    key: ProcedureKey
    at: datetime


class HolidaysDeclared(Event, named="catalogue.holidays-declared.v1"):
    """The days of one year that differ from the ordinary week; replaces what was declared for it
    before.
    """

    year: int
    days: tuple[CalendarDay, ...]
    at: datetime
