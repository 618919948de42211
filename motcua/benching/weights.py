"""The event that is moved about in benchmarks: public, some 500 bytes of JSON."""

from uuid import UUID

from chassis.changes import History, Origin, Unit
from chassis.clock import new_id, utc_now
from chassis.event_store import EventStore
from contracts.event import Event

FILLER = "x" * 400
SOMEBODY = Origin("bench:somebody", "bench")


class WeightMoved(Event, named="bench.weight-moved.v1"):
    """Published, as if it stood in contracts/."""

    __module__ = "contracts.bench"

    weight: UUID
    number: int
    filler: str = FILLER


def unit(store: EventStore, history: History, count: int = 1) -> Unit:
    """Put the next events of a weight into one change."""
    weight = UUID(history.stream[-36:])
    moved: list[Event] = [
        WeightMoved(weight=weight, number=history.version + n) for n in range(1, count + 1)
    ]
    return Unit((store.scribe.write(history, moved, SOMEBODY, utc_now()),))


def new_weight() -> History:
    """Begin with a new one."""
    return History(f"weight-{new_id()}")


async def fill(store: EventStore, events: int, per_stream: int = 12) -> None:
    """Write a log of weights, many streams at a time."""
    streams, group = events // per_stream, 400
    for begin in range(0, streams, group):
        many = [unit(store, new_weight(), per_stream) for _ in range(min(group, streams - begin))]
        await store.append_strict(many)
