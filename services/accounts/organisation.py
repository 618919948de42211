"""An organisation and the person who acts for it. Pure.

Its id comes from who represents it and its tax code: the same person registers it once, and nobody
can take a code from others by being first, for a code alone proves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid5

from chassis.changes import Put
from chassis.decider import Decider, Refusal
from contracts.accounts import AccountRegistered
from contracts.event import Event
from contracts.values import OrganisationId, PersonId, Value


def organisation_id(representative: PersonId, tax_code: str) -> OrganisationId:
    """Give the id of an organisation as this person represents it."""
    return OrganisationId(uuid5(representative, tax_code))


class OrganisationParticulars(Value):
    """What is known of an organisation."""

    name: str
    tax_code: str
    phone: str | None = None
    address: str | None = None


class ParticularsTold(Event, named="accounts.particulars-told.v1"):
    """The representative told, or told anew, what the organisation is."""

    organisation_id: OrganisationId
    representative: PersonId
    personal: OrganisationParticulars | None
    at: datetime


@dataclass(frozen=True)
class RegisterOrganisation:
    """Register an organisation, represented by whoever asks."""

    organisation_id: OrganisationId
    representative: PersonId
    particulars: OrganisationParticulars
    at: datetime


@dataclass(frozen=True)
class CorrectParticulars:
    """Replace what is known of the organisation."""

    representative: PersonId
    particulars: OrganisationParticulars
    at: datetime


OrganisationCommand = RegisterOrganisation | CorrectParticulars
OrganisationEvent = ParticularsTold | AccountRegistered


@dataclass(frozen=True)
class Organisation:
    """What later decisions read of an organisation."""

    organisation_id: OrganisationId | None = None
    representative: PersonId | None = None
    particulars: OrganisationParticulars | None = None


class NoSuchOrganisation(Refusal):
    """Bạn không đại diện cho tổ chức này. | You represent no such organisation."""

    status = 404


class TaxCodeStays(Refusal):
    """Mã số thuế không đổi được; hãy đăng ký tổ chức khác. |
    A tax code cannot change; register another organisation.
    """


def decide(command: OrganisationCommand, organisation: Organisation) -> list[OrganisationEvent]:
    """Register once; let the representative alone correct."""
    match command:
        case RegisterOrganisation(id_, person, particulars, at):
            if organisation.organisation_id is not None:
                return []
            return [
                _told(id_, person, particulars, at),
                AccountRegistered(person_id=PersonId(id_), kind="organisation", at=at),
            ]
        case CorrectParticulars(person, particulars, at):
            id_, known = organisation.organisation_id, organisation.particulars
            if id_ is None or person != organisation.representative:
                raise NoSuchOrganisation
            if known is not None and particulars.tax_code != known.tax_code:
                raise TaxCodeStays
            return [] if particulars == known else [_told(id_, person, particulars, at)]


def _told(
    id_: OrganisationId, person: PersonId, particulars: OrganisationParticulars, at: datetime
) -> ParticularsTold:
    return ParticularsTold(organisation_id=id_, representative=person, personal=particulars, at=at)


def evolve(organisation: Organisation, event: OrganisationEvent) -> Organisation:
    """Remember whose it is and what it is."""
    match event:
        case ParticularsTold():
            return replace(
                organisation,
                organisation_id=event.organisation_id,
                representative=event.representative,
                particulars=event.personal,
            )
        case AccountRegistered():
            return organisation


decider = Decider[OrganisationCommand, Organisation, OrganisationEvent](
    "organisation", Organisation(), decide, evolve, (ParticularsTold, AccountRegistered)
)


def row(events: Sequence[Any]) -> Put:
    """Write the organisation as it now is; what was erased is empty."""
    last = [event for event in events if isinstance(event, ParticularsTold)][-1]
    known = last.personal
    values = {
        "representative": last.representative,
        "particulars": known.model_dump(mode="json") if known else None,
        "version": len(events),
    }
    return Put("organisations", {"organisation_id": last.organisation_id}, values)
