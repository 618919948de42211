"""An agency and its place in the tree: registered, replaced, succeeded by another. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from chassis.changes import Put
from chassis.decider import Decider, Refusal
from contracts.catalogue import Agency, AgencyRegistered, AgencySucceeded
from contracts.values import AgencyCode

from .search import fold

_NAMESPACE = UUID("6f1c8f0e-0d0a-5a57-9b0e-3f6f6d0c1a01")


def agency_id(code: AgencyCode) -> UUID:
    """Give the id of an agency's stream: the same for ever, made from its code."""
    return uuid5(_NAMESPACE, code)


@dataclass(frozen=True)
class RegisterAgency:
    """Register an agency, or replace its entry."""

    agency: Agency
    at: datetime


@dataclass(frozen=True)
class SucceedAgency:
    """End an agency on a day and name who takes new dossiers from then on."""

    successor: AgencyCode
    ends: date
    at: datetime


AgencyCommand = RegisterAgency | SucceedAgency
AgencyEvent = AgencyRegistered | AgencySucceeded


class UnknownAgency(Refusal):
    """Không có cơ quan này trong danh mục. | There is no such agency in the catalogue."""

    status = 404


class OwnSuccessor(Refusal):
    """Một cơ quan không thể kế thừa chính mình; hãy chọn cơ quan khác. |
    An agency cannot succeed itself; choose another.
    """


def decide(command: AgencyCommand, agency: Agency | None) -> list[AgencyEvent]:
    """Register what is new or different; succeed what exists."""
    match command, agency:
        case RegisterAgency(entry, at), _:
            return [] if entry == agency else [AgencyRegistered(agency=entry, at=at)]
        case SucceedAgency(), None:
            raise UnknownAgency
        case SucceedAgency(successor, ends, at), Agency():
            return _succeed(agency, successor, ends, at)


def _succeed(agency: Agency, successor: AgencyCode, ends: date, at: datetime) -> list[AgencyEvent]:
    if successor == agency.code:
        raise OwnSuccessor(successor)
    if (successor, ends) == (agency.successor, agency.valid_until):
        return []
    ended = agency.model_copy(update={"valid_until": ends, "successor": successor})
    return [
        AgencySucceeded(code=agency.code, successor=successor, at=at),
        AgencyRegistered(agency=ended, at=at),
    ]


def evolve(agency: Agency | None, event: AgencyEvent) -> Agency | None:
    """Remember the entry."""
    match event:
        case AgencyRegistered():
            return event.agency
        case AgencySucceeded():
            return agency


decider = Decider[AgencyCommand, Agency | None, AgencyEvent](
    "agency", None, decide, evolve, (AgencyRegistered, AgencySucceeded)
)


def row(events: Sequence[Any]) -> Put:
    """Write the agency as it now is."""
    latest = [event for event in events if isinstance(event, AgencyRegistered)][-1].agency
    values = {
        "kind": latest.kind,
        "parent": latest.parent,
        "body": latest.model_dump(mode="json"),
        "folded": fold(latest.name_vi),
        "version": len(events),
    }
    return Put("agencies", {"code": latest.code}, values)
