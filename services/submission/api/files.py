"""Files of drafts and dossiers: sent, copied from the personal store, opened, taken out."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from chassis.auth import Applicant, SignedIn
from chassis.file_answers import FILE_GIVEN, FILE_SENT, FileName, file_answer, file_sent
from chassis.problems import Problem
from contracts.http.accounts import CopyRequest
from contracts.http.dossiers import FileView
from contracts.http.submission import FromStore
from contracts.values import DossierId, FileId
from services.submission.attaching import Attaching
from services.submission.drafting import person
from services.submission.file_store import Coming, FileStore, Kept
from services.submission.gateway import Accounts

from .drafts import Bearer
from .sights import FileSights

Component = Annotated[str, Query(min_length=1, max_length=100)]


def sending(attaching: Attaching, files: FileStore, accounts: Accounts) -> APIRouter:
    """Applicants attach papers and take them out again."""
    router = APIRouter(prefix="/dossiers/{dossier_id}/files", tags=["files"])

    @router.put("/{file_id}", status_code=201, openapi_extra=FILE_SENT)
    async def attach(
        applicant: Applicant,
        dossier_id: UUID,
        file_id: UUID,
        component: Component,
        name: FileName,
        request: Request,
        response: Response,
        source: Literal["upload", "scan", "photo"] = "upload",
    ) -> FileView:
        """Attach a file under an id of your own making; the same again answers 200."""
        dossier = DossierId(dossier_id)
        accepted = await attaching.open_for(applicant, dossier, component)
        coming = Coming(dossier, FileId(file_id), component, source, person(applicant), name)
        kept, fresh = await attaching.keep(coming, file_sent(request), accepted)
        response.status_code = 201 if fresh else 200
        return _shown(kept)

    @router.post("", status_code=201)
    async def from_store(
        applicant: Applicant, authorization: Bearer, dossier_id: UUID, body: FromStore
    ) -> FileView:
        """Attach a paper from the personal store: a copy is made, the consent recorded. The same
        paper again is the same file.
        """
        await attaching.open_for(applicant, DossierId(dossier_id), body.component)
        wanted = CopyRequest(dossier_id=dossier_id, component=body.component)
        kept = await attaching.from_store(
            applicant, accounts, authorization, wanted, body.document_id
        )
        return _shown(kept)

    @router.delete("/{file_id}", status_code=204)
    async def take_out(applicant: Applicant, dossier_id: UUID, file_id: UUID) -> None:
        """Take out a file that was not handed in."""
        await attaching.own(applicant, DossierId(dossier_id), FileId(file_id))
        if not await files.drop(DossierId(dossier_id), FileId(file_id)):
            raise Problem(409, "handed-in", "Tệp này đã nộp.", "This file was handed in.")

    return router


def opening(sights: FileSights, files: FileStore) -> APIRouter:
    """A file for those who may see it."""
    router = APIRouter(prefix="/dossiers/{dossier_id}/files", tags=["files"])

    @router.get("/{file_id}", response_class=StreamingResponse, responses=FILE_GIVEN)
    async def open_file(reader: SignedIn, dossier_id: UUID, file_id: UUID) -> StreamingResponse:
        """Open a file: its own people, and officers of its desk, whose look is recorded."""
        kept = await sights.of(reader, DossierId(dossier_id), FileId(file_id))
        return await answer(files, DossierId(dossier_id), kept)

    return router


async def answer(files: FileStore, dossier: DossierId, kept: Kept) -> StreamingResponse:
    """Give a file's content, to be saved and never run."""
    content = await files.open(dossier, kept)
    return file_answer(kept.file.name, kept.file.media_type, kept.file.size, content)


def _shown(kept: Kept) -> FileView:
    return FileView.model_validate(kept.file.model_dump())
