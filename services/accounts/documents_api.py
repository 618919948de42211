"""HTTP in: people keep papers in their own store and give copies to dossiers; results come by
themselves. No rules here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from chassis.auth import Applicant, OtherService, Principal
from chassis.command_handling import Accepted, CommandHandler
from chassis.errands import Sweep
from chassis.file_answers import FILE_GIVEN, FILE_SENT, FileName, file_answer, file_sent
from chassis.file_kinds import USUAL, Kind
from chassis.idempotency import Cause, PlainCause
from chassis.problems import Problem
from chassis.service import Tools
from chassis.uploads import Uploads
from chassis.virus_scan import VirusScanner
from contracts.http.accounts import Consent, CopyRequest, StoredDocument
from contracts.values import ComponentCode, DocumentId, DossierId, PersonId

from .document_store import Documents, DocumentStore, KeptDocument, NewDocument, standing
from .documents import (
    CONSENTS,
    ConsentRecorded,
    GiveCopy,
    NotInStore,
    RemoveDocument,
    RevokeDocument,
    decider,
)

ORPHANED = timedelta(hours=24)
"""After this long a content that no paper names is nobody's any more."""


async def _submission(caller: OtherService) -> Principal:
    if caller.name != "submission":
        raise Problem(403, "not-for-you")
    return caller


Submission = Annotated[Principal, Depends(_submission)]


def keeping(store: DocumentStore, uploads: Uploads, now: Callable[[], datetime]) -> APIRouter:
    """Papers come in."""
    router = APIRouter(tags=["documents"])

    async def keep(
        new: NewDocument, name: str, request: Request, cause: PlainCause, accepted: frozenset[Kind]
    ) -> tuple[StoredDocument, int]:
        async with uploads.received(name, file_sent(request), accepted=accepted) as found:
            kept, fresh = await store.keep(new, found, cause, now())
        return _shown(kept), 201 if fresh else 200

    @router.put("/documents/{document_id}", status_code=201, openapi_extra=FILE_SENT)
    async def upload(
        owner: Applicant,
        cause: PlainCause,
        document_id: UUID,
        name: FileName,
        request: Request,
        response: Response,
    ) -> StoredDocument:
        """Keep a paper under an id made by its owner; the same content again answers 200."""
        new = NewDocument(DocumentId(document_id), _person(owner))
        shown, response.status_code = await keep(new, name, request, cause, USUAL)
        return shown

    @router.put(
        "/persons/{person_id}/documents/{document_id}", status_code=201, openapi_extra=FILE_SENT
    )
    async def keep_result(
        _: Submission,
        cause: PlainCause,
        person_id: UUID,
        document_id: UUID,
        dossier: UUID,
        name: FileName,
        request: Request,
        response: Response,
    ) -> StoredDocument:
        """Put the result of a dossier into its owner's store; again answers 200."""
        new = NewDocument(DocumentId(document_id), PersonId(person_id), DossierId(dossier))
        shown, response.status_code = await keep(new, name, request, cause, frozenset(Kind))
        return shown

    return router


def using(store: DocumentStore, documents: Documents, now: Callable[[], datetime]) -> APIRouter:
    """Owners look at their papers and decide what becomes of them."""
    router = APIRouter(tags=["documents"])

    @router.get("/documents")
    async def mine(owner: Applicant) -> list[StoredDocument]:
        """List my papers, the latest first."""
        return [_shown(kept) for kept in await store.of(_person(owner))]

    @router.get(
        "/documents/{document_id}/content", response_class=StreamingResponse, responses=FILE_GIVEN
    )
    async def content(owner: Applicant, document_id: UUID) -> StreamingResponse:
        """Open one of my papers."""
        return await _answer(store, DocumentId(document_id), _person(owner))

    @router.get("/documents/{document_id}/consents")
    async def consents(owner: Applicant, document_id: UUID) -> list[Consent]:
        """List which dossiers I gave copies of this paper to."""
        document, history = await documents.load(document_id)
        if document.owner != owner.person_id:
            raise NotInStore
        given = [event for event in history.events if isinstance(event, ConsentRecorded)]
        return [_consent(event) for event in given]

    @router.post(
        "/documents/{document_id}/copies", response_class=StreamingResponse, responses=FILE_GIVEN
    )
    async def give_copy(
        owner: Applicant, cause: Cause, document_id: UUID, asked: CopyRequest
    ) -> StreamingResponse:
        """Give a copy to a dossier: the consent is recorded, then the content is answered."""
        document, person = DocumentId(document_id), _person(owner)
        dossier, component = DossierId(asked.dossier_id), ComponentCode(asked.component)
        command = GiveCopy(document, person, dossier, component, now())
        await documents.handle(document, command, cause)
        return await _answer(store, document, person)

    @router.post("/documents/{document_id}/revocation")
    async def revoke(owner: Applicant, cause: Cause, document_id: UUID) -> Accepted:
        """End the future use of a paper; dossiers keep the copies they have."""
        command = RevokeDocument(DocumentId(document_id), _person(owner), now())
        return await documents.handle(document_id, command, cause)

    @router.delete("/documents/{document_id}", status_code=204)
    async def remove(owner: Applicant, cause: PlainCause, document_id: UUID) -> None:
        """Take a paper out of my store for good; dossiers keep the copies they have."""
        command = RemoveDocument(DocumentId(document_id), _person(owner), now())
        await documents.handle(document_id, command, cause)
        await store.forget_content(DocumentId(document_id))

    return router


def document_routes(tools: Tools) -> list[APIRouter]:
    """Open the doors of the personal document store."""
    uploads = Uploads(VirusScanner(tools.settings.clamd))
    documents = documents_of(tools)
    store = store_of(tools)
    return [keeping(store, uploads, tools.now), using(store, documents, tools.now)]


def document_sweeps(tools: Tools) -> list[Sweep]:
    """Delete contents whose paper was never recorded or was taken out of the store."""
    store = store_of(tools)

    async def sweep() -> None:
        await store.sweep(tools.now() - ORPHANED)

    return [Sweep(3600, sweep)]


def documents_of(tools: Tools) -> Documents:
    """Give the papers' log."""
    return CommandHandler(tools.store, decider, [standing])


def store_of(tools: Tools) -> DocumentStore:
    """Give the place where papers are kept."""
    return DocumentStore(documents_of(tools), tools.pool, tools.store.scribe.keys, tools.blobs)


async def _answer(
    store: DocumentStore, document: DocumentId, person: PersonId
) -> StreamingResponse:
    kept, chunks = await store.content(document, person)
    return file_answer(kept.about.name, kept.media_type, kept.size, chunks)


def _shown(kept: KeptDocument) -> StoredDocument:
    return StoredDocument(
        id=kept.document_id,
        kind=kept.kind,
        dossier_id=kept.dossier_id,
        name=kept.about.name,
        media_type=kept.media_type,
        size=kept.size,
        pages=kept.pages,
        sha256=kept.about.sha256,
        scan=kept.scan,
        stored_at=kept.stored_at,
        revoked_at=kept.revoked_at,
    )


def _consent(event: ConsentRecorded) -> Consent:
    vi, en = CONSENTS[event.wording]
    return Consent(
        dossier_id=event.dossier_id,
        component=event.component,
        wording=event.wording,
        vi=vi,
        en=en,
        at=event.at,
    )


def _person(caller: Principal) -> PersonId:
    assert caller.person_id is not None
    return caller.person_id
