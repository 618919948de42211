"""The account of a person, from the proof of their address: kinds granted, details corrected.

One person has one account and one id, whatever they are here: a citizen who also works at a desk
is granted that kind beside the other, and stays the same person when it comes to dossiers.
Pure. What is personal lies in the personal part of private events.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, cast, get_args

from chassis.changes import Put
from chassis.decider import Decider, Refusal
from contracts.accounts import AccountRegistered, ContactVerified
from contracts.event import Event
from contracts.values import PersonId, Value

PersonKind = Literal["citizen", "staff", "administrator", "auditor"]
ErasureGround = Literal["asked-for", "kept-long-enough", "ordered"]


class PersonalDetails(Value):
    """What is known of a person."""

    full_name: str
    email: str
    phone: str | None = None
    id_number: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    id_issued_on: date | None = None
    id_issued_by: str | None = None
    residence: dict[str, str | None] | None = None
    language: Literal["vi", "en"] = "vi"


class DetailsTaken(Event, named="accounts.details-taken.v1"):
    """The person told who they are."""

    person_id: PersonId
    personal: PersonalDetails | None
    at: datetime


class DetailsCorrected(Event, named="accounts.details-corrected.v1"):
    """The person told it anew."""

    person_id: PersonId
    personal: PersonalDetails | None
    at: datetime


class KindGranted(Event, named="accounts.kind-granted.v1"):
    """The account may be used as this kind."""

    person_id: PersonId
    kind: PersonKind
    at: datetime


class PersonForgotten(Event, named="accounts.person-forgotten.v1"):
    """What was personal about the person was destroyed; ground and law name nobody."""

    person_id: PersonId
    ground: ErasureGround
    law: str
    at: datetime


@dataclass(frozen=True)
class Register:
    """Open the account of a person; `proven` says whether their address is known to be theirs."""

    person_id: PersonId
    kind: PersonKind
    details: PersonalDetails = field(repr=False)
    proven: bool
    at: datetime


@dataclass(frozen=True)
class GrantKind:
    """Let an account that exists be used as another kind too."""

    kind: PersonKind
    at: datetime


@dataclass(frozen=True)
class RecordAddressProven:
    """The code that was mailed to the address came back."""

    at: datetime


@dataclass(frozen=True)
class CorrectDetails:
    """Replace what is known of the person; the proven address stays as it is."""

    details: PersonalDetails = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class ForgetPerson:
    """Destroy what is personal about a person."""

    ground: ErasureGround
    law: str
    at: datetime


PersonCommand = Register | GrantKind | RecordAddressProven | CorrectDetails | ForgetPerson
PersonEvent = (
    DetailsTaken
    | DetailsCorrected
    | KindGranted
    | AccountRegistered
    | ContactVerified
    | PersonForgotten
)


@dataclass(frozen=True)
class Person:
    """What later decisions read of an account."""

    person_id: PersonId | None = None
    kinds: frozenset[str] = frozenset()
    proven: bool = False
    details: PersonalDetails | None = field(default=None, repr=False)
    forgotten: bool = False


class NoSuchPerson(Refusal):
    """Không có tài khoản này. | There is no such account."""

    status = 404


class WorksHere(Refusal):
    """Người này làm việc tại đây; lịch sử hồ sơ cần biết ai đã quyết định. |
    This person works here; histories must tell who decided.
    """


class LawMissing(Refusal):
    """Hãy nêu căn cứ pháp luật. | Name the law this rests on."""


def decide(command: PersonCommand, person: Person) -> list[PersonEvent]:
    """Open an account once; grant, prove and correct what is new."""
    match command:
        case Register(id_, kind, details, proven, at) if person.person_id is None:
            told = DetailsTaken(person_id=id_, personal=details, at=at)
            return [told, *_granted(id_, kind, at), *(_proven(id_, at) if proven else [])]
        case Register():
            return []
        case _ if person.person_id is None:
            raise NoSuchPerson
        case ForgetPerson():
            return _forget(command, person, person.person_id)
        case _ if person.forgotten:
            raise NoSuchPerson
        case GrantKind(kind) if kind in person.kinds:
            return []
        case GrantKind(kind, at):
            return _granted(person.person_id, kind, at)
        case RecordAddressProven(at):
            return [] if person.proven else _proven(person.person_id, at)
        case CorrectDetails(details, at):
            told = DetailsCorrected(person_id=person.person_id, personal=details, at=at)
            return [] if details == person.details else [told]


def _forget(command: ForgetPerson, person: Person, id_: PersonId) -> list[PersonEvent]:
    if person.forgotten:
        return []
    if person.kinds - {"citizen"}:
        raise WorksHere
    if not command.law.strip():
        raise LawMissing
    forgotten = PersonForgotten(
        person_id=id_, ground=command.ground, law=command.law, at=command.at
    )
    return [forgotten]


def _granted(person: PersonId, kind: PersonKind, at: datetime) -> list[PersonEvent]:
    granted = KindGranted(person_id=person, kind=kind, at=at)
    if kind == "citizen" or kind == "staff":
        return [granted, AccountRegistered(person_id=person, kind=kind, at=at)]
    return [granted]


def _proven(person: PersonId, at: datetime) -> list[PersonEvent]:
    return [ContactVerified(person_id=person, contact="email", at=at)]


def evolve(person: Person, event: PersonEvent) -> Person:
    """Remember who it is and what the account may be used as."""
    match event:
        case DetailsTaken() | DetailsCorrected():
            return replace(person, person_id=event.person_id, details=event.personal)
        case KindGranted():
            return replace(person, kinds=person.kinds | {event.kind})
        case ContactVerified():
            return replace(person, proven=True)
        case AccountRegistered():
            return person
        case PersonForgotten():
            return replace(person, details=None, forgotten=True)


decider = Decider[PersonCommand, Person, PersonEvent](
    "person",
    Person(),
    decide,
    evolve,
    get_args(PersonEvent),
)


def row(events: Sequence[Any]) -> Put:
    """Write the account as it now is; what was erased is empty."""
    first = cast("PersonEvent", events[0])
    forgotten = any(isinstance(event, PersonForgotten) for event in events)
    last = [e for e in events if isinstance(e, DetailsTaken | DetailsCorrected)][-1]
    told = None if forgotten else last.personal
    values = {
        "kinds": [event.kind for event in events if isinstance(event, KindGranted)],
        "verified": not forgotten and any(isinstance(e, ContactVerified) for e in events),
        "registered_at": first.at,
        "email": told.email if told else None,
        "phone": told.phone if told else None,
        "id_number": told.id_number if told else None,
        "details": told.model_dump(mode="json") if told else None,
        "version": len(events),
    }
    return Put("persons", {"person_id": first.person_id}, values)
