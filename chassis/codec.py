"""Events to stored bytes and back. Pure but for the nonces of sealing.

The stored bytes are the published bytes: for a public event there is nothing to take out. Old
versions are turned into today's class on reading, never in the log.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, cast
from uuid import UUID

import orjson
from pydantic import BaseModel

from contracts.event import Event

from .personal import place, seal, unseal

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
LARGEST = 256 * 1024
"""Bytes an event may have: one that the broker refuses would stop the relay for ever."""


class EventTooLarge(Exception):
    """An event passes the size that the bus carries."""


class UnknownEvent(Exception):
    """No class here goes by this wire name."""


class Codec:
    """The events a service may find in its log, by wire name."""

    def __init__(
        self,
        events: Iterable[type[Event]],
        upcasters: Mapping[str, tuple[str, Upcaster]] | None = None,
    ) -> None:
        """Register classes; `upcasters` maps a retired wire name to its successor and how to get
        there.
        """
        self._classes = {event.wire_name: event for event in events}
        self._upcasters = dict(upcasters or {})

    def knows(self, wire_name: str) -> bool:
        """Tell whether events of this name can be read."""
        return wire_name in self._classes or wire_name in self._upcasters

    def encode(self, event: Event, stream: str, version: int, data_key: bytes | None) -> bytes:
        """Write an event as JSON; its personal part, if it has one, sealed for this very place."""
        personal = personal_part(event)
        if personal is None:
            data = event.model_dump_json().encode()
        else:
            assert data_key is not None, f"{stream} has no key for its personal parts"
            key_id = _key_id(stream)
            content = personal.model_dump_json().encode()
            plain = event.model_dump(mode="json", exclude={"personal"})
            plain["personal"] = seal(
                data_key, content, bound_to=place(stream, version, event.wire_name, key_id)
            )
            data = orjson.dumps(plain)
        if len(data) > LARGEST:
            raise EventTooLarge(event.wire_name)
        return data

    def decode(
        self, wire_name: str, data: bytes, stream: str, version: int, data_key: bytes | None
    ) -> Event:
        """Read an event; its personal part is None when its key is gone."""
        if wire_name not in self._upcasters:
            cls = self._classes.get(wire_name)
            if cls is None:
                raise UnknownEvent(wire_name)
            if not has_personal(cls):
                return cls.model_validate_json(data)
        payload = cast("dict[str, Any]", orjson.loads(data))
        sealed = payload.get("personal")
        if isinstance(sealed, str):
            bound_to = place(stream, version, wire_name, _key_id(stream))
            opened = None if data_key is None else unseal(data_key, sealed, bound_to=bound_to)
            payload["personal"] = None if opened is None else orjson.loads(opened)
        while wire_name in self._upcasters:
            wire_name, upcast = self._upcasters[wire_name]
            payload = upcast(payload)
        return self._classes[wire_name].model_validate_json(orjson.dumps(payload))


def personal_part(event: Event) -> BaseModel | None:
    """Give what of an event is sealed, if anything is."""
    if not has_personal(type(event)):
        return None
    return cast("BaseModel | None", getattr(event, "personal", None))


@cache  # a class keeps its fields; and asking a model for one that it lacks is dear
def has_personal(event: type[Event]) -> bool:
    """Tell whether events of this class have something to seal."""
    return "personal" in event.model_fields


def _key_id(stream: str) -> UUID:
    return UUID(stream[-36:])
