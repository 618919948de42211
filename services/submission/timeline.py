"""A dossier's timeline as data: who did what, when, why, by which law, and where it led. Pure.

Words come from the personal parts of the log; once destroyed they read "đã xóa | erased".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, assert_never
from uuid import UUID

from contracts.http.dossiers import Names
from contracts.submission import SupplementRequested
from contracts.values import AgencyName, PaymentStatus, PersonId, Status

from .dossier import Dossier, DossierEvent, evolve
from .dossier.events import Answer, Filing, Paper, ReasonRecorded, Receiver, Words
from .dossier.state import ENDED, RUNNING, Noted
from .sentences import sentence
from .words import ERASURE

ERASED = "đã xóa | erased"


@dataclass(frozen=True)
class Happened:
    """An event as the log holds it; `actor` is `<kind>:<id>` from its metadata."""

    event: DossierEvent
    actor: str
    recorded_at: datetime
    version: int
    position: int


class ClockHand(StrEnum):
    """What the clock does."""

    NOT_BEGUN = "not-begun"
    RUNS = "runs"
    STANDS = "stands"
    DONE = "done"


@dataclass(frozen=True)
class Who:
    """Who acted: an applicant, an officer of an agency's desk, or the platform itself."""

    kind: Literal["applicant", "officer", "system"]
    person: PersonId | None = None
    desk: AgencyName | None = None


@dataclass(frozen=True)
class Entry:
    """One line: what happened, and how status, due date, clock and money stood after it.

    `given` names what came with it: papers, answers, the receiver.
    """

    version: int
    position: int
    at: datetime
    type: str
    what: Names
    who: Who
    status: Status
    due: datetime | None
    clock: ClockHand
    payment: PaymentStatus
    why: str = ""
    law: str = ""
    items: Mapping[str, str] = field(default_factory=dict[str, str])
    given: Sequence[str] = ()


def timeline(log: Iterable[Happened], start: Dossier | None = None) -> list[Entry]:
    """Tell a dossier's history, from its first event or from what came before."""
    return list(_tell(log, start or Dossier()))


def _tell(log: Iterable[Happened], dossier: Dossier) -> Iterator[Entry]:
    noted: list[Noted] = []
    for happened in log:
        dossier = evolve(dossier, happened.event)
        if isinstance(happened.event, Noted):
            noted.append(happened.event)
            continue
        yield _entry(happened, noted, dossier)
        noted = []


def _entry(happened: Happened, noted: Sequence[Noted], after: Dossier) -> Entry:
    event = happened.event
    assert not isinstance(event, Noted)
    reason = next((one for one in noted if isinstance(one, ReasonRecorded)), None)
    return Entry(
        version=happened.version,
        position=happened.position,
        at=happened.recorded_at,
        type=event.wire_name,
        what=sentence(event),
        who=_who(happened, after),
        status=after.status,
        due=after.clock.due,
        clock=_clock(after),
        payment=after.payment,
        why=_words(reason),
        law=reason.law if reason else "",
        items=_items(event, reason),
        given=[name for one in noted for name in _given(one)],
    )


def _who(happened: Happened, dossier: Dossier) -> Who:
    """Give the officer the event names; else whoever sent the command."""
    kind, _, name = happened.actor.partition(":")
    desk = dossier.filed_as.terms.receiving if dossier.filed_as else None
    officer: PersonId | None = getattr(happened.event, "officer", None)
    if officer is not None:
        return Who("officer", officer, desk)
    if kind in ("citizen", "organisation"):
        return Who("applicant", PersonId(UUID(name)))
    return Who("system")


def _clock(dossier: Dossier) -> ClockHand:
    if dossier.status in RUNNING:
        return ClockHand.RUNS
    if dossier.status in ENDED | {Status.COMPLETED, Status.RETURNED}:
        return ClockHand.DONE
    return ClockHand.NOT_BEGUN if dossier.clock.due is None else ClockHand.STANDS


def _words(reason: ReasonRecorded | None) -> str:
    if reason is None:
        return ""
    if reason.ground:
        return ERASURE[reason.ground]
    return reason.personal.words if reason.personal else ERASED


def _items(event: DossierEvent, reason: ReasonRecorded | None) -> Mapping[str, str]:
    """Give why each item was asked for; the items themselves are not personal and stay."""
    if not isinstance(event, SupplementRequested) or reason is None:
        return {}
    said = reason.personal.items if reason.personal else {}
    missing = "" if reason.personal else ERASED
    return {item: said.get(item, missing) for item in event.items}


def _given(noted: Noted) -> Sequence[str]:
    match noted.personal:
        case None:
            return () if isinstance(noted, ReasonRecorded) else (ERASED,)
        case Words():
            return ()
        case Filing(form=form, papers=papers):
            return [*filter(None, [form]), *(paper.name for paper in papers)]
        case Answer(fields=fields, papers=papers):
            return [*fields, *(paper.name for paper in papers)]
        case Paper(name=name):
            return (name,)
        case Receiver(name=name, authorisation=authorisation):
            return [*filter(None, [name, authorisation])]
        case _:
            assert_never(noted.personal)
