"""Appointments: given to staff by somebody else, ended once."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from chassis.testing import Spec
from contracts.accounts import OfficerAppointed, OfficerRelieved
from contracts.values import AgencyCode, AppointmentId, DeskRole, PersonId
from services.accounts.officer import (
    Appoint,
    NoSuchAppointment,
    NotStaff,
    OwnAppointment,
    Relieve,
    decider,
    row,
)

given = Spec(decider)
NOON = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)
CHIEF, MAI = PersonId(UUID(int=1)), PersonId(UUID(int=2))
DESK = AppointmentId(UUID(int=3))
BINH_LANG = AgencyCode("H23.39.02")
APPOINT = Appoint(
    appointment_id=DESK,
    by=CHIEF,
    person_id=MAI,
    kinds=frozenset({"citizen", "staff"}),
    agency=BINH_LANG,
    roles=frozenset({DeskRole.CASHIER, DeskRole.INTAKE}),
    at=NOON,
)
APPOINTED = OfficerAppointed(
    appointment_id=DESK,
    person_id=MAI,
    agency=BINH_LANG,
    roles=(DeskRole.INTAKE, DeskRole.CASHIER),
    at=NOON,
)
RELIEVED = OfficerRelieved(appointment_id=DESK, person_id=MAI, agency=BINH_LANG, at=NOON)


def test_staff_are_appointed_with_their_desk_roles() -> None:
    given().when(APPOINT).then(APPOINTED)
    given(APPOINTED).when(APPOINT).then()


def test_nobody_appoints_themselves() -> None:
    given().when(replace(APPOINT, by=MAI)).then_refused(OwnAppointment)


def test_who_does_not_work_here_is_not_appointed() -> None:
    given().when(replace(APPOINT, kinds=frozenset({"citizen"}))).then_refused(NotStaff)


def test_an_appointment_ends_once() -> None:
    given(APPOINTED).when(Relieve(NOON)).then(RELIEVED)
    given(APPOINTED, RELIEVED).when(Relieve(NOON)).then()
    given().when(Relieve(NOON)).then_refused(NoSuchAppointment)


def test_its_row_is_the_one_that_other_services_copy() -> None:
    assert row([APPOINTED]).values["until"] is None
    assert row([APPOINTED, RELIEVED]).values["until"] == NOON
    assert row([APPOINTED]).values["roles"] == ["intake", "cashier"]
