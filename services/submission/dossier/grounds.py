"""What every decision about a dossier asks first: who acts, at which stage, and why."""

from collections.abc import Mapping

from contracts.values import PersonId, Status

from .commands import Reason
from .events import ReasonRecorded, Words
from .refusals import LawMissing, NotPossibleNow, NotYourDossier, OwnDossier, ReasonMissing
from .state import Dossier, DossierEvent


def by_officer(officer: PersonId, dossier: Dossier, *stages: Status) -> None:
    """Let an officer decide at these stages, on a dossier that is not their own."""
    strangers(dossier, officer)
    at_stage(dossier, *stages)


def by_applicant(person: PersonId, dossier: Dossier, *stages: Status) -> None:
    """Let the people whose dossier it is act at these stages."""
    if person not in dossier.people:
        raise NotYourDossier
    at_stage(dossier, *stages)


def at_stage(dossier: Dossier, *stages: Status) -> None:
    """Go on only at these stages."""
    if dossier.status not in stages:
        raise NotPossibleNow(dossier.status.name)


def strangers(dossier: Dossier, *officers: PersonId | None) -> None:
    """Go on only with officers whose dossier it is not."""
    if not dossier.people.isdisjoint(officers):
        raise OwnDossier


def explained(reason: Reason) -> None:
    """Go on only with words that say why."""
    if not reason.words.strip():
        raise ReasonMissing


def lawful(reason: Reason) -> None:
    """Go on only with a law that this rests on."""
    if not reason.law.strip():
        raise LawMissing


def because(
    reason: Reason, event: DossierEvent, items: Mapping[str, str] | None = None
) -> list[DossierEvent]:
    """Put the reason before the event it is for; where nobody gave one, the event stands alone."""
    if not (reason.words or reason.law or items):
        return [event]
    words = Words(words=reason.words, items=dict(items or {}))
    return [ReasonRecorded(about=event.wire_name, law=reason.law, personal=words), event]
