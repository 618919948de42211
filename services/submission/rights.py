"""Who may do what with a dossier: desk role × stage × own or not. Pure.

Doors ask before, queries ask to show what can be done next. What may happen at all is the decider's
to say; nobody handles a dossier of their own, whatever their role.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.submission import Step
from contracts.values import DeskRole, Status

Roles = frozenset[DeskRole]

NOBODY: Roles = frozenset()
INTAKE: Roles = frozenset({DeskRole.INTAKE})
SPECIALIST: Roles = frozenset({DeskRole.SPECIALIST})
APPROVER: Roles = frozenset({DeskRole.APPROVER})
CLERK: Roles = frozenset({DeskRole.CLERK})


class Action(StrEnum):
    """What an officer can do with a dossier."""

    RECEIVE = "receive"
    REFUSE_INTAKE = "refuse-intake"
    DECIDE_EXEMPTION = "decide-exemption"
    REQUEST_SUPPLEMENT = "request-supplement"
    FORWARD = "forward"
    COMPLETE_AT_DESK = "complete-at-desk"
    HAND_OVER_TO_OFFICER = "hand-over-to-officer"
    FINISH_EXAMINATION = "finish-examination"
    PROPOSE = "propose"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    ISSUE_RESULT = "issue-result"
    EXTEND = "extend"
    STOP = "stop"
    RESUME = "resume"
    DECIDE_WITHDRAWAL = "decide-withdrawal"
    RECALL_RESULT = "recall-result"
    HAND_OVER_RESULT = "hand-over-result"
    POST_RESULT = "post-result"
    CONFIRM_DELIVERY = "confirm-delivery"


TURN: Mapping[Step, DeskRole] = {
    Step.EXAMINE: DeskRole.SPECIALIST,
    Step.PROPOSE: DeskRole.SPECIALIST,
    Step.APPROVE: DeskRole.APPROVER,
    Step.SIGN: DeskRole.CLERK,
}
"""Whose turn it is at each step of processing."""

_DESK: Mapping[Status, Mapping[Action, Roles]] = {
    Status.SUBMITTED: {
        Action.RECEIVE: INTAKE,
        Action.REFUSE_INTAKE: INTAKE,
        Action.DECIDE_EXEMPTION: INTAKE,
        Action.REQUEST_SUPPLEMENT: INTAKE | APPROVER,
    },
    Status.RECEIVED: {
        Action.FORWARD: INTAKE | APPROVER,
        Action.COMPLETE_AT_DESK: APPROVER,
        Action.EXTEND: APPROVER,
        Action.STOP: APPROVER,
    },
    Status.PROCESSING: {Action.EXTEND: APPROVER, Action.STOP: APPROVER},
    Status.WITHDRAWAL_REQUESTED: {Action.DECIDE_WITHDRAWAL: INTAKE | APPROVER},
    Status.STOPPED: {Action.RESUME: APPROVER},
    Status.COMPLETED: {
        Action.RECALL_RESULT: APPROVER,
        Action.HAND_OVER_RESULT: INTAKE | CLERK,
        Action.POST_RESULT: INTAKE | CLERK,
        Action.CONFIRM_DELIVERY: INTAKE | CLERK,
    },
}

_SPECIALISTS: Mapping[Action, Roles] = {
    Action.REQUEST_SUPPLEMENT: SPECIALIST | APPROVER,
    Action.HAND_OVER_TO_OFFICER: SPECIALIST | APPROVER,
}

_STEPS: Mapping[Step, Mapping[Action, Roles]] = {
    Step.EXAMINE: {**_SPECIALISTS, Action.FINISH_EXAMINATION: SPECIALIST},
    Step.PROPOSE: {**_SPECIALISTS, Action.PROPOSE: SPECIALIST, Action.SEND_BACK: SPECIALIST},
    Step.APPROVE: {Action.APPROVE: APPROVER, Action.SEND_BACK: APPROVER},
    Step.SIGN: {Action.ISSUE_RESULT: CLERK | APPROVER, Action.SEND_BACK: CLERK | APPROVER},
}


@dataclass(frozen=True)
class Place:
    """Where a dossier stands for one officer; `own` where they are its applicant or submitter."""

    status: Status
    step: Step = Step.EXAMINE
    own: bool = False


def actions(roles: Roles, place: Place) -> frozenset[Action]:
    """List what somebody with these roles at the dossier's agency may do with it now."""
    if place.own:
        return frozenset()
    return frozenset(action for action, needed in _open(place).items() if needed & roles)


def lacks_role(action: Action, roles: Roles, place: Place) -> bool:
    """Tell whether a door must turn the officer away: their roles are not those it takes.

    Where the stage is wrong for everybody any role for the action will do, and the decider says so.
    """
    return not roles & (_open(place).get(action) or _ever(action))


def may_read(roles: Roles) -> bool:
    """Tell whether an officer may read form and papers: a cashier sees number, fee and status."""
    return bool(roles - {DeskRole.CASHIER})


def waiting_for(status: Status, step: Step) -> DeskRole | None:
    """Tell whose turn it is at the agency; None while it is the applicant's, or nobody's."""
    match status:
        case Status.PROCESSING:
            return TURN[step]
        case Status.SUBMITTED | Status.RECEIVED | Status.WITHDRAWAL_REQUESTED | Status.COMPLETED:
            return DeskRole.INTAKE
        case _:
            return None


def _open(place: Place) -> Mapping[Action, Roles]:
    here = _DESK.get(place.status, {})
    return {**here, **_STEPS[place.step]} if place.status is Status.PROCESSING else here


def _ever(action: Action) -> Roles:
    stages = [*_DESK.values(), *_STEPS.values()]
    return NOBODY.union(*(stage.get(action, NOBODY) for stage in stages))
