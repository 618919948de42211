"""A dossier forgotten: its key and its draft go with the event, its files after them.

Without the key nothing that was sealed opens any more, in no table, blob or backup of them; what
is left of the files goes in an errand, tried again until it is done.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from chassis.blobs import Blobs
from chassis.changes import Amend, Origin, Remove, Row
from chassis.crash import crash
from chassis.errands import Errand, Job, errand
from contracts.values import DossierId

ERASE_FILES = "erase-files"
"""The errand that takes away the files of an erased dossier."""

_PATIENCE = timedelta(days=20)
_ERRANDS = UUID("0f0c6d1e-3b5a-5c7e-8a94-6f6f1f6b3f0d")


def rows_of(dossier: DossierId, at: datetime, origin: Origin) -> list[Row]:
    """Give what changes in the unit of the event. The emptied draft stays, so that nobody begins
    another one under the dossier's id.
    """
    return [
        Remove("personal_keys", {"key_id": dossier}),
        Amend("drafts", {"dossier_id": dossier}, {"content": ""}),
        errand(
            ERASE_FILES,
            dossier,
            {},
            "submission",
            at,
            at + _PATIENCE,
            uuid5(_ERRANDS, str(dossier)),
            origin=origin,
        ),
    ]


def erase_files(pool: "asyncpg.Pool[Any]", blobs: Blobs) -> Errand:
    """Take away content first and rows after it: a row is the note that its content is still to
    go, so wherever this is broken off it can begin again.
    """

    async def call(job: Job) -> None:
        for row in await pool.fetch(_FILES, job.subject):
            await blobs.delete(row["blob"])
            crash("erase.after_content")
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("delete from named_files where file_id = $1", row[0])
                await connection.execute("delete from files where file_id = $1", row[0])

    return Errand(call, timeout=120)


_FILES = (
    "select file_id, blob from files f where dossier_id = $1 "
    "and not exists (select from personal_keys k where k.key_id = f.dossier_id)"
)
