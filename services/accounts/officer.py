"""An officer's appointment: a person may act for an agency in desk roles, until relieved. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.changes import Put
from chassis.decider import Decider, Forbidden, Refusal
from contracts.accounts import OfficerAppointed, OfficerRelieved
from contracts.values import AgencyCode, AppointmentId, DeskRole, PersonId


@dataclass(frozen=True)
class Appoint:
    """Let a person act for an agency; `kinds` is what their account may be used as."""

    appointment_id: AppointmentId
    by: PersonId
    person_id: PersonId
    kinds: frozenset[str]
    agency: AgencyCode
    roles: frozenset[DeskRole]
    at: datetime


@dataclass(frozen=True)
class Relieve:
    """End an appointment."""

    at: datetime


AppointmentCommand = Appoint | Relieve
AppointmentEvent = OfficerAppointed | OfficerRelieved


@dataclass(frozen=True)
class Appointment:
    """What later decisions read of an appointment."""

    appointed: OfficerAppointed | None = None
    relieved: bool = False


class NoSuchAppointment(Refusal):
    """Không có phân công này. | There is no such appointment."""

    status = 404


class NotStaff(Refusal):
    """Người này chưa có tài khoản cán bộ; hãy mời trước. |
    This person has no staff account; invite them first.
    """


class OwnAppointment(Forbidden):
    """Không ai tự phân công cho mình; hãy nhờ quản trị viên khác. |
    Nobody appoints themselves; ask another administrator.
    """


def decide(command: AppointmentCommand, appointment: Appointment) -> list[AppointmentEvent]:
    """Appoint staff, by somebody else; relieve once."""
    match command:
        case Appoint() if appointment.appointed is not None:
            return []
        case Appoint(by=by, person_id=person) if by == person:
            raise OwnAppointment
        case Appoint(kinds=kinds) if "staff" not in kinds:
            raise NotStaff
        case Appoint():
            roles = tuple(role for role in DeskRole if role in command.roles)
            return [
                OfficerAppointed(
                    appointment_id=command.appointment_id,
                    person_id=command.person_id,
                    agency=command.agency,
                    roles=roles,
                    at=command.at,
                )
            ]
        case Relieve(at):
            held = appointment.appointed
            if held is None:
                raise NoSuchAppointment
            if appointment.relieved:
                return []
            return [
                OfficerRelieved(
                    appointment_id=held.appointment_id,
                    person_id=held.person_id,
                    agency=held.agency,
                    at=at,
                )
            ]


def evolve(appointment: Appointment, event: AppointmentEvent) -> Appointment:
    """Remember what was given, and that it ended."""
    match event:
        case OfficerAppointed():
            return Appointment(appointed=event)
        case OfficerRelieved():
            return replace(appointment, relieved=True)


decider = Decider[AppointmentCommand, Appointment, AppointmentEvent](
    "appointment", Appointment(), decide, evolve, (OfficerAppointed, OfficerRelieved)
)


def row(events: Sequence[Any]) -> Put:
    """Write the appointment into the same table that other services copy it into."""
    given: OfficerAppointed = events[0]
    until = events[-1].at if isinstance(events[-1], OfficerRelieved) else None
    values = {
        "person_id": given.person_id,
        "agency": given.agency,
        "roles": [role.value for role in given.roles],
        "since": given.at,
        "until": until,
    }
    return Put("appointments", {"appointment_id": given.appointment_id}, values)
