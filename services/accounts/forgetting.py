"""A person forgotten: key, password and sessions go with the event, the papers of the store after.

Without the key nothing that was sealed for them opens any more, in no table, blob or backup.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

import asyncpg

from chassis.changes import Origin, Remove, Row
from chassis.crash import crash
from chassis.errands import Errand, Job, errand
from contracts.values import DocumentId, PersonId

from .document_store import Documents, DocumentStore
from .documents import RemoveDocument
from .session_store import Sessions

FORGET_PERSON = "forget-person"
"""The errand that takes away what a forgotten person kept here."""

_PATIENCE = timedelta(days=20)
_ACTOR = "service:accounts"


def forgotten_rows(person: PersonId, at: datetime, origin: Origin) -> list[Row]:
    """Give what changes in the unit of the event."""
    return [
        Remove("personal_keys", {"key_id": person}),
        Remove("credentials", {"person_id": person}),
        Remove("sessions", {"person_id": person}),
        Remove("registrations", {"registration_id": person}),
        errand(
            FORGET_PERSON,
            person,
            {},
            "accounts",
            at,
            at + _PATIENCE,
            uuid5(person, FORGET_PERSON),
            origin=origin,
        ),
    ]


def forget_person(
    pool: "asyncpg.Pool[Any]", store: DocumentStore, documents: Documents, sessions: Sessions
) -> Errand:
    """End what was begun meanwhile and take all papers out of the store, content after event; a
    paper that is out already is no hindrance.
    """

    async def call(job: Job) -> None:
        person = PersonId(job.subject)
        await sessions.end_all(person)
        for document in await _papers(pool, person):
            origin = Origin(_ACTOR, job.correlation, str(job.errand_id), job.traceparent)
            command = RemoveDocument(document, person, job.deadline - _PATIENCE)
            await documents.handle(document, command, origin)
            crash("forget.before_content")
            await store.forget_content(document)

    return Errand(call, timeout=120)


async def _papers(pool: "asyncpg.Pool[Any]", person: PersonId) -> Sequence[DocumentId]:
    """List also those that are out already: their content may still be there."""
    rows = await pool.fetch("select document_id from documents where person_id = $1", person)
    return [DocumentId(row["document_id"]) for row in rows]
