"""One dossier read from its log: whole, or as it was at an instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import orjson

from chassis.event_store import EventStore, Logged
from contracts.values import DossierId

from .dossier import DossierEvent, decider
from .timeline import Happened


async def log_of(
    store: EventStore, dossier: DossierId, until: datetime | None = None
) -> tuple[list[Happened], list[Logged]]:
    """Give what had happened to a dossier until an instant, opened, and as the log holds it."""
    stream = f"{decider.category}-{dossier}"
    logged = await store.logged(stream)
    history = await store.history(stream)
    events = cast("Sequence[DossierEvent]", history.events)
    pairs = [
        (_happened(event, entry), entry)
        for event, entry in zip(events, logged, strict=False)
        if until is None or entry.recorded_at <= until
    ]
    return [happened for happened, _ in pairs], [entry for _, entry in pairs]


def _happened(event: DossierEvent, logged: Logged) -> Happened:
    actor = str(orjson.loads(logged.meta)["actor"])
    return Happened(event, actor, logged.recorded_at, logged.version, logged.position)
