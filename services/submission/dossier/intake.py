"""Intake: the desk takes a dossier in, or does not, or decides whether anything is owed first."""

from functools import reduce
from typing import assert_never

from contracts.submission import DossierReceived, IntakeRefused
from contracts.values import FeeTiming, PaymentStatus, Status
from services.submission.deadlines import due_date
from services.submission.fees import Owing

from .commands import AtIntake, DecideExemption, ReceiveDossier, RefuseIntake
from .events import ExemptionDenied
from .evolve import evolve
from .grounds import because, by_officer, explained, lawful
from .money import count, due_at_submission, exempted, fall_due
from .refusals import ExemptionUndecided, NotPossibleNow
from .state import Dossier, DossierEvent


def decide_intake(command: AtIntake, dossier: Dossier) -> list[DossierEvent]:
    """Answer the officer at the desk."""
    by_officer(command.officer, dossier, Status.SUBMITTED)
    match command:
        case ReceiveDossier():
            return _receive(command, dossier)
        case RefuseIntake(officer, reason, at):
            explained(reason)
            refused = IntakeRefused(dossier_id=dossier.filed.dossier_id, officer=officer, at=at)
            return because(reason, refused)
        case DecideExemption():
            return _exemption(command, dossier)
        case _:
            assert_never(command)


def _receive(command: ReceiveDossier, dossier: Dossier) -> list[DossierEvent]:
    if dossier.fee.standing is PaymentStatus.EXEMPTION_CLAIMED:
        raise ExemptionUndecided
    received = DossierReceived(
        dossier_id=dossier.filed.dossier_id,
        code=command.code,
        officer=command.officer,
        due=due_date(dossier.terms.limit, command.at, command.calendar),
        at=command.at,
    )
    events = [received, *count(command.fee, dossier, command.at)]
    taken_in = reduce(evolve, events, dossier)
    return [*events, *fall_due(taken_in, FeeTiming.RECEIPT, command.at)]


def _exemption(command: DecideExemption, dossier: Dossier) -> list[DossierEvent]:
    if dossier.fee.standing is not PaymentStatus.EXEMPTION_CLAIMED:
        raise NotPossibleNow(dossier.status.name)
    reason, at = command.reason, command.at
    if command.granted:
        lawful(reason)
        return because(reason, exempted(dossier, reason.law, command.officer, at))
    explained(reason)
    by_page = dossier.terms.fee.per_page
    what = Owing.SET_AT_DESK if by_page else Owing.AMOUNT
    denied = ExemptionDenied(officer=command.officer, what=what, at=at)
    due = due_at_submission(evolve(dossier, denied), command.calendar, at)
    return [*because(reason, denied), *due]
