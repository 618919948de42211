"""A service assembled: one value says what it is, and the same few functions run its API and its
worker.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from fastapi import APIRouter, FastAPI

from contracts.event import Event

from .appointments import Appointments
from .auth import ServiceTokens, TokenVerifier, routes_without_permission
from .blobs import Blobs
from .changes import Scribe
from .clock import utc_now
from .codec import Codec, Upcaster
from .command_handling import CommandHandler
from .database import check_promises, open_pool
from .decider import Decider
from .errands import Errand, Sweep
from .event_store import DATABASE_AWAY, EventStore
from .feed import feed_routes
from .limits import Limited
from .personal import MasterKeys
from .probes import probes
from .problems import PROBLEMS, install_problems
from .projecting import ReadModel
from .reactions import Reactions
from .replaying import Feeds, replay_routes
from .settings import Settings
from .telemetry import Observed
from .tracing import FRAMEWORK_SILENT, hand_on
from .waking import CommitBell


@dataclass(frozen=True, slots=True)
class Tools:
    """What the doors of a service work with; opened once per process."""

    settings: Settings
    pool: "asyncpg.Pool[Any]"
    store: EventStore
    commands: CommandHandler[Any, Any, Any]
    blobs: Blobs
    http: httpx.AsyncClient
    tokens: ServiceTokens
    appointments: Appointments
    now: Callable[[], datetime] = utc_now


def _no_routes(_: Tools) -> Sequence[APIRouter]:
    return ()


def _no_errands(_: Tools) -> Mapping[str, Errand]:
    return {}


def _no_sweeps(_: Tools) -> Sequence[Sweep]:
    return ()


@dataclass(frozen=True)
class Service:
    """What a service is: its events, its tables, its rules and its doors."""

    name: str
    title: str
    events: Sequence[type[Event]]
    schemas: Sequence[Path]
    decider: Decider[Any, Any, Any] | None = None
    read_models: Sequence[ReadModel] = ()
    routes: Callable[[Tools], Sequence[APIRouter]] = _no_routes
    reactions: Reactions | None = None
    errands: Callable[[Tools], Mapping[str, Errand]] = _no_errands
    sweeps: Callable[[Tools], Sequence[Sweep]] = _no_sweeps
    upcasters: Mapping[str, tuple[str, Upcaster]] = field(
        default_factory=dict[str, tuple[str, Upcaster]]
    )


@asynccontextmanager
async def open_tools(service: Service, settings: Settings) -> AsyncGenerator[Tools]:
    """Open a service's database, files and clients, and run its writer, until the block ends."""
    pool = await open_pool(settings.database_url.get_secret_value(), settings.pool_size)
    calls = httpx.AsyncClient(timeout=10, trust_env=False, event_hooks={"request": [hand_on]})
    async with pool, calls as http:
        await check_promises(pool)
        keys = MasterKeys.from_text(settings.master_keys.get_secret_value())
        scribe = Scribe(Codec(service.events, service.upcasters), keys)
        store = EventStore(pool, scribe, service.name)
        decider = service.decider or Decider[Any, Any, Event](
            service.name, None, _nothing, _forget, ()
        )
        tools = Tools(
            settings=settings,
            pool=pool,
            store=store,
            commands=CommandHandler(store, decider, [model.row for model in service.read_models]),
            blobs=Blobs(settings.blobs_url, service.name),
            http=http,
            tokens=ServiceTokens(
                settings.url_of("accounts"),
                service.name,
                settings.service_secret.get_secret_value(),
                http,
            ),
            appointments=Appointments(pool),
        )
        writer = asyncio.create_task(store.run())
        try:
            yield tools
        finally:
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer


def _common_routes(service: Service, tools: Tools) -> list[APIRouter]:
    """Give the doors that every service with a log has."""
    doors = [feed_routes(tools.store)]
    if service.reactions:
        feeds = Feeds(tools.settings.url_of, tools.tokens, tools.http)
        doors.append(replay_routes(tools.store, tools.commands, service.reactions, feeds))
    return doors


def api(service: Service, settings: Settings) -> FastAPI:
    """Build a service's HTTP API. It writes to Postgres only and needs no broker."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_tools(service, settings) as tools, CommitBell(tools.store):
            app.state.verifier = TokenVerifier(
                f"{settings.url_of('accounts')}/.well-known/jwks.json", service.name, tools.http
            )
            app.state.appointments = tools.appointments
            app.state.pool = tools.pool
            for router in (*service.routes(tools), *_common_routes(service, tools)):
                app.include_router(router)
            if unguarded := routes_without_permission(app):
                raise RuntimeError(f"routes without a permission: {unguarded}")
            yield

    app = FastAPI(
        title=service.title,
        version="1",
        lifespan=lifespan,
        redoc_url=None,
        responses=PROBLEMS,
        telemetry=FRAMEWORK_SILENT,
    )
    install_problems(app)
    app.add_middleware(Limited)
    app.add_middleware(Observed, service=service.name)

    async def hindrances() -> dict[str, str]:
        try:
            async with asyncio.timeout(2):
                await app.state.pool.fetchval("select 1")
        except DATABASE_AWAY:
            return {"database": "does not answer"}
        return {}

    app.include_router(probes("api", hindrances))
    return app


def _nothing(command: object, _: object) -> list[Event]:
    raise TypeError(f"{type(command).__name__} has no rules here")


def _forget(state: object, _: Event) -> object:
    return state
