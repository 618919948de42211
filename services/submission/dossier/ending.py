"""Endings without a result: withdrawn by the applicant, stopped by law; going on after all; erased.

Before intake an applicant withdraws at once; afterwards the agency decides.
"""

from datetime import datetime
from typing import assert_never

from contracts.submission import (
    PersonalDataErased,
    ProcessingResumed,
    ProcessingStopped,
    WithdrawalDecided,
    WithdrawalRequested,
)
from contracts.values import Calendar, PersonId, Status

from .commands import (
    CancelWithdrawal,
    DecideWithdrawal,
    EraseDossier,
    Reason,
    RequestWithdrawal,
    ResumeProcessing,
    Stopping,
    StopProcessing,
    Withdrawing,
)
from .deadlines_kept import due_after_standing
from .events import ReasonRecorded
from .grounds import at_stage, because, by_applicant, by_officer, explained, lawful
from .refusals import NotPossibleNow
from .state import ENDED, RUNNING, Dossier, DossierEvent

WITHDRAWABLE = RUNNING | {Status.SUBMITTED, Status.SUPPLEMENT_REQUIRED, Status.PAYMENT_REQUIRED}


def decide_withdrawal(command: Withdrawing, dossier: Dossier) -> list[DossierEvent]:
    """Answer applicants who want their dossier back, and the agency that lets it go or not."""
    match command:
        case RequestWithdrawal():
            return _withdraw(command, dossier)
        case CancelWithdrawal(person, calendar, at):
            by_applicant(person, dossier, Status.WITHDRAWAL_REQUESTED)
            return [_go_on(None, dossier, calendar, at)]
        case DecideWithdrawal():
            return _decide(command, dossier)
        case _:
            assert_never(command)


def decide_stopping(command: Stopping, dossier: Dossier) -> list[DossierEvent]:
    """Answer who stops a dossier, goes on with it, or erases it."""
    match command:
        case StopProcessing():
            return _stop(command, dossier)
        case ResumeProcessing():
            return _resume(command, dossier)
        case EraseDossier():
            return _erase(command, dossier)
        case _:
            assert_never(command)


def _withdraw(command: RequestWithdrawal, dossier: Dossier) -> list[DossierEvent]:
    by_applicant(command.person, dossier, *WITHDRAWABLE)
    requested = WithdrawalRequested(dossier_id=dossier.filed.dossier_id, at=command.at)
    events = because(command.reason, requested)
    received = dossier.clock.due is not None
    return events if received else [*events, _let_go(None, dossier, command.at)]


def _decide(command: DecideWithdrawal, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.WITHDRAWAL_REQUESTED)
    if command.accepted:
        return because(command.reason, _let_go(command.officer, dossier, command.at))
    explained(command.reason)
    kept = _go_on(command.officer, dossier, command.calendar, command.at)
    return because(command.reason, kept)


def _let_go(officer: PersonId | None, dossier: Dossier, at: datetime) -> WithdrawalDecided:
    return WithdrawalDecided(
        dossier_id=dossier.filed.dossier_id,
        officer=officer,
        accepted=True,
        to=Status.STOPPED,
        due=None,
        at=at,
    )


def _go_on(
    officer: PersonId | None, dossier: Dossier, calendar: Calendar, at: datetime
) -> WithdrawalDecided:
    """Go on where the dossier was; a clock that ran there runs again."""
    ran = dossier.before in RUNNING
    return WithdrawalDecided(
        dossier_id=dossier.filed.dossier_id,
        officer=officer,
        accepted=False,
        to=dossier.before,
        due=due_after_standing(dossier, at, calendar) if ran else None,
        at=at,
    )


def _stop(command: StopProcessing, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, *RUNNING)
    explained(command.reason)
    lawful(command.reason)
    stopped = ProcessingStopped(
        dossier_id=dossier.filed.dossier_id,
        officer=command.officer,
        law=command.reason.law,
        at=command.at,
    )
    return because(command.reason, stopped)


def _resume(command: ResumeProcessing, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.STOPPED)
    if not dossier.resumable:
        raise NotPossibleNow(dossier.status.name)
    explained(command.reason)
    resumed = ProcessingResumed(
        dossier_id=dossier.filed.dossier_id,
        officer=command.officer,
        due=due_after_standing(dossier, command.at, command.calendar),
        at=command.at,
    )
    return because(command.reason, resumed)


def _erase(command: EraseDossier, dossier: Dossier) -> list[DossierEvent]:
    at_stage(dossier, *ENDED, Status.RETURNED)
    if dossier.erased:
        return []
    lawful(Reason(law=command.law))
    erased = PersonalDataErased(dossier_id=dossier.filed.dossier_id, at=command.at)
    reason = ReasonRecorded(
        about=erased.wire_name, law=command.law, ground=command.ground, personal=None
    )
    return [reason, erased]
