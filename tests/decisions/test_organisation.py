"""Organisations: registered and corrected by their representative alone."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.testing import Spec
from contracts.accounts import AccountRegistered
from contracts.values import PersonId
from services.accounts.organisation import (
    CorrectParticulars,
    NoSuchOrganisation,
    OrganisationParticulars,
    ParticularsTold,
    RegisterOrganisation,
    TaxCodeStays,
    decider,
    organisation_id,
    row,
)

given = Spec(decider)
NOON = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)
AN, BINH = PersonId(UUID(int=1)), PersonId(UUID(int=2))
TOLD = OrganisationParticulars(name="Công ty Cây Cau", tax_code="0801234567")
MOVED = TOLD.model_copy(update={"address": "Thôn Đông, xã Bình Lãng"})
SHOP = organisation_id(AN, TOLD.tax_code)

FIRST = ParticularsTold(organisation_id=SHOP, representative=AN, personal=TOLD, at=NOON)
HERE = AccountRegistered(person_id=PersonId(SHOP), kind="organisation", at=NOON)
REGISTERED = (FIRST, HERE)


def test_whoever_registers_an_organisation_represents_it() -> None:
    register = RegisterOrganisation(SHOP, AN, TOLD, NOON)
    given().when(register).then(*REGISTERED)
    given(*REGISTERED).when(register).then()


def test_nobody_takes_a_tax_code_from_others_by_being_first() -> None:
    assert organisation_id(AN, TOLD.tax_code) != organisation_id(BINH, TOLD.tax_code)


def test_its_representative_alone_corrects_it() -> None:
    again = FIRST.model_copy(update={"personal": MOVED})
    given(*REGISTERED).when(CorrectParticulars(AN, MOVED, NOON)).then(again)
    given(*REGISTERED).when(CorrectParticulars(AN, TOLD, NOON)).then()
    given(*REGISTERED).when(CorrectParticulars(BINH, MOVED, NOON)).then_refused(NoSuchOrganisation)
    given().when(CorrectParticulars(AN, MOVED, NOON)).then_refused(NoSuchOrganisation)


def test_its_tax_code_stays() -> None:
    other = TOLD.model_copy(update={"tax_code": "0807654321"})
    given(*REGISTERED).when(CorrectParticulars(AN, other, NOON)).then_refused(TaxCodeStays)


def test_an_erased_organisation_has_nothing_personal() -> None:
    assert row([FIRST.model_copy(update={"personal": None}), HERE]).values["particulars"] is None
