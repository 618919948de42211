"""The desk while a dossier is processed: each route is one officer's decision, made on the version
they have seen.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from chassis.auth import Officer
from chassis.command_handling import Accepted
from chassis.idempotency import Cause, Seen
from contracts.http.submission import (
    Decision,
    Extension,
    Findings,
    HandingOver,
    Proposal,
    Reason,
    SendingBack,
)
from services.submission.desk import Desk
from services.submission.dossier import commands as do
from services.submission.drafting import Dossiers
from services.submission.rights import Action

from .sights import Sights, approves


def examination(
    dossiers: Dossiers, desk: Desk, sights: Sights, now: Callable[[], datetime]
) -> APIRouter:
    """Examine, propose, approve, send back, extend, stop, resume."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["examination"])

    @router.post("/handing-over")
    async def hand_over(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: HandingOver
    ) -> Accepted:
        """Pass a dossier to another specialist, or back to all of them."""
        view = await sights.at_desk(officer, dossier_id, Action.HAND_OVER_TO_OFFICER)
        to = await sights.specialist(view, body.to_officer)
        reason = do.Reason(body.reason, body.law)
        approver = approves(officer, view)
        command = do.HandOverDossier(officer.person_id, to, now(), reason, approver)
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/examination")
    async def examine(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Findings
    ) -> Accepted:
        """Finish the examination, with what was found."""
        await sights.at_desk(officer, dossier_id, Action.FINISH_EXAMINATION)
        reason = do.Reason(body.findings, body.law)
        command = do.FinishExamination(officer.person_id, now(), reason)
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/proposal")
    async def propose(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Proposal
    ) -> Accepted:
        """Lay an outcome before the approvers; rejecting needs words and law."""
        await sights.at_desk(officer, dossier_id, Action.PROPOSE)
        reason = do.Reason(body.reason, body.law)
        command = do.ProposeOutcome(officer.person_id, body.outcome, now(), reason)
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/approval")
    async def approve(officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID) -> Accepted:
        """Approve what somebody else proposed."""
        await sights.at_desk(officer, dossier_id, Action.APPROVE)
        command = do.ApproveOutcome(officer.person_id, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/sending-back")
    async def send_back(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: SendingBack
    ) -> Accepted:
        """Return a dossier to an earlier step, with a reason."""
        await sights.at_desk(officer, dossier_id, Action.SEND_BACK)
        command = do.SendBack(officer.person_id, body.step, do.Reason(body.reason, body.law), now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/extension")
    async def extend(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Extension
    ) -> Accepted:
        """Extend the time limit, once, at least a day before it ends, with an apology."""
        await sights.at_desk(officer, dossier_id, Action.EXTEND)
        calendar = await desk.calendar()
        command = do.ExtendDeadline(
            officer.person_id, body.due, do.Reason(body.reason, body.law), calendar, now()
        )
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/stop")
    async def stop(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Reason
    ) -> Accepted:
        """End processing for a legal reason."""
        await sights.at_desk(officer, dossier_id, Action.STOP)
        command = do.StopProcessing(officer.person_id, do.Reason(body.reason, body.law), now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/resumption")
    async def resume(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Reason
    ) -> Accepted:
        """Go on with a stopped dossier."""
        await sights.at_desk(officer, dossier_id, Action.RESUME)
        calendar = await desk.calendar()
        command = do.ResumeProcessing(
            officer.person_id, do.Reason(body.reason, body.law), calendar, now()
        )
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/withdrawal/decision")
    async def decide_withdrawal(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Decision
    ) -> Accepted:
        """Let a dossier go, or say why not."""
        await sights.at_desk(officer, dossier_id, Action.DECIDE_WITHDRAWAL)
        calendar, reason = await desk.calendar(), do.Reason(body.reason, body.law)
        command = do.DecideWithdrawal(officer.person_id, body.accepted, reason, calendar, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    return router
