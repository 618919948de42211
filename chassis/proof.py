"""The hash chain of a stream: what makes careless or partial changes of history visible. Pure.

The chain alone finds a change whose author did not recompute it. Whoever may write the database may
also recompute every hash; only a copy of the heads kept elsewhere catches that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct
from uuid import UUID

GENESIS = bytes(32)
"""What stands before the first event of every stream."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TAG = b"es1\0"
_BEFORE_STREAM = Struct(">4s32sH")
_BEFORE_TYPE = Struct(">Q16sH")
_AFTER_TYPE = Struct(">q32s32s")
_PLACE = Struct(">32sq?")


@dataclass(frozen=True, slots=True)
class Link:
    """What the hash of one event covers: everything but its position, which `place_of` covers."""

    stream: str
    version: int
    event_id: UUID
    type: str
    recorded_at: datetime
    data: bytes
    meta: bytes


def link_hash(previous: bytes, link: Link) -> bytes:
    """Compute the SHA-256 of one event, chained to the hash of the event before it in its stream.

    Layout: tag ‖ previous ‖ u16 length ‖ stream ‖ u64 version ‖ event id ‖ u16 length ‖ type ‖
    i64 recorded microseconds ‖ SHA-256(meta) ‖ SHA-256(data); big-endian, texts in UTF-8.
    """
    stream, kind = link.stream.encode(), link.type.encode()
    microseconds = (link.recorded_at - _EPOCH) // _MICROSECOND
    contents = sha256(link.meta).digest(), sha256(link.data).digest()
    return sha256(
        _BEFORE_STREAM.pack(_TAG, previous, len(stream))
        + stream
        + _BEFORE_TYPE.pack(link.version, link.event_id.bytes, len(kind))
        + kind
        + _AFTER_TYPE.pack(microseconds, *contents)
    ).digest()


def place_of(hash_: bytes, position: int, public: bool) -> bytes:
    """Bind an event's hash to its place in the log and to whether it is published: the first 16
    bytes of the SHA-256 of hash ‖ i64 position ‖ u8 public, big-endian.
    """
    return sha256(_PLACE.pack(hash_, position, public)).digest()[:16]


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a log does not hold together; no stream where nothing is left to tell it."""

    stream: str
    position: int
    cause: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One event as a log holds it."""

    position: int
    public: bool
    hash: bytes
    place: bytes
    link: Link


class Verifier:
    """Checks a whole log, read in the order of positions: dense positions, dense versions, every
    chain.
    """

    def __init__(self) -> None:
        self.events = 0
        self.breaks: list[Break] = []
        self._next = 1
        self._tips: dict[str, tuple[int, bytes]] = {}
        self._last: dict[str, int] = {}

    def check(self, page: Iterable[Stored]) -> None:
        """Go on with the next events; what is wrong is added to `breaks`."""
        for stored in page:
            self.events += 1
            self._check_position(stored)
            self._check_chain(stored)

    def _check_position(self, stored: Stored) -> None:
        if stored.position != self._next:
            gone = f"positions {self._next} to {stored.position - 1} are missing"
            self.breaks.append(Break("", self._next, gone))
        if place_of(stored.hash, stored.position, stored.public) != stored.place:
            moved = "the event is not where it was put, or not as public as it was"
            self.breaks.append(Break(stored.link.stream, stored.position, moved))
        self._next = stored.position + 1

    def _check_chain(self, stored: Stored) -> None:
        link = stored.link
        version, previous = self._tips.get(link.stream, (0, GENESIS))
        if link.version != version + 1:
            cause = f"version {link.version} follows version {version}"
            self.breaks.append(Break(link.stream, stored.position, cause))
        elif link_hash(previous, link) != stored.hash:
            self.breaks.append(
                Break(link.stream, stored.position, "the event is not what was hashed")
            )
        self._tips[link.stream] = (link.version, stored.hash)
        self._last[link.stream] = stored.position

    def finish(self, head: int, tips: dict[str, tuple[int, bytes]]) -> None:
        """Compare the end of the log with its head and with the tip the database holds of every
        stream.
        """
        if head != self._next - 1:
            cause = f"the log ends at {self._next - 1}, its head says {head}"
            self.breaks.append(Break("", self._next, cause))
        for stream in sorted(tips.keys() | self._tips.keys()):
            told, found = tips.get(stream), self._tips.get(stream)
            if told != found:
                cause = f"its tip is {_version(told)}, its last event in the log {_version(found)}"
                self.breaks.append(Break(stream, self._last.get(stream, 0), cause))


def _version(tip: tuple[int, bytes] | None) -> str:
    return f"version {tip[0]} ({tip[1].hex()[:8]})" if tip else "missing"
