"""Examination: from the desk through examining, proposing and approving, and back where needed.

The one who proposes never approves, and nobody works on a dossier of their own.
"""

from collections.abc import Sequence
from typing import assert_never

from contracts.submission import (
    DossierForwarded,
    Outcome,
    ResultApproved,
    Step,
    StepCompleted,
    StepSentBack,
)
from contracts.values import DeskRole, PersonId, Status
from services.submission.rights import TURN

from .commands import (
    ApproveOutcome,
    Examining,
    FinishExamination,
    ForwardDossier,
    HandOverDossier,
    ProposeOutcome,
    Reason,
    SendBack,
)
from .grounds import because, by_officer, explained, lawful, strangers
from .refusals import (
    AssignedToAnother,
    FourEyes,
    HeldAlready,
    NotAnEarlierStep,
    NotPossibleNow,
)
from .state import Dossier, DossierEvent

STEPS: Sequence[Step] = tuple(Step)


def decide_examination(command: Examining, dossier: Dossier) -> list[DossierEvent]:
    """Answer officers who work on a dossier."""
    if isinstance(command, ForwardDossier):
        return _forward(command, dossier)
    by_officer(command.officer, dossier, Status.PROCESSING)
    match command:
        case HandOverDossier():
            return _hand_over(command, dossier)
        case FinishExamination():
            return _finish(command, dossier)
        case ProposeOutcome():
            return _propose(command, dossier)
        case ApproveOutcome():
            return _approve(command, dossier)
        case SendBack():
            return _send_back(command, dossier)
        case _:
            assert_never(command)


def at_step(dossier: Dossier, *steps: Step) -> None:
    """Go on only at these steps."""
    if dossier.step not in steps:
        raise NotPossibleNow(dossier.step.value)


def under_examination(dossier: Dossier) -> None:
    """Go on only while the specialists have the dossier."""
    at_step(dossier, Step.EXAMINE, Step.PROPOSE)


def held_by(officer: PersonId, dossier: Dossier) -> None:
    """Go on only if the dossier is with this officer, or with no one in particular."""
    if dossier.specialist not in (None, officer):
        raise AssignedToAnother


def grounded(outcome: Outcome, reason: Reason) -> None:
    """Reject only with words and law."""
    if outcome is Outcome.REJECTED:
        explained(reason)
        lawful(reason)


def _forward(command: ForwardDossier, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.RECEIVED)
    strangers(dossier, command.to_officer)
    return [_forwarded(command, dossier)]


def _forwarded(command: ForwardDossier | HandOverDossier, dossier: Dossier) -> DossierForwarded:
    return DossierForwarded(
        dossier_id=dossier.filed.dossier_id,
        officer=command.officer,
        to_officer=command.to_officer,
        to_role=DeskRole.SPECIALIST,
        at=command.at,
    )


def _hand_over(command: HandOverDossier, dossier: Dossier) -> list[DossierEvent]:
    under_examination(dossier)
    strangers(dossier, command.to_officer)
    if not command.as_approver:
        held_by(command.officer, dossier)
    if command.to_officer == dossier.specialist:
        raise HeldAlready
    return because(command.reason, _forwarded(command, dossier))


def _finish(command: FinishExamination, dossier: Dossier) -> list[DossierEvent]:
    at_step(dossier, Step.EXAMINE)
    held_by(command.officer, dossier)
    return because(command.reason, _completed(command, dossier))


def _propose(command: ProposeOutcome, dossier: Dossier) -> list[DossierEvent]:
    at_step(dossier, Step.PROPOSE)
    held_by(command.officer, dossier)
    grounded(command.outcome, command.reason)
    return because(command.reason, _completed(command, dossier))


def _completed(command: FinishExamination | ProposeOutcome, dossier: Dossier) -> StepCompleted:
    return StepCompleted(
        dossier_id=dossier.filed.dossier_id,
        step=dossier.step,
        officer=command.officer,
        to_role=TURN[STEPS[STEPS.index(dossier.step) + 1]],
        outcome=command.outcome if isinstance(command, ProposeOutcome) else None,
        at=command.at,
    )


def _approve(command: ApproveOutcome, dossier: Dossier) -> list[DossierEvent]:
    at_step(dossier, Step.APPROVE)
    if command.officer == dossier.proposer:
        raise FourEyes
    return [
        ResultApproved(
            dossier_id=dossier.filed.dossier_id,
            officer=command.officer,
            outcome=dossier.proposed,
            at=command.at,
        )
    ]


def _send_back(command: SendBack, dossier: Dossier) -> list[DossierEvent]:
    if STEPS.index(command.step) >= STEPS.index(dossier.step):
        raise NotAnEarlierStep(dossier.step.value)
    explained(command.reason)
    if dossier.step is Step.PROPOSE:
        held_by(command.officer, dossier)
    sent_back = StepSentBack(
        dossier_id=dossier.filed.dossier_id,
        step=command.step,
        officer=command.officer,
        to_role=TURN[command.step],
        at=command.at,
    )
    return because(command.reason, sent_back)
