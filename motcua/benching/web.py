"""HTTP: handing in through the submission service while a whole province runs, beside a bare
FastAPI endpoint with one INSERT, on the same server.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import altcha
import httpx
import orjson

from chassis.clock import new_id, utc_now
from chassis.settings import PORTS
from motcua.catalogue import import_catalogue
from motcua.local.child import Child, Process
from motcua.local.children import Children
from motcua.local.people import ensure_people
from motcua.local.sample_people import AGENCY
from motcua.starting import running_province
from motcua.walking.citizen import Citizen, Errand
from motcua.walking.province import Province
from services.submission.captcha import Captcha

from .figures import Figure, beside
from .ground import free_block
from .wire import Wire, request

CALLERS = 32


async def handing_in(dossiers: int, rounds: int) -> Figure:
    """Hand in prepared drafts as fast as they are taken."""
    async with _province() as children, _bare(children) as bare_port:
        ready = iter([await _prepared(children, dossiers) for _ in range(rounds)])
        plain = [_submission(UUID(int=n), "captcha", "token") for n in range(dossiers)]
        port = children.port + PORTS["submission"]
        ours, bare = await beside(
            lambda: _sent(port, next(ready)), lambda: _sent(bare_port, plain), rounds
        )
    return Figure(
        "HTTP submit, whole", "requests/s", ours, bare, "bare FastAPI and INSERT", bar=0.5
    )


@asynccontextmanager
async def _province() -> AsyncGenerator[Children]:
    home = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    await asyncio.to_thread(home.chmod, 0o755)
    try:
        async with running_province(home, free_block(), lambda _: None) as children:
            await import_catalogue(settings=children.settings("catalogue"))
            await ensure_people(children.settings("accounts"))
            yield children
    finally:
        await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)


@asynccontextmanager
async def _bare(children: Children) -> AsyncGenerator[int]:
    port = children.port + len(PORTS)
    settings = children.settings("submission")
    url = settings.database_owner_url.get_secret_value()

    async def ready() -> bool:
        return await _listens(port)

    child = Child(
        name="bare",
        command=(sys.executable, "-m", "motcua.benching.bare_web"),
        ready=ready,
        env={"BENCH_URL": url, "BENCH_PORT": str(port)},
    )
    process = Process(child, children.home)
    await process.start()
    try:
        yield port
    finally:
        await process.stop()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def _prepared(children: Children, dossiers: int) -> list[bytes]:
    """Register a citizen, write drafts that lack nothing, and solve a puzzle for each."""
    settings = children.settings("submission")
    captcha = settings.captcha_secret.get_secret_value()
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        province = Province(children.settings("portal"), http)
        procedure = await _without_papers(province)
        citizen = Citizen(province, Errand(procedure, AGENCY, "online"))
        await citizen.register()
        ready: list[bytes] = []
        for _ in range(dossiers):
            citizen.errand.dossier = new_id()
            await citizen.begin()
            solution = await asyncio.to_thread(_solved, captcha)
            ready.append(_submission(citizen.errand.dossier, solution, citizen.caller.token))
        return ready


async def _without_papers(province: Province) -> dict[str, Any]:
    """Find a procedure where nothing but the form is asked for, and nothing is owed."""
    query = {"limit": 300, "level": 4}
    listed = (await province.call("GET", "catalogue", "/procedures", params=query)).json()
    for item in listed["procedures"]:
        path = f"/procedures/{item['key']}"
        procedure = (await province.call("GET", "catalogue", path)).json()
        needed = [c for c in procedure["components"] if c["required"] and c["kind"] != "form"]
        if not needed and procedure["forms"] and "online" in procedure["channels"]:
            return procedure
    raise LookupError("every procedure of level 4 asks for papers")


def _solved(secret: str) -> str:
    """Make an easy puzzle, since we hold the secret of puzzles, and solve it."""
    easy = Captcha(secret).challenge(utc_now(), effort=1)
    made = altcha.Challenge.from_dict(easy)  # pyright: ignore[reportUnknownMemberType]
    solution = altcha.solve_challenge(made)
    assert solution is not None
    return altcha.Payload(made, solution).to_base64()


def _submission(dossier: UUID, captcha: str, token: str) -> bytes:
    return request(
        "POST",
        f"/drafts/{dossier}/submission",
        orjson.dumps({"confirmed": True, "captcha": captcha}),
        authorization=f"Bearer {token}",
        idempotency_key=str(uuid4()),
    )


async def _sent(port: int, requests: Sequence[bytes]) -> float:
    """Send all of them over a few connections; every one must be answered 201."""
    waiting = iter(requests)
    statuses: list[int] = []

    async def caller() -> None:
        async with Wire(port) as wire:
            for one in waiting:
                statuses.append(await wire.send(one))

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    seconds = time.perf_counter() - began
    assert statuses.count(201) == len(requests), f"answered {sorted(set(statuses))}"
    return len(requests) / seconds
