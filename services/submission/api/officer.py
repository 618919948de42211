"""The desk: each route is one officer's decision, made on the version they have seen."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from chassis.auth import Officer, OnDuty
from chassis.command_handling import Accepted, CommandHandler
from chassis.idempotency import Cause, Seen
from chassis.problems import Problem
from contracts.http.submission import (
    AtDeskResult,
    Decision,
    ExemptionDecision,
    Extension,
    Findings,
    Forwarding,
    HandingOver,
    HandOver,
    IssuedResult,
    Posting,
    Proposal,
    Reason,
    Receipt,
    SendingBack,
    SupplementRequest,
)
from contracts.values import AgencyCode, DeskRole, DossierId, FileId, PersonId

from ..codes import dossier_code
from ..deadlines import VIETNAM
from ..desk import Desk
from ..dossier import commands as do
from ..dossier.events import Paper, Receiver
from ..queries import DossierView, Queries
from ..rights import Action, Place, lacks_role

Dossiers = CommandHandler[Any, Any, Any]


class _Counter:
    """What every officer's route does first: find the dossier, and the right to act on it."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def dossier(self, officer: OnDuty, dossier_id: UUID, action: Action) -> DossierView:
        """Give the dossier the officer may act on; 404 at another agency, 403 without the role."""
        view = await self._queries.dossier(DossierId(dossier_id))
        roles = (
            officer.roles_at(AgencyCode(view.receiving_agency)) if view else frozenset[DeskRole]()
        )
        if view is None or not roles:
            raise Problem(404, "not-found")
        own = officer.person_id in (view.applicant, view.submitter)
        place = Place(view.place_status, view.place_step, own)
        if lacks_role(action, roles, place):
            raise Problem(403, "not-for-you")
        return view

    def approves(self, officer: OnDuty, view: DossierView) -> bool:
        """Tell whether the officer is an approver at the dossier's agency."""
        return DeskRole.APPROVER in officer.roles_at(AgencyCode(view.receiving_agency))


def intake(
    dossiers: Dossiers, desk: Desk, queries: Queries, now: Callable[[], datetime]
) -> APIRouter:
    """Receive, refuse, ask for supplements, decide exemptions, forward."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["intake"])
    counter = _Counter(queries)

    @router.post("/receipt", status_code=201)
    async def receive(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Receipt
    ) -> Accepted:
        """Take a dossier in: it gets its code (`number` of the answer) and its due date."""
        view = await counter.dossier(officer, dossier_id, Action.RECEIVE)
        at = now()
        calendar = await desk.calendar()
        agency, day = AgencyCode(view.receiving_agency), at.astimezone(VIETNAM).date()
        async with desk.numbers.draw(f"dossier {agency} {day:%y%m%d}") as drawn:
            code = dossier_code(agency, day, drawn.number)
            command = do.ReceiveDossier(officer.person_id, code, calendar, at, body.fee)
            accepted = await dossiers.handle(dossier_id, command, cause, expected=seen, number=code)
            drawn.used = accepted.number == code
        return accepted

    @router.post("/refusal")
    async def refuse(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Reason
    ) -> Accepted:
        """Do not take a dossier in; the reason is shown to the applicant."""
        await counter.dossier(officer, dossier_id, Action.REFUSE_INTAKE)
        command = do.RefuseIntake(officer.person_id, _reason(body), now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/exemption")
    async def exemption(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: ExemptionDecision
    ) -> Accepted:
        """Accept the claim that nothing is owed, or do not."""
        await counter.dossier(officer, dossier_id, Action.DECIDE_EXEMPTION)
        calendar = await desk.calendar()
        reason = do.Reason(body.reason, body.law)
        command = do.DecideExemption(officer.person_id, body.granted, reason, calendar, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/supplement-request")
    async def ask(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: SupplementRequest
    ) -> Accepted:
        """Ask, once and completely, for what is missing, item by item."""
        view = await counter.dossier(officer, dossier_id, Action.REQUEST_SUPPLEMENT)
        command = do.RequestSupplement(
            officer.person_id,
            {asked.item: asked.reason for asked in body.items},
            await desk.calendar(),
            now(),
            do.Reason(body.words, body.law),
            as_approver=counter.approves(officer, view),
        )
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/forwarding")
    async def forward(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Forwarding
    ) -> Accepted:
        """Pass a received dossier to the specialists, or to one of them."""
        await counter.dossier(officer, dossier_id, Action.FORWARD)
        to = PersonId(body.to_officer) if body.to_officer else None
        command = do.ForwardDossier(officer.person_id, to, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    return router


def examination(
    dossiers: Dossiers, desk: Desk, queries: Queries, now: Callable[[], datetime]
) -> APIRouter:
    """Examine, propose, approve, send back, extend, stop, resume."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["examination"])
    counter = _Counter(queries)

    @router.post("/handing-over")
    async def hand_over(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: HandingOver
    ) -> Accepted:
        """Pass a dossier to another specialist, or back to all of them."""
        view = await counter.dossier(officer, dossier_id, Action.HAND_OVER_TO_OFFICER)
        to = PersonId(body.to_officer) if body.to_officer else None
        reason = do.Reason(body.reason, body.law)
        approver = counter.approves(officer, view)
        command = do.HandOverDossier(officer.person_id, to, now(), reason, approver)
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/examination")
    async def examine(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Findings
    ) -> Accepted:
        """Finish the examination, with what was found."""
        await counter.dossier(officer, dossier_id, Action.FINISH_EXAMINATION)
        reason = do.Reason(body.findings, body.law)
        command = do.FinishExamination(officer.person_id, now(), reason)
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/proposal")
    async def propose(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Proposal
    ) -> Accepted:
        """Lay an outcome before the approvers; rejecting needs words and law."""
        await counter.dossier(officer, dossier_id, Action.PROPOSE)
        reason = do.Reason(body.reason, body.law)
        command = do.ProposeOutcome(officer.person_id, body.outcome, now(), reason)
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/approval")
    async def approve(officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID) -> Accepted:
        """Approve what somebody else proposed."""
        await counter.dossier(officer, dossier_id, Action.APPROVE)
        command = do.ApproveOutcome(officer.person_id, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/sending-back")
    async def send_back(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: SendingBack
    ) -> Accepted:
        """Return a dossier to an earlier step, with a reason."""
        await counter.dossier(officer, dossier_id, Action.SEND_BACK)
        command = do.SendBack(officer.person_id, body.step, _reason(body), now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/extension")
    async def extend(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Extension
    ) -> Accepted:
        """Extend the time limit, once, at least a day before it ends, with an apology."""
        await counter.dossier(officer, dossier_id, Action.EXTEND)
        calendar = await desk.calendar()
        command = do.ExtendDeadline(officer.person_id, body.due, _reason(body), calendar, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/stop")
    async def stop(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Reason
    ) -> Accepted:
        """End processing for a legal reason."""
        await counter.dossier(officer, dossier_id, Action.STOP)
        command = do.StopProcessing(officer.person_id, _reason(body), now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/resumption")
    async def resume(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Reason
    ) -> Accepted:
        """Go on with a stopped dossier."""
        await counter.dossier(officer, dossier_id, Action.RESUME)
        calendar = await desk.calendar()
        command = do.ResumeProcessing(officer.person_id, _reason(body), calendar, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/withdrawal/decision")
    async def decide_withdrawal(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Decision
    ) -> Accepted:
        """Let a dossier go, or say why not."""
        await counter.dossier(officer, dossier_id, Action.DECIDE_WITHDRAWAL)
        calendar, reason = await desk.calendar(), do.Reason(body.reason, body.law)
        command = do.DecideWithdrawal(officer.person_id, body.accepted, reason, calendar, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    return router


def results(
    dossiers: Dossiers, desk: Desk, queries: Queries, now: Callable[[], datetime]
) -> APIRouter:
    """Issue a result, recall it, hand it over."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["results"])
    counter = _Counter(queries)

    @router.post("/result", status_code=201)
    async def issue(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: IssuedResult
    ) -> Accepted:
        """Sign, number and issue the approved outcome; its file was uploaded before."""
        await counter.dossier(officer, dossier_id, Action.ISSUE_RESULT)
        paper = await _result_paper(desk, dossier_id, body.file_id)
        calendar = await desk.calendar()
        command = do.IssueResult(officer.person_id, body.number, paper, calendar, now())
        rows = desk.result_issued(dossier_id, body.file_id, command.at)
        return await dossiers.handle(
            dossier_id, command, cause, expected=seen, number=body.number, rows=rows
        )

    @router.post("/completion", status_code=201)
    async def complete(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: AtDeskResult
    ) -> Accepted:
        """Issue the result at once, where the procedure is done on the same day."""
        await counter.dossier(officer, dossier_id, Action.COMPLETE_AT_DESK)
        paper = await _result_paper(desk, dossier_id, body.file_id)
        command = do.CompleteAtDesk(
            officer.person_id,
            body.outcome,
            body.number,
            paper,
            await desk.calendar(),
            now(),
            do.Reason(body.reason, body.law),
        )
        rows = desk.result_issued(dossier_id, body.file_id, command.at)
        return await dossiers.handle(
            dossier_id, command, cause, expected=seen, number=body.number, rows=rows
        )

    @router.post("/recall")
    async def recall(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Reason
    ) -> Accepted:
        """Take back a result found wrong before it was handed over."""
        await counter.dossier(officer, dossier_id, Action.RECALL_RESULT)
        command = do.RecallResult(officer.person_id, _reason(body), now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/hand-over")
    async def hand_over(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: HandOver
    ) -> Accepted:
        """Give the result to whoever came for it, their identity checked."""
        await counter.dossier(officer, dossier_id, Action.HAND_OVER_RESULT)
        receiver = Receiver(
            name=body.receiver, id_number=body.id_number, authorisation=body.authorisation
        )
        command = do.HandOverAtDesk(officer.person_id, receiver, body.identity_checked, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/posting")
    async def post(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Posting
    ) -> Accepted:
        """Give the result to the post."""
        await counter.dossier(officer, dossier_id, Action.POST_RESULT)
        command = do.PostResult(officer.person_id, body.tracking, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/delivery")
    async def deliver(officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID) -> Accepted:
        """Record that the post handed the result over."""
        await counter.dossier(officer, dossier_id, Action.CONFIRM_DELIVERY)
        command = do.ConfirmDelivery(officer.person_id, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    return router


def _reason(body: Reason | SendingBack | Extension) -> do.Reason:
    return do.Reason(body.reason, body.law)


async def _result_paper(desk: Desk, dossier_id: UUID, file_id: UUID) -> Paper:
    paper = await desk.paper(DossierId(dossier_id), FileId(file_id))
    if paper is None or paper.source != "officer":
        raise Problem(
            422,
            "result-file-missing",
            "Hãy tải tệp kết quả (PDF) lên trước khi phát hành.",
            "Upload the result's file (PDF) before issuing it.",
        )
    return paper
