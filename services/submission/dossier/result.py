"""The result: signed, numbered and issued, in the usual way or at once at the desk; recalled."""

from typing import assert_never

from contracts.submission import Outcome, ResultIssued, ResultRecalled, Step
from contracts.values import DeliveryStatus, FeeTiming, LimitUnit, Status
from services.submission.deadlines import overdue

from .commands import CompleteAtDesk, IssueResult, Reason, RecallResult, Resulting
from .events import ResultFileStored
from .evolve import evolve
from .examination import at_step, grounded
from .grounds import because, by_officer, explained
from .money import fall_due
from .refusals import FourEyes, NotSameDay, OnItsWay
from .state import Dossier, DossierEvent


def decide_result(command: Resulting, dossier: Dossier) -> list[DossierEvent]:
    """Answer who issues a result, and who recalls one."""
    match command:
        case IssueResult():
            return _sign(command, dossier)
        case CompleteAtDesk():
            return _complete(command, dossier)
        case RecallResult():
            return _recall(command, dossier)
        case _:
            assert_never(command)


def _sign(command: IssueResult, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.PROCESSING)
    at_step(dossier, Step.SIGN)
    if command.officer == dossier.proposer:
        raise FourEyes
    return _issue(command, dossier, dossier.proposed, Reason())


def _complete(command: CompleteAtDesk, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.RECEIVED)
    if dossier.terms.limit.unit is not LimitUnit.SAME_DAY:
        raise NotSameDay
    if command.officer == dossier.received_by:
        raise FourEyes
    grounded(command.outcome, command.reason)
    return _issue(command, dossier, command.outcome, command.reason)


def _issue(
    command: IssueResult | CompleteAtDesk, dossier: Dossier, outcome: Outcome, reason: Reason
) -> list[DossierEvent]:
    """Issue a result; a fee that is paid with it is owed for what was granted only."""
    issued = ResultIssued(
        dossier_id=dossier.filed.dossier_id,
        officer=command.officer,
        outcome=outcome,
        number=command.number,
        file_id=command.file.file_id,
        sha256=command.file.sha256,
        in_time=not overdue(dossier.terms.limit, dossier.due, command.at),
        at=command.at,
    )
    events = [ResultFileStored(personal=command.file), *because(reason, issued)]
    if outcome is Outcome.REJECTED:
        return events
    return [*events, *fall_due(evolve(dossier, issued), FeeTiming.RESULT, command.at)]


def _recall(command: RecallResult, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.COMPLETED)
    if dossier.delivery is DeliveryStatus.POSTED:
        raise OnItsWay(dossier.tracking)
    explained(command.reason)
    recalled = ResultRecalled(
        dossier_id=dossier.filed.dossier_id, officer=command.officer, at=command.at
    )
    return because(command.reason, recalled)
