"""Callers of every kind before the doors of a service that knows something of An's.

    answer = await house.knock("GET /payments/{payment_id}", house.headers("stranger"))

What the service knows is named as in the addresses of its doors: `house.things["payment_id"]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from at_hand import as_service, signed_in
from good_files import pdf
from rights_at_hand import RIGHTS, Door
from servers_at_hand import Database
from submission_at_hand import named

from contracts.values import DeskRole, PersonId

SERVICES = ("accounts", "catalogue", "submission", "payment", "notification")
AN, BINH, MAI, FAR, NEW, ADMINISTRATOR, AUDITOR = (PersonId(uuid4()) for _ in range(7))
"""Two citizens; an officer with every role; one of another commune; one not yet appointed."""

CALLERS: Mapping[str, tuple[str, UUID]] = {
    "owner": ("citizen", AN),
    "stranger": ("citizen", BINH),
    "organisation": ("organisation", uuid4()),
    "officer": ("staff", MAI),
    "officer elsewhere": ("staff", FAR),
    "not appointed": ("staff", NEW),
    "administrator": ("administrator", ADMINISTRATOR),
    "auditor": ("auditor", AUDITOR),
}
OFFICERS: Mapping[str, tuple[str, UUID]] = {role: ("staff", uuid4()) for role in DeskRole}
"""One officer for each desk role, at the agency An turned to."""
PASSING = ("reads", "tries", "counters", "number_gaps")
"""Tables that say who looked, who tried, which number was drawn in vain: no change of anything."""


_FINGERPRINT = "select md5(coalesce(string_agg(t::text, ';' order by t::text), '')) from \"{}\" t"


@dataclass(frozen=True)
class House:
    """One service, its database, and what it knows."""

    service: str
    http: httpx.AsyncClient
    database: Database
    things: Mapping[str, str]
    persons: Mapping[str, UUID] = field(default_factory=dict[str, UUID])

    def headers(self, caller: str, *, seen: int | None = None) -> dict[str, str]:
        """Give the headers of somebody's request; a caller nobody knows is a service."""
        known = {**CALLERS, **OFFICERS}
        if caller not in known:
            return as_service(caller, self.service)
        kind, person = known[caller]
        return signed_in(kind, self.persons.get(caller, person), seen=seen)

    @property
    def rights(self) -> Mapping[str, Door]:
        """Say who may pass which door."""
        return RIGHTS[self.service]

    def welcome(self, door: str) -> dict[str, str]:
        """Give the headers of somebody whom a door lets in, who saw what never was."""
        how = self.rights.get(door)
        return self.headers(how.into.split(", ")[0], seen=999) if how else {}

    async def doors(self) -> dict[str, dict[str, Any]]:
        """List what the OpenAPI document names: doors as "GET /path", and what is said of them."""
        document = (await self.http.get("/openapi.json")).json()
        paths: dict[str, dict[str, Any]] = document["paths"]
        return {
            f"{method.upper()} {path}": operation
            for path, operations in paths.items()
            for method, operation in operations.items()
        }

    async def knock(
        self, door: str, headers: Mapping[str, str | bytes], *, at: str = "", content: Any = None
    ) -> httpx.Response:
        """Go to a door with what it takes, or with something else; to another address if asked."""
        method, path = door.split(" ")
        how = self.rights.get(door, Door())
        if content is None and how.file:
            content = pdf()
        given = {
            name: said if isinstance(said, bytes) else said.encode()
            for name, said in {**named("tệp.pdf"), **headers}.items()
        }
        sent: dict[str, Any] = {"json": how.body} if content is None else {"content": content}
        return await self.http.request(
            method,
            at or self.address(path),
            **sent,
            params=None if at and "?" in at else dict(how.query),
            headers={name.encode(): said for name, said in given.items()},
        )

    def address(self, path: str, **instead: str) -> str:
        """Fill a door's path in with what the service knows, but for what stands instead."""
        return path.format_map({**self.things, **instead})

    async def version(self) -> int:
        """Give the version of An's dossier or payment."""
        kind = {"submission": "dossier", "payment": "payment"}[self.service]
        stream = f"{kind}-{self.things[f'{kind}_id']}"
        connection = await asyncpg.connect(self.database.url("app"))
        try:
            return await connection.fetchval(
                "select max(version) from events where stream = $1", stream
            )
        finally:
            await connection.close()

    async def everything(self) -> dict[str, str]:
        """Give a fingerprint of every table, to see that nothing changed."""
        connection = await asyncpg.connect(self.database.url("postgres"))
        try:
            tables = await connection.fetch(
                "select tablename from pg_tables where schemaname = 'public'"
            )
            return {
                name: await connection.fetchval(_FINGERPRINT.format(name))
                for (name,) in tables
                if name not in PASSING
            }
        finally:
            await connection.close()
