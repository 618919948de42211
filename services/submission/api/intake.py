"""The desk at intake: each route is one officer's decision, made on the version they have seen."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from chassis.auth import Officer
from chassis.command_handling import Accepted
from chassis.idempotency import Cause, Seen
from contracts.http.submission import (
    ExemptionDecision,
    Forwarding,
    Intake,
    Reason,
    SupplementRequest,
)
from contracts.values import VIETNAM
from services.submission.codes import dossier_code
from services.submission.desk import Desk
from services.submission.dossier import commands as do
from services.submission.drafting import Dossiers
from services.submission.rights import Action

from .sights import Sights, approves


def intake(
    dossiers: Dossiers, desk: Desk, sights: Sights, now: Callable[[], datetime]
) -> APIRouter:
    """Receive, refuse, ask for supplements, decide exemptions, forward."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["intake"])

    @router.post("/intake", status_code=201)
    async def receive(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Intake
    ) -> Accepted:
        """Take a dossier in: it gets its code (`number` of the answer) and its due date."""
        view = await sights.at_desk(officer, dossier_id, Action.RECEIVE)
        at = now()
        calendar = await desk.calendar()
        agency, day = view.agency, at.astimezone(VIETNAM).date()
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
        await sights.at_desk(officer, dossier_id, Action.REFUSE_INTAKE)
        command = do.RefuseIntake(officer.person_id, do.Reason(body.reason, body.law), now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/exemption")
    async def exemption(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: ExemptionDecision
    ) -> Accepted:
        """Accept the claim that nothing is owed, or do not."""
        await sights.at_desk(officer, dossier_id, Action.DECIDE_EXEMPTION)
        calendar = await desk.calendar()
        reason = do.Reason(body.reason, body.law)
        command = do.DecideExemption(officer.person_id, body.granted, reason, calendar, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/supplement-request")
    async def ask(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: SupplementRequest
    ) -> Accepted:
        """Ask, once and completely, for what is missing, item by item."""
        view = await sights.at_desk(officer, dossier_id, Action.REQUEST_SUPPLEMENT)
        command = do.RequestSupplement(
            officer.person_id,
            {asked.item: asked.reason for asked in body.items},
            await desk.calendar(),
            now(),
            do.Reason(body.words, body.law),
            as_approver=approves(officer, view),
        )
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/forwarding")
    async def forward(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Forwarding
    ) -> Accepted:
        """Pass a received dossier to the specialists, or to one of them."""
        view = await sights.at_desk(officer, dossier_id, Action.FORWARD)
        to = await sights.specialist(view, body.to_officer)
        command = do.ForwardDossier(officer.person_id, to, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    return router
