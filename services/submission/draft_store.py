"""Drafts and files in the service's working tables, their personal content sealed under the
dossier's key.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from chassis.personal import MasterKeys, new_data_key, seal, unseal
from contracts.values import AgencyCode, DossierId, FileId, PersonId, ProcedureKey

from .drafts import Attached, DraftContent, FileAbout, Source


class DraftRow:
    """A draft as it lies in its table, opened."""

    def __init__(self, row: "asyncpg.Record", content: DraftContent) -> None:
        """Take the row and its unsealed content."""
        self.dossier_id = DossierId(row["dossier_id"])
        self.applicant = PersonId(row["applicant"])
        self.procedure = ProcedureKey(row["procedure"])
        self.procedure_version: int = row["procedure_version"]
        self.agency = AgencyCode(row["agency"])
        self.version: int = row["version"]
        self.created_at: datetime = row["created_at"]
        self.updated_at: datetime = row["updated_at"]
        self.submitted: bool = row["submitted"]
        self.content = content


class DraftStore:
    """Keeps what applicants have not yet handed in."""

    def __init__(self, pool: "asyncpg.Pool[Any]", keys: MasterKeys) -> None:
        """Take the service's database and the keys that wrap dossiers' keys."""
        self._pool, self._keys = pool, keys

    async def key(self, dossier: DossierId) -> bytes | None:
        """Give the dossier's data key; None once it was erased, or before anything was kept."""
        wrapped = await self._pool.fetchval(
            "select wrapped from personal_keys where key_id = $1", dossier
        )
        return None if wrapped is None else self._keys.unwrap(dossier, wrapped)

    async def begin(
        self,
        dossier: DossierId,
        applicant: PersonId,
        procedure: tuple[ProcedureKey, int],
        agency: AgencyCode,
        content: DraftContent,
        now: datetime,
    ) -> bool:
        """Begin a draft under an id the client made; False if that id is taken."""
        key = new_data_key()
        async with self._pool.acquire() as connection, connection.transaction():
            fresh = await connection.fetchval(
                "insert into personal_keys (key_id, wrapped) values ($1, $2) on conflict do nothing returning true",
                dossier,
                self._keys.wrap(dossier, key),
            )
            if not fresh:
                return False
            await connection.execute(
                "insert into drafts (dossier_id, applicant, procedure, procedure_version, agency, content, "
                "version, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, 1, $7, $7)",
                dossier,
                applicant,
                *procedure,
                agency,
                _seal_content(dossier, key, content),
                now,
            )
        return True

    async def find(self, dossier: DossierId) -> DraftRow | None:
        """Open a draft."""
        row = await self._pool.fetchrow("select * from drafts where dossier_id = $1", dossier)
        key = await self.key(dossier)
        if row is None or key is None:
            return None
        return DraftRow(row, _open_content(dossier, key, row["content"]))

    async def mine(self, applicant: PersonId) -> "list[asyncpg.Record]":
        """List the drafts a person may go on with, the latest first; without their content."""
        return await self._pool.fetch(
            "select d.dossier_id, d.procedure, d.procedure_version, d.agency, d.version, d.updated_at, "
            "p.body ->> 'name_vi' as name_vi, p.body ->> 'name_en' as name_en "
            "from drafts d left join procedures p on p.key = d.procedure and p.version = d.procedure_version "
            "where d.applicant = $1 and not d.submitted order by d.updated_at desc limit 200",
            applicant,
        )

    async def save(
        self, draft: DraftRow, content: DraftContent, expected: int, now: datetime
    ) -> int | None:
        """Autosave; gives the new version, or None if the draft has another version than the sender
        saw.
        """
        key = await self.key(draft.dossier_id)
        if key is None:
            return None
        return await self._pool.fetchval(
            "update drafts set content = $3, version = version + 1, updated_at = $4 "
            "where dossier_id = $1 and version = $2 and not submitted returning version",
            draft.dossier_id,
            expected,
            _seal_content(draft.dossier_id, key, content),
            now,
        )

    async def discard(self, dossier: DossierId) -> list[str]:
        """Forget a draft with its key; gives the names of the blobs it leaves behind."""
        async with self._pool.acquire() as connection, connection.transaction():
            gone = await connection.fetchval(
                "delete from drafts where dossier_id = $1 and not submitted returning true", dossier
            )
            if not gone:
                return []
            blobs = await connection.fetch(
                "delete from files where dossier_id = $1 returning blob", dossier
            )
            await connection.execute("delete from personal_keys where key_id = $1", dossier)
        return [row["blob"] for row in blobs]

    # Files

    async def add_file(
        self, dossier: DossierId, file: Attached, blob: str, uploader: PersonId, now: datetime
    ) -> bool:
        """Note a stored file; False if its id was used before."""
        key = await self.key(dossier)
        assert key is not None
        about = FileAbout(name=file.name, sha256=file.sha256).model_dump_json().encode()
        return bool(
            await self._pool.fetchval(
                "insert into files (file_id, dossier_id, component, about, media_type, size, pages, source, "
                "scan, blob, uploader, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                "on conflict do nothing returning true",
                UUID(file.file_id),
                dossier,
                file.component,
                seal(key, about, bound_to=f"file {file.file_id}".encode()),
                file.media_type,
                file.size,
                file.pages,
                file.source,
                file.scan,
                blob,
                uploader,
                now,
            )
        )

    async def files(self, dossier: DossierId) -> list[tuple[Attached, bool, str]]:
        """List a dossier's files: what they are, whether an event names them, and their blobs."""
        key = await self.key(dossier)
        rows = await self._pool.fetch(
            "select * from files where dossier_id = $1 order by created_at, file_id", dossier
        )
        return [(_open_file(row, key), row["used"], row["blob"]) for row in rows]

    async def file(self, dossier: DossierId, file: FileId) -> tuple[Attached, bool, str] | None:
        """Find one file of a dossier."""
        found = [entry for entry in await self.files(dossier) if entry[0].file_id == str(file)]
        return found[0] if found else None

    async def drop_file(self, dossier: DossierId, file: FileId) -> str | None:
        """Take out a file that no event names; gives its blob, None if there is no such file."""
        return await self._pool.fetchval(
            "delete from files where dossier_id = $1 and file_id = $2 and not used returning blob",
            dossier,
            file,
        )

    async def size(self, dossier: DossierId) -> int:
        """Add up the bytes of a dossier's files."""
        return int(
            await self._pool.fetchval(
                "select coalesce(sum(size), 0) from files where dossier_id = $1", dossier
            )
        )


def _seal_content(dossier: DossierId, key: bytes, content: DraftContent) -> str:
    return seal(key, content.model_dump_json().encode(), bound_to=f"draft {dossier}".encode())


def _open_content(dossier: DossierId, key: bytes, sealed: str) -> DraftContent:
    return DraftContent.model_validate_json(
        unseal(key, sealed, bound_to=f"draft {dossier}".encode())
    )


def _open_file(row: "asyncpg.Record", key: bytes | None) -> Attached:
    bound_to = f"file {row['file_id']}".encode()
    about = (
        FileAbout(name="(đã xóa | erased)", sha256="")
        if key is None
        else FileAbout.model_validate_json(unseal(key, row["about"], bound_to=bound_to))
    )
    source: Source = row["source"]
    return Attached(
        file_id=str(row["file_id"]),
        component=row["component"],
        name=about.name,
        media_type=row["media_type"],
        size=row["size"],
        pages=row["pages"],
        sha256=about.sha256,
        source=source,
        scan=row["scan"],
    )
