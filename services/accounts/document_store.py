"""Papers kept: rows and blobs, names and hashes sealed under their owner's key.

The content is written first, its event after; what no row names is swept a day later.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import asyncpg
from pydantic import BaseModel, ConfigDict

from chassis.blobs import Blobs, Stored
from chassis.changes import Amend, Origin, Put
from chassis.command_handling import CommandHandler
from chassis.personal import MasterKeys, new_data_key, seal, unseal
from chassis.uploads import Inspected
from contracts.accounts import DocumentRevoked, DocumentStored
from contracts.event import Event
from contracts.values import DocumentId, DossierId, PersonId

from .documents import (
    Document,
    DocumentCommand,
    DocumentEvent,
    DocumentIdTaken,
    DocumentRemoved,
    NotInStore,
    StoreDocument,
    refuse_if_full,
)
from .person import NoSuchPerson, PersonForgotten
from .person import decider as accounts_of

Documents = CommandHandler[DocumentCommand, Document, DocumentEvent]

_AT_ONCE = 500


class About(BaseModel):
    """What is personal about a paper; kept sealed."""

    model_config = ConfigDict(frozen=True)

    name: str
    sha256: str
    sent_sha256: str


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A paper to be kept; a result says which dossier it comes from."""

    document_id: DocumentId
    person_id: PersonId
    dossier_id: DossierId | None = None

    @property
    def kind(self) -> Literal["upload", "result"]:
        """Tell how it came into the store."""
        return "upload" if self.dossier_id is None else "result"


class KeptDocument:
    """A paper as it lies in its table, opened."""

    def __init__(self, row: "asyncpg.Record", about: About) -> None:
        """Take the row and what was sealed in it."""
        self.document_id = DocumentId(row["document_id"])
        self.kind: Literal["upload", "result"] = row["kind"]
        self.dossier_id: DossierId | None = row["dossier_id"]
        self.media_type: str = row["media_type"]
        self.size: int = row["size"]
        self.pages: int | None = row["pages"]
        self.scan: str = row["scan"]
        self.blob: str = row["blob"]
        self.stored_at: datetime = row["stored_at"]
        self.revoked_at: datetime | None = row["revoked_at"]
        self.about = about


class DocumentStore:
    """Keeps people's papers and gives them back to their owners."""

    def __init__(
        self, documents: Documents, pool: "asyncpg.Pool[Any]", keys: MasterKeys, blobs: Blobs
    ) -> None:
        """Take the papers' log, the service's database, the keys that wrap people's keys, and the
        place for contents.
        """
        self._documents, self._pool, self._keys, self._blobs = documents, pool, keys, blobs

    async def keep(
        self, new: NewDocument, found: Inspected, origin: Origin, now: datetime
    ) -> tuple[KeptDocument, bool]:
        """Keep a paper; whether it is new beside it. The same content again is the same paper."""
        if earlier := await self._row(new.document_id):
            return await self._same(earlier, new, found), False
        if new.kind == "upload":
            refuse_if_full(found.size, await self._sizes(new.person_id))
        key = await self._key_made(new.person_id)
        stored = await self._blobs.write(key, str(new.person_id), found.chunks(), found.size)
        command = StoreDocument(new.document_id, new.person_id, now)
        row = _new_row(new, found, stored, key, now)
        await self._documents.handle(new.document_id, command, origin, rows=[row])
        kept = await self._row(new.document_id)
        assert kept is not None
        return await self._same(kept, new, found), kept["blob"] == stored.name

    async def of(self, person: PersonId) -> list[KeptDocument]:
        """List a person's papers, the latest first."""
        key = await self._key(person)
        rows = await self._pool.fetch(
            "select * from documents where person_id = $1 and removed_at is null "
            "order by stored_at desc, document_id",
            person,
        )
        return [KeptDocument(row, _open(row, key)) for row in rows]

    async def content(
        self, document: DocumentId, person: PersonId
    ) -> tuple[KeptDocument, AsyncIterator[bytes]]:
        """Open a paper for its owner."""
        row = await self._row(document)
        key = await self._key(person)
        if row is None or key is None or row["person_id"] != person or row["removed_at"]:
            raise NotInStore
        kept = KeptDocument(row, _open(row, key))
        return kept, await self._blobs.open(kept.blob, key, str(person))

    async def forget_content(self, document: DocumentId) -> None:
        """Delete the content of a paper that was taken out of the store."""
        blob = await self._pool.fetchval(
            "select blob from documents where document_id = $1 and removed_at is not null", document
        )
        if blob is not None:
            await self._blobs.delete(blob)

    async def sweep(self, older_than: datetime) -> None:
        """Delete the contents written before an instant that no paper in the store needs."""
        names: list[str] = []
        async for name in self._blobs.list(older_than):
            names.append(name)
            if len(names) == _AT_ONCE:
                await self._sweep(names)
                names.clear()
        await self._sweep(names)

    async def _sweep(self, names: Sequence[str]) -> None:
        rows = await self._pool.fetch(
            "select blob from documents where blob = any($1) and removed_at is null", names
        )
        for name in set(names) - {row["blob"] for row in rows}:
            await self._blobs.delete(name)

    async def _same(
        self, row: "asyncpg.Record", new: NewDocument, found: Inspected
    ) -> KeptDocument:
        if row["person_id"] != new.person_id:
            raise DocumentIdTaken
        about = _open(row, await self._key(new.person_id))
        if about.sent_sha256 != found.sent_sha256:
            raise DocumentIdTaken
        return KeptDocument(row, about)

    async def _row(self, document: DocumentId) -> "asyncpg.Record | None":
        return await self._pool.fetchrow("select * from documents where document_id = $1", document)

    async def _sizes(self, person: PersonId) -> list[int]:
        rows = await self._pool.fetch(
            "select size from documents "
            "where person_id = $1 and kind = 'upload' and removed_at is null",
            person,
        )
        return [row["size"] for row in rows]

    async def _key(self, person: PersonId) -> bytes | None:
        wrapped = await self._pool.fetchval(
            "select wrapped from personal_keys where key_id = $1", person
        )
        return None if wrapped is None else self._keys.unwrap(person, wrapped)

    async def _key_made(self, person: PersonId) -> bytes:
        """Give a person's key; whoever seals something of theirs first makes it. The key of a
        forgotten person comes never again.
        """
        await self._pool.execute(
            "insert into personal_keys (key_id, wrapped) select $1::uuid, $2::bytea "
            "where not exists (select from events where stream = $3 and type = $4) "
            "on conflict do nothing",
            *(person, self._keys.wrap(person, new_data_key())),
            *(f"{accounts_of.category}-{person}", PersonForgotten.wire_name),
        )
        key = await self._key(person)
        if key is None:
            raise NoSuchPerson
        return key


def standing(events: Sequence[Event]) -> Amend:
    """Write how a paper stands: since when no copies are given, since when it is gone."""
    stored = next(event for event in events if isinstance(event, DocumentStored))
    revoked = next((event.at for event in events if isinstance(event, DocumentRevoked)), None)
    removed = next((event.at for event in events if isinstance(event, DocumentRemoved)), None)
    values = {"revoked_at": revoked, "removed_at": removed}
    return Amend("documents", {"document_id": stored.document_id}, values)


def _new_row(new: NewDocument, found: Inspected, stored: Stored, key: bytes, now: datetime) -> Put:
    about = About(name=found.name, sha256=stored.sha256, sent_sha256=found.sent_sha256)
    values = {
        "person_id": new.person_id,
        "kind": new.kind,
        "dossier_id": new.dossier_id,
        "about": seal(key, about.model_dump_json().encode(), bound_to=_place(new.document_id)),
        "media_type": found.media_type,
        "size": stored.size,
        "pages": found.pages,
        "scan": found.scan,
        "blob": stored.name,
        "stored_at": now,
    }
    return Put("documents", {"document_id": new.document_id}, values, once=True)


def _open(row: "asyncpg.Record", key: bytes | None) -> About:
    if key is None:
        return About(name="(đã xóa | erased)", sha256="", sent_sha256="")
    return About.model_validate_json(unseal(key, row["about"], bound_to=_place(row["document_id"])))


def _place(document: DocumentId) -> bytes:
    return f"document {document}".encode()
