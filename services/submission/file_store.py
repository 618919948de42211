"""A dossier's files: what they are in a working table, their content in blobs, both sealed under
the dossier's key. Who may send or see one is not decided here.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from chassis.blobs import Blobs, BlobStoreAway
from chassis.changes import Put
from chassis.file_kinds import USUAL, Kind
from chassis.personal import MasterKeys, seal, unseal
from chassis.problems import Problem
from chassis.uploads import Inspected, Uploads
from contracts.values import DossierId, FileId, PersonId

from .dossier.events import Paper
from .drafts import LARGEST_DOSSIER, MOST_FILES, Attached, FileAbout, Source

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Any]


@dataclass(frozen=True)
class Coming:
    """A file on its way in: whose, for what, from whom. `document` is its paper in the store."""

    dossier_id: DossierId
    file_id: FileId
    component: str
    source: Source
    uploader: PersonId
    name: str
    document: UUID | None = None


@dataclass(frozen=True)
class Kept:
    """A file as it lies with its dossier; `named` once an event names it."""

    file: Attached
    named: bool
    blob: str
    uploader: PersonId
    sent_sha256: str

    @property
    def paper(self) -> Paper:
        """See it as an event does."""
        return Paper.model_validate(self.file.model_dump())

    @property
    def by_desk(self) -> bool:
        """Tell whether the desk sent it: the file of a result."""
        return self.file.source == "officer"


class FileStore:
    """Keeps and gives the files of drafts and dossiers."""

    def __init__(
        self, pool: "asyncpg.Pool[Any]", keys: MasterKeys, blobs: Blobs, uploads: Uploads
    ) -> None:
        """Take the tables, the keys that wrap dossiers' keys, the blobs, the inspection."""
        self._pool, self._keys, self._blobs, self._uploads = pool, keys, blobs, uploads

    async def keep(
        self,
        coming: Coming,
        content: AsyncIterator[bytes],
        now: datetime,
        accepted: frozenset[Kind] = USUAL,
    ) -> tuple[Kept, bool]:
        """Inspect a file and keep it; True beside it if it is new. The same again from the same
        person changes nothing; anything else under its id is refused.
        """
        key = await self._key(coming.dossier_id)
        if key is None:
            raise Problem(404, "not-found")
        async with self._uploads.received(coming.name, content, accepted=accepted) as found:
            if earlier := await self._taken(coming, found):
                return earlier, False
            blob = await self._blobs.write(
                key, _owner(coming.dossier_id), found.chunks(), found.size
            )
            try:
                fresh = await self._note(coming, found, blob.name, key, now)
            except BaseException:
                await self._drop_blob(blob.name)
                raise
            if not fresh:
                await self._drop_blob(blob.name)
            kept = await self._taken(coming, found)
        if kept is None:
            raise Problem(404, "not-found")
        return kept, fresh

    async def all(self, dossier: DossierId, key: bytes) -> list[Kept]:
        """List a dossier's files in the order they came."""
        rows = await self._pool.fetch(
            f"{_FILES} where dossier_id = $1 order by created_at", dossier
        )
        return [_kept(row, key) for row in rows]

    async def find(self, dossier: DossierId, file: FileId) -> Kept | None:
        """Find one file of a dossier."""
        row = await self._pool.fetchrow(
            f"{_FILES} where file_id = $1 and dossier_id = $2", file, dossier
        )
        return None if row is None else _kept(row, await self._key(dossier))

    async def open(self, dossier: DossierId, kept: Kept) -> AsyncIterator[bytes]:
        """Give a file's content."""
        key = await self._key(dossier)
        if key is None:
            raise Problem(404, "not-found")
        return await self._blobs.open(kept.blob, key, _owner(dossier))

    async def drop(self, dossier: DossierId, file: FileId) -> bool:
        """Take out a file that no event names; False if there is none such."""
        try:
            blob = await self._pool.fetchval(
                "delete from files where dossier_id = $1 and file_id = $2 returning blob",
                *(dossier, file),
            )
        except asyncpg.ForeignKeyViolationError:
            return False
        if blob is not None:
            await self._drop_blob(blob)
        return blob is not None

    async def forget(self, blobs: list[str]) -> None:
        """Remove the content of files that are not listed any more."""
        for blob in blobs:
            await self._drop_blob(blob)

    async def _drop_blob(self, name: str) -> None:
        with suppress(BlobStoreAway):  # the sweep takes what stays
            await self._blobs.delete(name)

    async def _key(self, dossier: DossierId) -> bytes | None:
        wrapped = await self._pool.fetchval(
            "select wrapped from personal_keys where key_id = $1", dossier
        )
        return None if wrapped is None else self._keys.unwrap(dossier, wrapped)

    async def _taken(self, coming: Coming, found: Inspected) -> Kept | None:
        """Give the file that lies under this id already, if it is this very one."""
        row = await self._pool.fetchrow(f"{_FILES} where file_id = $1", coming.file_id)
        if row is None:
            return None
        if row["dossier_id"] == coming.dossier_id and row["uploader"] == coming.uploader:
            kept = _kept(row, await self._key(coming.dossier_id))
            same = (kept.sent_sha256, kept.file.component)
            if same == (found.sent_sha256, coming.component):
                return kept
        raise Problem(409, "id-taken", *_TAKEN)

    async def _note(
        self, coming: Coming, found: Inspected, blob: str, key: bytes, now: datetime
    ) -> bool:
        """Write the row, unless the id was taken meanwhile; a dossier's files are counted one by
        one.
        """
        about = FileAbout(
            name=found.name,
            sha256=found.sha256,
            sent_sha256=found.sent_sha256,
            document=coming.document,
            consent_at=now if coming.document else None,
        )
        async with self._pool.acquire() as connection, connection.transaction():
            await _make_room(connection, coming.dossier_id, found.size)
            return bool(
                await connection.fetchval(
                    "insert into files (file_id, dossier_id, component, source, uploader, about, "
                    "media_type, size, pages, scan, blob, created_at) "
                    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                    "on conflict do nothing returning true",
                    *(coming.file_id, coming.dossier_id, coming.component, coming.source),
                    coming.uploader,
                    seal(key, about.model_dump_json().encode(), bound_to=_place(coming.file_id)),
                    *(found.media_type, found.size, found.pages, found.scan, blob, now),
                )
            )


def named(files: list[FileId]) -> list[Put]:
    """Mark files that an event names from now on; one that was taken out meanwhile fails it all."""
    return [Put("named_files", {"file_id": file}, once=True) for file in files]


async def _make_room(connection: "Connection", dossier: DossierId, size: int) -> None:
    """Let a dossier's files be noted one after the other, as long as there is room."""
    if not await connection.fetchval(
        "select true from personal_keys where key_id = $1 for update", dossier
    ):
        raise Problem(404, "not-found")
    many, before = await connection.fetchrow(
        "select count(*), coalesce(sum(size), 0) from files where dossier_id = $1", dossier
    ) or (0, 0)
    if many >= MOST_FILES or before + size > LARGEST_DOSSIER:
        raise Problem(413, "dossier-too-large", *_TOO_MUCH)


_FILES = (
    "select f.*, exists (select from named_files n where n.file_id = f.file_id) as named "
    "from files f"
)
_TAKEN = (
    "Mã tệp này đã dùng cho một tệp khác. Hãy gửi lại với mã mới.",
    "This id was used for another file. Send it again under a new one.",
)
_TOO_MUCH = (
    "Hồ sơ chỉ được 100 MB và 100 tệp. Hãy bỏ bớt hoặc giảm dung lượng tệp.",
    "A dossier may have 100 MB and 100 files. Take some out or make them smaller.",
)


def _owner(dossier: DossierId) -> str:
    return f"dossier {dossier}"


def _place(file: UUID) -> bytes:
    return f"file {file}".encode()


def _kept(row: "asyncpg.Record", key: bytes | None) -> Kept:
    about = (
        FileAbout(name="(đã xóa | erased)", sha256="")
        if key is None
        else FileAbout.model_validate_json(
            unseal(key, row["about"], bound_to=_place(row["file_id"]))
        )
    )
    columns = ("component", "media_type", "size", "pages", "source", "scan")
    file = Attached(
        file_id=str(row["file_id"]),
        name=about.name,
        sha256=about.sha256,
        **{name: row[name] for name in columns},
    )
    return Kept(file, row["named"], row["blob"], row["uploader"], about.sent_sha256)
