"""The papers of the personal document store: each one kept, copied into dossiers, revoked, removed.

    (new) ─store→ kept ─give copy→ kept, a consent more ─revoke→ revoked ─remove→ removed
                    └──────────────────── remove ──────────────────────────────────┘

Pure. What is personal about a paper (its name, its content) lies in rows and blobs, in no event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

from chassis.decider import Decider, Refusal
from contracts.accounts import DocumentRevoked, DocumentStored
from contracts.event import Event
from contracts.values import ComponentCode, DocumentId, DossierId, PersonId

LARGEST_STORE = 500 * 1024 * 1024
"""Bytes of all papers that one person put into the store; results do not count."""

MOST_DOCUMENTS = 1000
"""Papers that one person may put into the store."""

WORDING = "copy-to-dossier.v1"
CONSENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        WORDING: (
            "Tôi đồng ý đưa một bản sao của giấy tờ này vào hồ sơ đã chọn để cơ quan giải quyết.",
            "I agree that a copy of this paper goes into the dossier I chose, for the agency to "
            "decide it.",
        )
    }
)
"""What a person agreed to, by the version of its wording; a wording is never changed."""


class ConsentRecorded(Event, named="accounts.consent-recorded.v1"):
    """The person agreed, for this purpose alone, that a copy goes into a dossier."""

    document_id: DocumentId
    person_id: PersonId
    dossier_id: DossierId
    component: ComponentCode
    wording: str
    at: datetime


class DocumentRemoved(Event, named="accounts.document-removed.v1"):
    """The person took the paper out of the store: its content is gone."""

    document_id: DocumentId
    person_id: PersonId
    at: datetime


@dataclass(frozen=True)
class StoreDocument:
    """Keep a paper whose content was inspected and lies in the blobs."""

    document_id: DocumentId
    person_id: PersonId
    at: datetime


@dataclass(frozen=True)
class GiveCopy:
    """Give a copy to a dossier, as a component of it; asking for it is the consent."""

    document_id: DocumentId
    person_id: PersonId
    dossier_id: DossierId
    component: ComponentCode
    at: datetime


@dataclass(frozen=True)
class RevokeDocument:
    """End the future use of a paper; dossiers keep the copies they were given."""

    document_id: DocumentId
    person_id: PersonId
    at: datetime


@dataclass(frozen=True)
class RemoveDocument:
    """Take a paper out of the store."""

    document_id: DocumentId
    person_id: PersonId
    at: datetime


DocumentCommand = StoreDocument | GiveCopy | RevokeDocument | RemoveDocument
DocumentEvent = DocumentStored | ConsentRecorded | DocumentRevoked | DocumentRemoved


@dataclass(frozen=True)
class Document:
    """What later decisions read of a paper."""

    owner: PersonId | None = None
    copies: frozenset[tuple[DossierId, ComponentCode]] = frozenset()
    revoked: bool = False
    removed: bool = False


class NotInStore(Refusal):
    """Không có giấy tờ này trong kho của bạn. | There is no such paper in your store."""

    status = 404


class DocumentIdTaken(Refusal):
    """Mã này đã dùng cho một giấy tờ khác. Hãy gửi lại với mã mới. |
    This id names another paper. Send it again under a new id.
    """


class DocumentIsRevoked(Refusal):
    """Giấy tờ này đã được thu hồi, không đưa vào hồ sơ mới được; hãy dùng giấy tờ khác. |
    This paper was revoked and cannot go into another dossier; use another one.
    """


class StoreFull(Refusal):
    """Kho đã đầy (500 MB hoặc 1000 giấy tờ). Hãy xóa giấy tờ không dùng nữa rồi gửi lại. |
    The store is full (500 MB or 1000 papers). Remove papers you no longer use and send it again.
    """


def decide(command: DocumentCommand, document: Document) -> list[DocumentEvent]:
    """Let the owner do everything, anybody else nothing; the same thing again changes nothing."""
    match command:
        case StoreDocument(id_, person, at) if document.owner is None:
            return [DocumentStored(document_id=id_, person_id=person, at=at)]
        case StoreDocument() if command.person_id != document.owner:
            raise DocumentIdTaken
        case StoreDocument():
            return []
        case _ if command.person_id != document.owner:
            raise NotInStore
        case GiveCopy() if document.revoked:
            raise DocumentIsRevoked
        case _ if _is_done(command, document):
            return []
        case GiveCopy():
            return [_consent(command)]
        case RevokeDocument(id_, person, at):
            return [DocumentRevoked(document_id=id_, person_id=person, at=at)]
        case RemoveDocument(id_, person, at):
            revoked = [] if document.revoked else decide(RevokeDocument(id_, person, at), document)
            return [*revoked, DocumentRemoved(document_id=id_, person_id=person, at=at)]


def _is_done(command: GiveCopy | RevokeDocument | RemoveDocument, document: Document) -> bool:
    match command:
        case GiveCopy():
            return (command.dossier_id, command.component) in document.copies
        case RevokeDocument():
            return document.revoked
        case RemoveDocument():
            return document.removed


def _consent(asked: GiveCopy) -> ConsentRecorded:
    return ConsentRecorded(
        document_id=asked.document_id,
        person_id=asked.person_id,
        dossier_id=asked.dossier_id,
        component=asked.component,
        wording=WORDING,
        at=asked.at,
    )


def evolve(document: Document, event: DocumentEvent) -> Document:
    """Remember whose it is, which dossiers have a copy, and whether it may still be used."""
    match event:
        case DocumentStored():
            return replace(document, owner=event.person_id)
        case ConsentRecorded():
            copy = (event.dossier_id, event.component)
            return replace(document, copies=document.copies | {copy})
        case DocumentRevoked():
            return replace(document, revoked=True)
        case DocumentRemoved():
            return replace(document, removed=True)
        case _:
            assert_never(event)


decider = Decider[DocumentCommand, Document, DocumentEvent](
    category="document",
    initial=Document(),
    decide=decide,
    evolve=evolve,
    events=(DocumentStored, ConsentRecorded, DocumentRevoked, DocumentRemoved),
)


def refuse_if_full(size: int, held: Sequence[int]) -> None:
    """Refuse one more paper of this size beside those a person put into the store."""
    if len(held) >= MOST_DOCUMENTS or sum(held) + size > LARGEST_STORE:
        raise StoreFull
