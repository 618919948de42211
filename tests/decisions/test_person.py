"""Accounts of persons: what registering, granting, proving and correcting lead to."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from chassis.testing import Spec
from contracts.accounts import AccountRegistered, ContactVerified
from contracts.values import PersonId
from services.accounts.person import (
    CorrectDetails,
    DetailsCorrected,
    DetailsTaken,
    ForgetPerson,
    GrantKind,
    KindGranted,
    LawMissing,
    NoSuchPerson,
    PersonalDetails,
    PersonForgotten,
    RecordAddressProven,
    Register,
    WorksHere,
    decider,
    row,
)

given = Spec(decider)
NOON = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)
AN = PersonId(UUID(int=1))
TOLD = PersonalDetails(full_name="Nguyễn Văn An", email="an@example.vn", phone="0912345678")
MOVED = TOLD.model_copy(update={"residence": {"province": "Hải Phòng"}})

TAKEN = DetailsTaken(person_id=AN, personal=TOLD, at=NOON)
CITIZEN = KindGranted(person_id=AN, kind="citizen", at=NOON)
STAFF = KindGranted(person_id=AN, kind="staff", at=NOON)
AUDITOR = KindGranted(person_id=AN, kind="auditor", at=NOON)
CITIZEN_HERE = AccountRegistered(person_id=AN, kind="citizen", at=NOON)
STAFF_HERE = AccountRegistered(person_id=AN, kind="staff", at=NOON)
PROVEN = ContactVerified(person_id=AN, contact="email", at=NOON)
REGISTERED = (TAKEN, CITIZEN, CITIZEN_HERE, PROVEN)


def test_a_citizen_who_proved_the_address_has_an_account() -> None:
    given().when(Register(AN, "citizen", TOLD, proven=True, at=NOON)).then(*REGISTERED)


def test_staff_have_an_account_before_they_prove_their_address() -> None:
    register = Register(AN, "staff", TOLD, proven=False, at=NOON)
    given().when(register).then(TAKEN, STAFF, STAFF_HERE)
    given(TAKEN, STAFF, STAFF_HERE).when(RecordAddressProven(NOON)).then(PROVEN)


def test_other_services_are_told_of_citizens_and_staff_alone() -> None:
    given(*REGISTERED).when(GrantKind("auditor", NOON)).then(AUDITOR)
    given(*REGISTERED).when(GrantKind("staff", NOON)).then(STAFF, STAFF_HERE)


def test_the_same_again_changes_nothing() -> None:
    for command in (
        Register(AN, "citizen", TOLD, proven=True, at=NOON),
        GrantKind("citizen", NOON),
        RecordAddressProven(NOON),
        CorrectDetails(TOLD, NOON),
    ):
        given(*REGISTERED).when(command).then()


def test_nothing_is_granted_proven_or_corrected_of_nobody() -> None:
    for command in (
        GrantKind("staff", NOON),
        RecordAddressProven(NOON),
        CorrectDetails(TOLD, NOON),
    ):
        given().when(command).then_refused(NoSuchPerson)


def test_a_correction_takes_the_place_of_what_was_told() -> None:
    corrected = DetailsCorrected(person_id=AN, personal=MOVED, at=NOON)
    given(*REGISTERED).when(CorrectDetails(MOVED, NOON)).then(corrected)
    values = row([*REGISTERED, corrected]).values
    assert values["details"]["residence"] == {"province": "Hải Phòng"}
    assert values["version"] == 5


def test_an_erased_person_is_an_account_without_anything_personal() -> None:
    erased = [TAKEN.model_copy(update={"personal": None}), CITIZEN, CITIZEN_HERE, PROVEN]
    values = row(erased).values
    assert values["kinds"] == ["citizen"]
    assert [values[name] for name in ("email", "phone", "id_number", "details")] == [None] * 4


FORGET = ForgetPerson("asked-for", "Luật Bảo vệ dữ liệu cá nhân 2025, Điều 14", NOON)
FORGOTTEN = PersonForgotten(person_id=AN, ground=FORGET.ground, law=FORGET.law, at=NOON)


def test_a_person_is_forgotten_once_and_then_is_nobody() -> None:
    given(*REGISTERED).when(FORGET).then(FORGOTTEN)
    given(*REGISTERED, FORGOTTEN).when(FORGET).then()
    given(*REGISTERED, FORGOTTEN).when(CorrectDetails(MOVED, NOON)).then_refused(NoSuchPerson)
    given().when(FORGET).then_refused(NoSuchPerson)
    given(*REGISTERED).when(replace(FORGET, law=" ")).then_refused(LawMissing)


def test_who_works_here_is_not_forgotten() -> None:
    given(*REGISTERED, STAFF, STAFF_HERE).when(FORGET).then_refused(WorksHere)


def test_the_row_of_a_forgotten_person_is_empty_with_the_key_and_without() -> None:
    with_key, without = TAKEN, TAKEN.model_copy(update={"personal": None})
    rows = [row([told, *REGISTERED[1:], FORGOTTEN]).row() for told in (with_key, without)]
    assert rows[0] == rows[1]
    assert not rows[0]["verified"] and rows[0]["email"] is rows[0]["details"] is None
