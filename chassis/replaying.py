"""What a service may have missed, told to it again from the owner's feed: how it is healed.

No row is mended by hand. What was missed is reacted to now, and so is all that came after it, in
order: what our log has answered already is passed over, and a copy ends as the last event leaves
it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import orjson
from fastapi import APIRouter
from pydantic import BaseModel, Field

from contracts.envelope import Envelope
from contracts.http.asked import Request

from .auth import Administrator, ServiceTokens
from .changes import Origin
from .command_handling import CommandHandler
from .event_store import EventStore, StreamMoved
from .feed import FeedEvent, FeedPage
from .following import units_of
from .idempotency import PlainCause
from .problems import Problem
from .reactions import Effect, Reactions, To, publisher_of

_PAGE = 500
_RACES = 5

Commands = CommandHandler[Any, Any, Any]


class Replay(Request):
    """Tell this service again what another published after a position of that one's log."""

    publisher: str = Field(max_length=40)
    after: int = Field(ge=0, le=2**62)


class Replayed(BaseModel):
    """How many events had not been answered, and how far we came. Ask again from there until
    `finished`.
    """

    told: int
    upto: int
    finished: bool


class Feeds:
    """Other services' feeds, read with this service's own token."""

    def __init__(
        self, url_of: Callable[[str], str], tokens: ServiceTokens, http: httpx.AsyncClient
    ) -> None:
        """Take where services answer, and the means to call them."""
        self._url_of, self._tokens, self._http = url_of, tokens, http

    async def page(self, publisher: str, after: int) -> FeedPage:
        """Read a page of a service's public events; Problem 503 while it is away."""
        try:
            answer = await self._http.get(
                f"{self._url_of(publisher)}/feed",
                params={"after": after, "limit": _PAGE},
                headers=await self._tokens.bearer(publisher),
            )
            answer.raise_for_status()
        except httpx.HTTPError as cause:
            raise Problem(503, "publisher-away", headers={"Retry-After": "5"}) from cause
        return FeedPage.model_validate_json(answer.content)


def replay_routes(
    store: EventStore, commands: Commands, reactions: Reactions, feeds: Feeds
) -> APIRouter:
    """Serve the door by which a service is told again."""
    router = APIRouter(tags=["healing"])
    publishers = sorted(publisher_of(topic) for topic in reactions.topics)

    @router.post("/replay")
    async def replay(administrator: Administrator, cause: PlainCause, body: Replay) -> Replayed:
        """Tell this service again what it may have missed: one page of the other's feed."""
        del administrator
        if body.publisher not in publishers:
            raise Problem(
                422,
                "not-a-publisher",
                f"Dịch vụ này chỉ nghe: {', '.join(publishers)}.",
                f"This service listens to {', '.join(publishers)} only.",
            )
        page = await feeds.page(body.publisher, body.after)
        known = [event for event in page.events if reactions.knows(event.type)]
        missed = 0
        for told in known:
            event = reactions.read(told.type, orjson.dumps(told.data))
            effects = reactions.react(event, _envelope(body.publisher, told, cause))
            if not await _answered(store, commands, effects, told.id):
                origin = Origin(cause.actor, cause.correlation, told.id, cause.traceparent)
                await _commit(store, commands, effects, origin)
                missed += 1
        return Replayed(told=missed, upto=page.next, finished=page.next >= page.head)

    return router


async def _answered(
    store: EventStore, commands: Commands, effects: Sequence[Effect], event_id: str
) -> bool:
    """Tell whether our log has an answer to that event already: every event names its cause."""
    for effect in effects:
        if isinstance(effect, To):
            for logged in await store.logged(commands.stream(effect.aggregate)):
                if orjson.loads(logged.meta).get("causation") == event_id:
                    return True
    return False


async def _commit(
    store: EventStore, commands: Commands, effects: Sequence[Effect], origin: Origin
) -> None:
    """Commit what follows from one event; a lost race decides it again."""
    for race in range(1, _RACES + 1):
        try:
            await store.append_strict(await units_of(store, commands, [(effects, origin)]))
        except StreamMoved:
            if race == _RACES:
                raise
        else:
            return


def _envelope(publisher: str, told: FeedEvent, cause: Origin) -> Envelope:
    return Envelope(
        event_id=UUID(told.id),
        type=told.type,
        service=publisher,
        stream=told.subject,
        version=told.version,
        position=told.position,
        time=datetime.fromisoformat(told.time),
        correlation=cause.correlation,
    )
