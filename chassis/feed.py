"""`GET /feed?after=`: the service's public events in commit order, for other
services and auditors.
"""

import base64
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel

from .auth import AuditorOrService
from .event_store import EventStore, Logged


class FeedEvent(BaseModel):
    """One published event with what proves its place: `hash` is base64."""

    position: int
    id: str
    type: str
    subject: str
    version: int
    time: str
    data: dict[str, Any]
    hash: str


class FeedPage(BaseModel):
    """A page of the feed. Ask again with `after` = `next`; `head` is the log's present end."""

    events: list[FeedEvent]
    next: int
    head: int


def feed_routes(store: EventStore) -> APIRouter:
    """Serve the feed of one service."""
    router = APIRouter(tags=["feed"])

    @router.get("/feed")
    async def feed(
        reader: AuditorOrService,
        after: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> FeedPage:
        """Read public events on from a position."""
        del reader
        page = await store.page(after, limit)
        last = page[-1].position if page else after
        return FeedPage(
            events=[_shown(e) for e in page if e.public], next=last, head=await store.head()
        )

    return router


def _shown(event: Logged) -> FeedEvent:
    return FeedEvent(
        position=event.position,
        id=str(event.event_id),
        type=event.type,
        subject=event.stream,
        version=event.version,
        time=event.recorded_at.isoformat(),
        data=orjson.loads(event.data),
        hash=base64.b64encode(event.hash).decode(),
    )
