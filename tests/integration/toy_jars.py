"""A toy for the tests of the chassis: jars that beads are put into, and shelves that hear of it.

`toy` publishes; `shelf` reacts to it with an event of its own for every event it is told, and
never looks whether it was told before: what the chassis lets through twice is there twice.
"""

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from pydantic import BaseModel

from chassis.changes import Origin, Put, Scribe
from chassis.codec import Codec
from chassis.command_handling import CommandHandler
from chassis.database import open_pool
from chassis.decider import Decider, Refusal
from chassis.event_store import EventStore
from chassis.personal import MasterKeys
from chassis.reactions import Effect, Reactions, To
from chassis.waking import CommitBell
from contracts.envelope import Envelope
from contracts.event import Event

KEY_TEXT = "test:" + base64.b64encode(bytes(range(32))).decode()
KEYS = MasterKeys.from_text(KEY_TEXT)
SOMEBODY = Origin("test:somebody", "toy-correlation")


class BeadAdded(Event, named="toy.bead-added.v1"):
    """Published, as if it stood in contracts/."""

    __module__ = "contracts.toy"

    jar: UUID
    bead: int
    weight: str = ""


class JarOpened(Event, named="toy.jar-opened.v1"):
    """Published; the shelf has no reaction to it."""

    __module__ = "contracts.toy"

    jar: UUID


class Wish(BaseModel):
    """What somebody wrote on a note."""

    words: str


class NoteSlipped(Event, named="toy.note-slipped.v1"):
    """Private, with a personal part."""

    personal: Wish | None


class Full(Refusal):
    """Lọ đã đầy. | The jar is full."""


@dataclass(frozen=True)
class Jar:
    """What a jar remembers."""

    beads: tuple[int, ...] = ()


@dataclass(frozen=True)
class AddBead:
    """Put a bead in; the number 13 finds the jar full."""

    jar: UUID
    bead: int
    weight: str = ""


@dataclass(frozen=True)
class SlipNote:
    """Put a note in, which nobody else reads."""

    words: str


ToyEvent = BeadAdded | JarOpened | NoteSlipped


def decide(command: AddBead | SlipNote, jar: Jar) -> list[ToyEvent]:
    """Decide about a jar."""
    match command:
        case AddBead(bead=13):
            raise Full
        case AddBead(id_, bead, weight) if not jar.beads:
            return [JarOpened(jar=id_), BeadAdded(jar=id_, bead=bead, weight=weight)]
        case AddBead(id_, bead, weight):
            return [BeadAdded(jar=id_, bead=bead, weight=weight)]
        case SlipNote(words):
            return [NoteSlipped(personal=Wish(words=words))]


def evolve(jar: Jar, event: ToyEvent) -> Jar:
    """Remember the beads."""
    return replace(jar, beads=(*jar.beads, event.bead)) if isinstance(event, BeadAdded) else jar


toy = Decider(
    category="jar",
    initial=Jar(),
    decide=decide,
    evolve=evolve,
    events=(BeadAdded, JarOpened, NoteSlipped),
)


class BeadSeen(Event, named="shelf.bead-seen.v1"):
    """What the shelf writes down for each event it is told."""

    bead: int
    source: UUID
    before: int


@dataclass(frozen=True)
class SeeBead:
    """Write down that a bead was seen."""

    bead: int
    source: UUID


def see(command: SeeBead, seen: int) -> list[BeadSeen]:
    """Write every bead down; the bead 7 finds no place until six were seen."""
    if command.bead == 7 and seen < 6:
        raise Full
    return [BeadSeen(bead=command.bead, source=command.source, before=seen)]


shelf = Decider[SeeBead, int, BeadSeen](
    category="shelf",
    initial=0,
    decide=see,
    evolve=lambda seen, _: seen + 1,
    events=(BeadSeen,),
)

SHELF_SCHEMA = """
create table if not exists last_bead (jar uuid primary key, bead int not null check (bead < 1000));
grant select, insert, update, delete on last_bead to :app;
"""


def shelf_reactions() -> Reactions:
    """Give what the shelf does about beads: an event, and a row with the jar's last bead."""
    react = Reactions()

    @react.to(BeadAdded)
    def see_bead(added: BeadAdded, envelope: Envelope) -> list[Effect]:
        if added.bead == 666:
            raise RuntimeError("this reaction has a bug")
        row = Put("last_bead", {"jar": added.jar}, {"bead": added.bead})
        return [To(added.jar, SeeBead(added.bead, envelope.event_id)), row]

    return react


async def until(condition: Callable[[], object]) -> None:
    """Wait for something, half a minute at most."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.02)


class Place(Protocol):
    """A test's own database."""

    def url(self, role: str) -> str:
        """Give its address for a role."""
        ...


@asynccontextmanager
async def jars(url: str) -> AsyncGenerator[CommandHandler[AddBead | SlipNote, Jar, ToyEvent]]:
    """Run a process's worth of the toy: pool, writer, bell."""
    async with log(url, (*toy.events,)) as store:
        yield CommandHandler(store, toy)


@asynccontextmanager
async def log(url: str, events: tuple[type[Event], ...]) -> AsyncGenerator[EventStore]:
    """Open a log and run its writer and its bell."""
    pool = await open_pool(url, 6)
    store = EventStore(pool, Scribe(Codec(events), KEYS))
    writer = asyncio.create_task(store.run())
    try:
        async with CommitBell(store):
            yield store
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
        pool.terminate()
