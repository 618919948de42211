"""What is asked of the messages: by people of their own, by auditors of a dossier's."""

from typing import Any
from uuid import UUID

import asyncpg

from contracts.http.notification import InboxMessage, MessageRecord
from contracts.values import DossierId, PersonId

from .message import Words
from .telling import KnownDossier

_INBOX = """
    select message_id, dossier_id, about, words, happened_at, opened_at from messages
    where channel = 'inbox' and person_id = $1 and ($2::uuid is null or
      (happened_at, message_id) <
      (select happened_at, message_id from messages where message_id = $2 and person_id = $1))
    order by happened_at desc, message_id desc limit $3
"""
_OF_DOSSIER = """
    select message_id, person_id, dossier_id, about, cause, channel, happened_at, written_at,
      sent_at, opened_at, failed_at, failed_for,
      case when failed_at is not null then 'failed' when opened_at is not null then 'opened'
        when sent_at is not null then 'sent' else 'waiting' end as state
    from messages where dossier_id = $1
      and ($2::uuid is null or (happened_at, message_id) >
        (select happened_at, message_id from messages where message_id = $2))
    order by happened_at, message_id limit $3
"""


class Queries:
    """Reads the tables."""

    def __init__(self, pool: "asyncpg.Pool[Any]", portal: str) -> None:
        """Take the service's database, and where people see their dossiers."""
        self._pool, self._portal = pool, portal

    def link(self, dossier: UUID | None) -> str:
        """Give the address where a person sees a dossier."""
        return f"{self._portal}/dossiers/{dossier}" if dossier else self._portal

    async def inbox(self, person: PersonId, before: UUID | None, limit: int) -> list[InboxMessage]:
        """List a person's messages, the newest first."""
        rows = await self._pool.fetch(_INBOX, person, before, limit)
        return [self._shown(row) for row in rows]

    def _shown(self, row: "asyncpg.Record") -> InboxMessage:
        words = Words.model_validate_json(row["words"])
        facts = {name: value for name, value in row.items() if name != "words"}
        link = self.link(row["dossier_id"])
        return InboxMessage.model_validate({**facts, **words.model_dump(), "link": link})

    async def in_inbox(self, message: UUID, person: PersonId) -> bool:
        """Tell whether a message is in a person's inbox."""
        return await self._pool.fetchval(
            "select exists (select from messages "
            "where message_id = $1 and person_id = $2 and channel = 'inbox')",
            message,
            person,
        )

    async def of_dossier(
        self, dossier: DossierId, after: UUID | None, limit: int
    ) -> list[MessageRecord]:
        """List what was told about a dossier, in the order of what happened."""
        rows = await self._pool.fetch(_OF_DOSSIER, dossier, after, limit)
        return [MessageRecord.model_validate(dict(row)) for row in rows]

    async def dossier(self, dossier: UUID) -> KnownDossier | None:
        """Give what is known of a dossier."""
        row = await self._pool.fetchrow("select * from dossiers where dossier_id = $1", dossier)
        return KnownDossier(**row) if row else None
