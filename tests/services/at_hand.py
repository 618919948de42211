"""A service's HTTP API on a database of its own, and tokens for whoever calls it. For tests.

    async with running_api("payment", await database("payment")) as client:
        answer = await client.get("/payments", headers=signed_in("citizen", AN))

The API is the real one, served on a port; the keys that verify its callers are fetched over HTTP,
from accounts itself or from a small server in its place. Nothing else runs: no broker, and the
clock only where `running_clock` is asked for.
"""

import asyncio
import importlib
import json
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from servers_at_hand import MASTER_KEYS, Database, free_port
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chassis.clock_role import ClockRole
from chassis.service import Service, Tools, api, open_tools
from chassis.settings import SERVICES, Settings

KEY = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)
"""Signs the tokens of all tests."""


def token(
    kind: str, subject: UUID | str | None = None, *, audience: str = "motcua", seconds: int = 300
) -> str:
    """Sign a token: of a person, or, with the target as audience, of a service by its name."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": "motcua-accounts",
        "sub": str(subject or uuid4()),
        "kind": kind,
        "aud": audience,
        "iat": now,
        "auth_time": now,
        "exp": now + seconds,
    }
    header = {"alg": "EdDSA", "kid": KEY.kid, "typ": "at+jwt"}
    return jwt.encode(header, claims, KEY, algorithms=["EdDSA"])


def signed_in(
    kind: str, person: UUID | None = None, *, key: str | None = None, seen: int | None = None
) -> dict[str, str]:
    """Give the headers of a person's request: token, a new Idempotency-Key, the version seen."""
    return _headers(token(kind, person), key, seen)


def as_service(name: str, target: str, *, key: str | None = None) -> dict[str, str]:
    """Give the headers of a service that calls another one."""
    return _headers(token("service", name, audience=target), key, None)


def _headers(bearer: str, key: str | None, seen: int | None) -> dict[str, str]:
    headers = {"authorization": f"Bearer {bearer}", "idempotency-key": key or uuid4().hex}
    return headers if seen is None else {**headers, "if-match": f'"{seen}"'}


def service_named(name: str) -> Service:
    """Give a service's assembly."""
    return getattr(importlib.import_module(f"services.{name}.main"), name)


@asynccontextmanager
async def running_api(
    service: str | Service, database: Database, **settings: Any
) -> AsyncGenerator[httpx.AsyncClient]:
    """Serve a service's API while the block lasts; gives a client of it.

    `client.base_url` is its address, for `accounts_url=…` and the like of another one beside it.
    """
    assembly = service_named(service) if isinstance(service, str) else service
    port = free_port()
    with tempfile.TemporaryDirectory() as blobs:
        async with _accounts(assembly.name, port, settings) as accounts:
            given = {"blobs_url": f"file://{blobs}", "accounts_url": accounts, **settings}
            app = api(assembly, settings_of(assembly.name, database, **given))
            async with (
                served(app, port) as url,
                httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client,
            ):
                yield client


@asynccontextmanager
async def running_clock(
    service: str | Service, database: Database, **settings: Any
) -> AsyncGenerator[Tools]:
    """Do a service's errands and sweeps while the block lasts; gives the tools it works with."""
    assembly = service_named(service) if isinstance(service, str) else service
    given = settings_of(assembly.name, database, **settings)
    async with open_tools(assembly, given) as tools:
        url = given.database_url.get_secret_value()
        errands, sweeps = assembly.errands(tools), assembly.sweeps(tools)
        clock = ClockRole(assembly.name, tools.store, tools.commands, url, errands, sweeps)
        running = asyncio.create_task(clock.run())
        try:
            yield tools
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def settings_of(service: str, database: Database, **settings: Any) -> Settings:
    """Give the settings of a service on a test's database."""
    secrets = {name: f"secret of {name}" for name in SERVICES}
    given: dict[str, Any] = {
        "env": "local",
        "service": service,
        "database_url": database.url("app"),
        "database_owner_url": database.url("owner"),
        "pool_size": 4,
        "master_keys": MASTER_KEYS,
        "service_secret": secrets.get(service, "secret"),
        "service_secrets": ",".join(f"{name}:{secret}" for name, secret in secrets.items()),
        "signing_key": json.dumps([KEY.as_dict(private=True)]),
        "pepper": "pepper for tests",
        "captcha_secret": "captcha for tests",
        "smtp_url": "smtp://127.0.0.1:9",
        **settings,
    }
    return Settings(**given)


@asynccontextmanager
async def served(app: Any, port: int | None = None) -> AsyncGenerator[str]:
    """Serve an ASGI app on this machine while the block lasts; gives its address."""
    port = port or free_port()
    config = uvicorn.Config(app, port=port, ws="none", log_config=None, access_log=False)
    server = _Quiet(config)
    running = asyncio.create_task(server.run_here())
    while not server.started and not running.done():  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.005)
    if not server.started:
        await running
        raise RuntimeError("the app did not start; its log says why")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


class _Quiet(uvicorn.Server):
    """Leaves Ctrl-C to pytest."""

    async def run_here(self) -> None:
        """Serve; where uvicorn would end the whole process, only this ends."""
        with suppress(SystemExit):
            await self.serve()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take no signals."""
        yield


@asynccontextmanager
async def _accounts(service: str, port: int, settings: dict[str, Any]) -> AsyncGenerator[str]:
    """Say where the keys are: at accounts, or at a server that has them and nothing else."""
    if "accounts_url" in settings or service == "accounts":
        yield f"http://127.0.0.1:{port}"
        return
    routes = [
        Route("/.well-known/jwks.json", _keys),
        Route("/service-tokens", _grant, methods=["POST"]),
    ]
    async with served(Starlette(routes=routes)) as url:
        yield url


async def _keys(_: Request) -> JSONResponse:
    return JSONResponse(KeySet([KEY]).as_dict(private=False))


async def _grant(request: Request) -> JSONResponse:
    asked = await request.json()
    granted = token("service", asked["service"], audience=asked["target"])
    return JSONResponse({"token": granted, "expires_in": 300})


async def appoint(database: Database, person: UUID, agency: str, *roles: str) -> None:
    """Let a service know of an appointment, as if accounts' event had been read."""
    connection = await asyncpg.connect(database.url("app"))
    try:
        await connection.execute(
            "insert into appointments values ($1, $2, $3, $4, now(), null)",
            *(uuid4(), person, agency, list(roles)),
        )
    finally:
        await connection.close()
