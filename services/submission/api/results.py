"""The desk at the end: a result is issued, recalled, handed over; each route one officer's
decision.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.auth import Officer
from chassis.command_handling import Accepted
from chassis.file_answers import FILE_SENT, FileName, file_sent
from chassis.file_kinds import Kind
from chassis.idempotency import Cause, Seen
from contracts.http.dossiers import FileView
from contracts.http.submission import AtDeskResult, HandOver, IssuedResult, Posting, Reason
from contracts.values import DossierId, FileId
from services.submission.desk import Desk
from services.submission.dossier import commands as do
from services.submission.dossier.events import Receiver
from services.submission.drafting import Dossiers
from services.submission.file_store import Coming, FileStore
from services.submission.rights import Action

from .sights import Sights


def issuing(
    dossiers: Dossiers, desk: Desk, sights: Sights, files: FileStore, now: Callable[[], datetime]
) -> APIRouter:
    """Send the file of a result, issue the result, recall it."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["results"])

    @router.put("/result-file/{file_id}", status_code=201, openapi_extra=FILE_SENT)
    async def send_file(
        officer: Officer,
        dossier_id: UUID,
        file_id: UUID,
        name: FileName,
        request: Request,
        response: Response,
    ) -> FileView:
        """Send the file of a result, a PDF; it is the applicant's once issued and handed over."""
        await sights.at_desk(officer, dossier_id, Action.ISSUE_RESULT)
        dossier, file = DossierId(dossier_id), FileId(file_id)
        coming = Coming(dossier, file, "", "officer", officer.person_id, name)
        pdf = frozenset({Kind.PDF})
        kept, fresh = await files.keep(coming, file_sent(request), now(), pdf)
        response.status_code = 201 if fresh else 200
        return FileView.model_validate(kept.file.model_dump())

    @router.post("/result", status_code=201)
    async def issue(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: IssuedResult
    ) -> Accepted:
        """Sign, number and issue the approved outcome; its file was uploaded before."""
        await sights.at_desk(officer, dossier_id, Action.ISSUE_RESULT)
        paper = await desk.result(DossierId(dossier_id), FileId(body.file_id))
        command = do.IssueResult(officer.person_id, body.number, paper, now())
        rows = desk.result_issued(FileId(body.file_id))
        return await dossiers.handle(
            dossier_id, command, cause, expected=seen, number=body.number, rows=rows
        )

    @router.post("/completion", status_code=201)
    async def complete(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: AtDeskResult
    ) -> Accepted:
        """Issue the result at once, where the procedure is done on the same day."""
        await sights.at_desk(officer, dossier_id, Action.COMPLETE_AT_DESK)
        paper = await desk.result(DossierId(dossier_id), FileId(body.file_id))
        command = do.CompleteAtDesk(
            officer.person_id,
            body.outcome,
            body.number,
            paper,
            now(),
            do.Reason(body.reason, body.law),
        )
        rows = desk.result_issued(FileId(body.file_id))
        return await dossiers.handle(
            dossier_id, command, cause, expected=seen, number=body.number, rows=rows
        )

    @router.post("/recall")
    async def recall(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Reason
    ) -> Accepted:
        """Take back a result found wrong before it was handed over."""
        await sights.at_desk(officer, dossier_id, Action.RECALL_RESULT)
        command = do.RecallResult(officer.person_id, do.Reason(body.reason, body.law), now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    return router


def handing_over(
    dossiers: Dossiers, desk: Desk, sights: Sights, now: Callable[[], datetime]
) -> APIRouter:
    """The result reaches the applicant, by each way; a copy goes into their store by itself."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["results"])

    @router.post("/hand-over")
    async def hand_over(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: HandOver
    ) -> Accepted:
        """Give the result to whoever came for it, their identity checked."""
        view = await sights.at_desk(officer, dossier_id, Action.HAND_OVER_RESULT)
        receiver = Receiver(
            name=body.receiver, id_number=body.id_number, authorisation=body.authorisation
        )
        command = do.HandOverAtDesk(officer.person_id, receiver, body.identity_checked, now())
        rows = desk.result_home(view, command.at)
        return await dossiers.handle(dossier_id, command, cause, expected=seen, rows=rows)

    @router.post("/posting")
    async def post(
        officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID, body: Posting
    ) -> Accepted:
        """Give the result to the post."""
        await sights.at_desk(officer, dossier_id, Action.POST_RESULT)
        command = do.PostResult(officer.person_id, body.tracking, now())
        return await dossiers.handle(dossier_id, command, cause, expected=seen)

    @router.post("/delivery")
    async def deliver(officer: Officer, cause: Cause, seen: Seen, dossier_id: UUID) -> Accepted:
        """Record that the post handed the result over."""
        view = await sights.at_desk(officer, dossier_id, Action.CONFIRM_DELIVERY)
        command = do.ConfirmDelivery(officer.person_id, now())
        rows = desk.result_home(view, command.at)
        return await dossiers.handle(dossier_id, command, cause, expected=seen, rows=rows)

    return router
