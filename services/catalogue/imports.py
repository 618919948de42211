"""Files in: what they say that is new becomes commands. The same files again change nothing.

What administrators changed since the last import stays as they left it, until the files say
something else about that entry.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from chassis.changes import Origin, Put
from chassis.command_handling import CommandHandler
from chassis.event_store import EventStore

from .agency import RegisterAgency, agency_id
from .calendar import DeclareHolidays, year_id
from .importing import Catalogue
from .publishing import PublishProcedure, procedure_id
from .streams import Streams


@dataclass(frozen=True)
class Counts:
    """How many entries the files have, and how many of them said something new."""

    agencies: int
    procedures: int
    years: int
    new: int


@dataclass(frozen=True)
class _Entry:
    """One entry of the files: what it says, and the command that publishes it."""

    name: str
    says: Sequence[BaseModel]
    streams: CommandHandler[Any, Any, Any]
    stream: UUID
    command: object

    @cached_property
    def digest(self) -> bytes:
        """A fingerprint of what is said; fields that say nothing do not count."""
        said = [value.model_dump(mode="json", exclude_defaults=True) for value in self.says]
        return hashlib.sha256(orjson.dumps(said)).digest()

    async def publish(self, origin: Origin) -> None:
        """Publish it, and remember what it said."""
        note = Put("imported", {"entry": self.name}, {"digest": self.digest})
        await self.streams.handle(self.stream, self.command, origin, rows=[note])


async def publish_catalogue(
    catalogue: Catalogue, store: EventStore, origin: Origin, at: datetime
) -> Counts:
    """Publish what is new in a catalogue that was found sound: parents first, then what they do."""
    streams = Streams.of(store)
    agencies, years, procedures = (
        _agencies(catalogue, streams, at),
        _years(catalogue, streams, at),
        _procedures(catalogue, streams, at),
    )
    known = dict(await store.pool.fetch("select entry, digest from imported"))
    new = 0
    for entries in (agencies, years, procedures):
        news = [entry for entry in entries if known.get(entry.name) != entry.digest]
        await asyncio.gather(*(entry.publish(origin) for entry in news))
        new += len(news)
    return Counts(len(agencies), len(procedures), len(years), new)


def _agencies(catalogue: Catalogue, streams: Streams, at: datetime) -> list[_Entry]:
    return [
        _Entry(
            f"agency {agency.code}",
            [agency],
            streams.agencies,
            agency_id(agency.code),
            RegisterAgency(agency, at),
        )
        for agency in catalogue.agencies
    ]


def _years(catalogue: Catalogue, streams: Streams, at: datetime) -> list[_Entry]:
    return [
        _Entry(f"year {year}", days, streams.years, year_id(year), DeclareHolidays(year, days, at))
        for year, days in catalogue.years.items()
    ]


def _procedures(catalogue: Catalogue, streams: Streams, at: datetime) -> list[_Entry]:
    return [
        _Entry(
            f"procedure {version.key}",
            [version],
            streams.procedures,
            procedure_id(version.key),
            PublishProcedure(version, at),
        )
        for version in catalogue.procedures
    ]
