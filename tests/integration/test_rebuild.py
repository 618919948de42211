"""Read tables rebuilt from the log alone: the same rows; writes wait meanwhile, and are told so."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from toy_api import JARS, JARS_SCHEMA, toy_api
from toy_jars import Place, log, toy
from toy_rig import asked

from chassis.projecting import pause_writes, rebuild, resume_writes

LETTERS = [uuid4() for _ in range(30)]
WHOLE = "select to_jsonb(j)::text as row from jars j order by jar"


@pytest.fixture
async def place(database: Callable[..., Awaitable[Place]], tmp_path: Path) -> Place:
    """A toy's database with its read table."""
    schema = tmp_path / "jars.sql"
    schema.write_text(JARS_SCHEMA)
    return await database("toy", [schema])


@pytest.fixture
async def door(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """The toy's API."""
    app = toy_api(place.url("app"))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://toy") as client,
    ):
        yield client


async def add(door: httpx.AsyncClient, jar: object, bead: int) -> httpx.Response:
    """Put a bead in by HTTP."""
    key = {"Idempotency-Key": str(uuid4())}
    return await door.post(f"/jars/{jar}/beads", json={"bead": bead}, headers=key)


async def rebuilt(place: Place) -> int:
    """Rebuild the read table as its owner."""
    owner = await asyncpg.connect(place.url("owner"))
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))

    try:
        async with log(place.url("app"), toy.events) as store:
            rows = await rebuild(store, owner, JARS, progress)
    finally:
        await owner.close()
    assert told[-1] == (rows, rows)
    return rows


async def test_a_table_that_was_spoiled_is_rebuilt_row_for_row(
    place: Place, door: httpx.AsyncClient
) -> None:
    for bead in range(3):
        await asyncio.gather(*(add(door, jar, 20 + bead) for jar in LETTERS[: 10 * (bead + 1)]))
    before = await asked(place, WHOLE)
    assert len(before) == 30
    await asked(place, "update jars set beads = 99 where last = 22")
    await asked(place, "delete from jars where jar = $1", LETTERS[0])
    await asked(place, "insert into jars values ($1, 1, 1)", uuid4())
    assert await rebuilt(place) == 30
    assert await asked(place, WHOLE) == before
    assert (await add(door, LETTERS[0], 40)).status_code == 201, "writes go on afterwards"


async def test_while_a_pause_is_announced_writes_are_answered_503_and_nothing_changes(
    place: Place, door: httpx.AsyncClient
) -> None:
    await add(door, LETTERS[0], 1)
    async with log(place.url("app"), toy.events) as store:
        await pause_writes(store.pool)
        paused = await add(door, LETTERS[0], 2)
        assert paused.status_code == 503
        assert paused.headers["retry-after"] == "30"
        assert paused.json()["type"] == "urn:motcua:problem:rebuilding"
        assert await store.head() == 2
        assert (await door.get("/health/ready")).status_code == 200, "reading goes on"
        await resume_writes(store.pool)
        assert (await add(door, LETTERS[0], 2)).status_code == 201

        await pause_writes(store.pool)
        await asked(place, "update cursors set position = position - 3700 where reader = 'rebuild'")
        forgotten = await add(door, LETTERS[0], 3)
        assert forgotten.status_code == 201, "a pause nobody ended ends by itself"
