"""Own events to the one read table: a dossier's row is its history. Pure; no rules here."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any, cast

from chassis.changes import Put
from chassis.projecting import ReadModel
from contracts.event import Event
from contracts.submission import (
    DossierLapsed,
    DossierReceived,
    DossierSubmitted,
    IntakeRefused,
    ProcessingStopped,
    ResultHandedOver,
    ResultIssued,
    ResultRecalled,
    WithdrawalDecided,
)
from contracts.values import Status, SynchronisationStatus

from .deadlines import late_from
from .dossier import Dossier, DossierEvent, evolve
from .dossier.deadlines_kept import WAITING
from .dossier.state import ENDED, RUNNING, Filed
from .rights import waiting_for

_MOMENTS = ("code", "received_at", "issued_at", "ended_at", "result_file")
_ENDINGS = (IntakeRefused, ProcessingStopped, WithdrawalDecided, DossierLapsed, ResultHandedOver)


def dossier_row(history: Sequence[Event]) -> Sequence[Put]:
    """Give the row of a dossier's history; none where only money came for one that never was."""
    dossier = reduce(evolve, cast("Sequence[DossierEvent]", history), Dossier())
    if dossier.filed_as is None:
        return ()
    key = {"dossier_id": dossier.filed.dossier_id}
    values = _filed(dossier.filed) | _standing(dossier) | _clock(dossier) | _moments(history)
    ended = values["ended_at"] if dossier.status in {*ENDED, Status.RETURNED} else None
    return (Put("dossiers", key, {"version": len(history), **values, "ended_at": ended}),)


def _filed(filed: Filed) -> dict[str, Any]:
    terms = filed.terms
    return {
        "reference": filed.reference,
        "applicant": filed.applicant,
        "submitter": filed.submitter,
        "procedure": terms.procedure,
        "procedure_version": terms.procedure_version,
        "name_vi": terms.name_vi,
        "name_en": terms.name_en,
        "receiving": terms.receiving.code,
        "agency_vi": terms.receiving.name_vi,
        "agency_en": terms.receiving.name_en,
        "channel": filed.channel,
        "limit_value": terms.limit.value,
        "limit_unit": terms.limit.unit,
    }


def _standing(dossier: Dossier) -> dict[str, Any]:
    return {
        "status": dossier.status,
        "status_since": dossier.since,
        "step": dossier.step,
        "payment": dossier.payment,
        "delivery": dossier.delivery,
        "synchronisation": SynchronisationStatus.NOT_SENT,
        "amount": dossier.fee.amount,
        "turn": waiting_for(dossier.status, dossier.step),
        "specialist": dossier.specialist,
        "outcome": dossier.outcome,
    }


def _clock(dossier: Dossier) -> dict[str, Any]:
    return {
        "due": dossier.clock.due,
        "late_from": _late_from(dossier),
        "warned_for": dossier.clock.warned_for,
        "missed": dossier.clock.missed,
        "lapses_at": _lapses_at(dossier),
    }


def _late_from(dossier: Dossier) -> datetime | None:
    due = dossier.clock.due
    return late_from(dossier.terms.limit, due) if due and dossier.status in RUNNING else None


def _lapses_at(dossier: Dossier) -> datetime | None:
    """Give when waiting for the applicant ends."""
    match dossier.status:
        case Status.SUPPLEMENT_REQUIRED:
            until = dossier.asked.answer_by if dossier.asked else None
        case Status.PAYMENT_REQUIRED:
            until = dossier.fee.pay_by
        case _:
            until = None
    return late_from(WAITING, until) if until else None


def _moments(history: Sequence[Event]) -> dict[str, Any]:
    moments: dict[str, Any] = dict.fromkeys(_MOMENTS)
    for event in history:
        match event:
            case DossierSubmitted(at=at):
                moments["submitted_at"] = at
            case DossierReceived(at=at, code=code):
                moments |= {"received_at": at, "code": code}
            case ResultIssued(at=at, file_id=file_id):
                moments |= {"issued_at": at, "result_file": file_id}
            case ResultRecalled():
                moments |= {"issued_at": None, "result_file": None}
            case _ if isinstance(event, _ENDINGS):
                moments["ended_at"] = event.at
            case _:
                pass
        moments["changed_at"] = getattr(event, "at", moments.get("changed_at"))
    return moments


dossiers = ReadModel("dossiers", "dossier", dossier_row)
