"""Applicants follow their dossiers, answer what is asked, take them back, collect the result."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from chassis.auth import Applicant, SignedIn
from chassis.command_handling import Accepted
from chassis.documents import pdf
from chassis.file_answers import FILE_GIVEN, file_answer
from chassis.idempotency import Cause
from chassis.problems import Problem
from contracts.http.dossiers import DossierDetail, DossierListed, Manifest
from contracts.http.submission import Supplement, Withdrawal
from contracts.values import VIETNAM, DossierId, FileId
from services.submission.confirmation import manifest, on_paper
from services.submission.copies import Copies
from services.submission.desk import Desk
from services.submission.dossier import commands as do
from services.submission.drafting import Dossiers, person
from services.submission.file_store import FileStore, named
from services.submission.queries import Queries
from services.submission.supplementing import Supplementing
from services.submission.views import detail, result_file

from .files import answer
from .sights import Sights

Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=100_000)]


def following(
    sights: Sights, queries: Queries, copies: Copies, files: FileStore, now: Callable[[], datetime]
) -> APIRouter:
    """Lists, one dossier whole, its confirmation, its result."""
    router = APIRouter(prefix="/dossiers", tags=["dossiers"])

    @router.get("")
    async def mine(
        applicant: Applicant, limit: Limit = 50, offset: Offset = 0
    ) -> list[DossierListed]:
        """List my dossiers, the latest first."""
        views = await queries.mine(person(applicant), limit, offset)
        calendar = await copies.calendar()
        return [view.listed(now(), calendar) for view in views]

    @router.get("/{dossier_id}")
    async def look(reader: SignedIn, dossier_id: UUID) -> DossierDetail:
        """Show a dossier whole, to its people and to its agency's desk: where it stands, what is
        asked for now, who holds the clock, what happened.
        """
        whole, sight = await sights.whole(reader, dossier_id, "dossier")
        told = await queries.told(DossierId(dossier_id))
        return detail(whole, sight, told, now=now(), calendar=await copies.calendar())

    @router.get("/{dossier_id}/confirmation")
    async def confirmation(applicant: Applicant, dossier_id: UUID) -> Manifest:
        """Say what was handed in: groups of fields, files with pages, size and hash."""
        whole, _ = await sights.whole(applicant, dossier_id, "confirmation")
        return manifest(whole)

    @router.get(
        "/{dossier_id}/confirmation/paper",
        response_class=StreamingResponse,
        responses=FILE_GIVEN,
    )
    async def confirmation_on_paper(applicant: Applicant, dossier_id: UUID) -> Response:
        """Give the same as a PDF."""
        whole, _ = await sights.whole(applicant, dossier_id, "confirmation")
        shown = manifest(whole)
        content = await asyncio.to_thread(pdf, on_paper(shown))
        return file_answer(f"{shown.reference}.pdf", "application/pdf", len(content), _all(content))

    @router.get("/{dossier_id}/result", response_class=StreamingResponse, responses=FILE_GIVEN)
    async def result(applicant: Applicant, dossier_id: UUID) -> StreamingResponse:
        """Fetch the result, once it was handed over or collected."""
        whole, _ = await sights.whole(applicant, dossier_id, "result")
        file = result_file(whole)
        kept = await files.find(DossierId(dossier_id), FileId(file)) if file else None
        if kept is None:
            raise Problem(
                409,
                "result-not-yours-yet",
                "Chưa có kết quả, hoặc bạn chưa nhận; hãy nhận kết quả trước.",
                "There is no result yet, or you have not collected it: collect it first.",
            )
        return await answer(files, DossierId(dossier_id), kept)

    return router


def acting(
    dossiers: Dossiers,
    sights: Sights,
    supplementing: Supplementing,
    desk: Desk,
    now: Callable[[], datetime],
) -> APIRouter:
    """What applicants decide."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["dossiers"])

    @router.post("/supplement")
    async def supplement(
        applicant: Applicant, cause: Cause, dossier_id: UUID, body: Supplement
    ) -> Accepted:
        """Give everything that was asked for; files were sent before."""
        whole, sight = await sights.whole(applicant, dossier_id, "supplement")
        if earlier := await dossiers.answered(cause):
            return earlier
        at = now()
        today = at.astimezone(VIETNAM).date()
        given = await supplementing.answer(whole, sight.person, body, today)
        command = do.SupplementDossier(sight.person, given, await desk.calendar(), at)
        rows = named([FileId(file) for file in body.files])
        return await dossiers.handle(dossier_id, command, cause, rows=rows)

    @router.post("/withdrawal")
    async def withdraw(
        applicant: Applicant, cause: Cause, dossier_id: UUID, body: Withdrawal | None = None
    ) -> Accepted:
        """Take the dossier back: at once before intake, afterwards if the agency agrees."""
        await sights.own(applicant, dossier_id)
        reason = do.Reason(body.reason if body else "")
        command = do.RequestWithdrawal(person(applicant), now(), reason)
        return await dossiers.handle(dossier_id, command, cause)

    @router.post("/withdrawal/cancellation")
    async def go_on(applicant: Applicant, cause: Cause, dossier_id: UUID) -> Accepted:
        """Go on after all."""
        await sights.own(applicant, dossier_id)
        command = do.CancelWithdrawal(person(applicant), await desk.calendar(), now())
        return await dossiers.handle(dossier_id, command, cause)

    @router.post("/collection")
    async def collect(applicant: Applicant, cause: Cause, dossier_id: UUID) -> Accepted:
        """Collect the result online; from then on its file can be fetched."""
        view = await sights.own(applicant, dossier_id)
        command = do.CollectResult(person(applicant), now())
        rows = desk.result_home(view, command.at)
        return await dossiers.handle(dossier_id, command, cause, rows=rows)

    return router


async def _all(content: bytes) -> AsyncIterator[bytes]:
    yield content
