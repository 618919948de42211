"""HTTP in: people read their inbox, auditors look up who was told what. No rules here."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.auth import AuditorOrService, SignedIn
from chassis.command_handling import Accepted, CommandHandler
from chassis.idempotency import PlainCause
from chassis.problems import Problem
from chassis.service import Tools
from contracts.http.notification import InboxMessage, MessageRecord
from contracts.values import DossierId

from .message import Message, MessageCommand, OpenMessage
from .queries import Queries

Messages = CommandHandler[MessageCommand, Message, Any]


def routes(tools: Tools, queries: Queries) -> Sequence[APIRouter]:
    """Give all routes of the service."""
    return _inbox(tools.commands, queries, tools.now), _auditing(queries)


def _inbox(messages: Messages, queries: Queries, now: Callable[[], datetime]) -> APIRouter:
    """What people do with their messages."""
    router = APIRouter(tags=["inbox"])

    @router.get("/messages")
    async def mine(
        reader: SignedIn,
        before: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> list[InboxMessage]:
        """List my messages, the newest first; `before` is the last one of the page before."""
        assert reader.person_id is not None
        return await queries.inbox(reader.person_id, before, limit)

    @router.post("/messages/{message_id}/opening")
    async def open_message(reader: SignedIn, cause: PlainCause, message_id: UUID) -> Accepted:
        """Say that I have read a message of mine; again is no different."""
        assert reader.person_id is not None
        if not await queries.in_inbox(message_id, reader.person_id):
            raise Problem(404, "not-found")
        return await messages.handle(message_id, OpenMessage(at=now()), cause)

    return router


def _auditing(queries: Queries) -> APIRouter:
    """What auditors and other services may see."""
    router = APIRouter(tags=["audit"])

    @router.get("/audit/messages")
    async def of_dossier(
        reader: AuditorOrService,
        dossier: UUID,
        after: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    ) -> list[MessageRecord]:
        """List who was told what about a dossier, in the order of what happened."""
        del reader
        return await queries.of_dossier(DossierId(dossier), after, limit)

    return router
