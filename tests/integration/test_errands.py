"""Errands on a real Postgres: done until they are done, given up in time, recorded once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from toy_errands import DONE, GIVEN_UP, calls_in
from toy_jars import SHELF_SCHEMA, Place, log, shelf
from toy_rig import asked, shelf_of, toy

from chassis.changes import Unit
from chassis.clock import utc_now
from chassis.errands import errand

SHELF = uuid4()
NOTHING: list[dict[str, Any]] = [{}]


@pytest.fixture
async def place(database: Callable[..., Awaitable[Place]], tmp_path: Path) -> Place:
    """A shelf's database."""
    schema = tmp_path / "shelf.sql"
    schema.write_text(SHELF_SCHEMA)
    return await database("shelf", [schema])


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Where each call leaves its line."""
    return tmp_path / "calls"


@pytest.fixture
def told(place: Place, calls: Path) -> dict[str, Any]:
    """What a clock is told."""
    return {"url": place.url("app"), "shelf": str(SHELF), "calls": str(calls)}


async def ask_for(
    place: Place,
    *payloads: dict[str, Any],
    kind: str = "ring",
    within: float = 60,
    ids: list[UUID] | None = None,
) -> list[UUID]:
    """Write errands down."""
    now = utc_now()
    deadline = now + timedelta(seconds=within)
    ids = ids or [uuid4() for _ in payloads]
    rows = tuple(
        errand(kind, SHELF, payload, "test", now, deadline, id_)
        for id_, payload in zip(ids, payloads, strict=True)
    )
    async with log(place.url("app"), shelf.events) as store:
        await store.append(Unit(rows=rows))
    return ids


async def until_ended(place: Place) -> dict[UUID, Any]:
    """Wait until no errand waits any more; how each ended."""
    async with asyncio.timeout(40):
        while await asked(  # noqa: ASYNC110 - nobody rings outside
            place, "select 1 from errands where state = 'waiting'"
        ):
            await asyncio.sleep(0.1)
    return {row["errand_id"]: row for row in await asked(place, "select * from errands")}


async def endings(place: Place) -> dict[UUID, list[int]]:
    """Give what the shelf wrote down about each errand."""
    rows = await asked(place, "select data from events order by position")
    seen = [orjson.loads(row["data"]) for row in rows]
    sources = {UUID(one["source"]) for one in seen}
    return {s: [one["bead"] for one in seen if UUID(one["source"]) == s] for s in sources}


async def test_each_errand_ends_as_it_must_and_is_recorded_once(
    place: Place, told: dict[str, Any], calls: Path
) -> None:
    async with toy("clock", told):
        well, again, hangs, hopeless = await ask_for(
            place, {}, {"fails": 1}, {"hangs": 1}, {"hopeless": "there is no such bell"}
        )
        (too_late,) = await ask_for(place, {"fails": 99}, within=3)
        rows = await until_ended(place)

    tries = Counter(id_ for id_, _ in calls_in(calls))
    assert (tries[well], tries[again], tries[hangs], tries[hopeless]) == (1, 2, 2, 1)
    assert tries[too_late] >= 2, "it was not tried again before its deadline"
    done = {"state": "done", "bead": DONE}
    failed = {"state": "failed", "bead": GIVEN_UP}
    wanted = {well: done, again: done, hangs: done, hopeless: failed, too_late: failed}
    assert {id_: row["state"] for id_, row in rows.items()} == {
        id_: ending["state"] for id_, ending in wanted.items()
    }
    assert await endings(place) == {id_: [ending["bead"]] for id_, ending in wanted.items()}
    assert rows[hopeless]["outcome"] == "there is no such bell"
    assert rows[too_late]["outcome"].startswith("too late: ConnectionError")


async def test_a_clock_killed_between_call_and_record_calls_again_but_records_once(
    place: Place, told: dict[str, Any], calls: Path
) -> None:
    (bell,) = await ask_for(place, {})
    async with toy("clock", told, crash="errand.before_record") as clock:
        await clock.killed()
    assert calls_in(calls) == [(bell, 1)] and await endings(place) == {}
    async with toy("clock", told):
        await asyncio.sleep(1)
        assert calls_in(calls) == [(bell, 1)], "called again while its claim was good"
        await asked(place, "update errands set claimed_until = now()")  # the claim's time passes
        await until_ended(place)
        assert calls_in(calls) == [(bell, 1), (bell, 2)]
        await asked(place, "update errands set state = 'waiting'")  # as a sleeper still sees it
        async with asyncio.timeout(20):
            while len(calls_in(calls)) < 3:  # noqa: ASYNC110 - nobody rings outside
                await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)
    assert await endings(place) == {bell: [DONE]}, "its outcome was recorded twice"


async def test_two_clocks_do_each_errand_once_and_one_takes_over_from_the_other(
    place: Place, told: dict[str, Any], calls: Path
) -> None:
    async with AsyncExitStack() as stack:
        clocks = [await stack.enter_async_context(toy("clock", told)) for _ in range(2)]
        ids = await ask_for(place, *(NOTHING * 40))
        await until_ended(place)
        leading = [clock for clock in clocks if clock.says("leading")]
        assert len(leading) == 1
        await leading[0].kill()
        ids += await ask_for(place, *(NOTHING * 40))
        await until_ended(place)
    assert Counter(id_ for id_, _ in calls_in(calls)) == Counter(ids)
    assert await endings(place) == {id_: [DONE] for id_ in ids}


async def test_an_errand_asked_for_twice_is_one_and_a_slow_kind_holds_up_no_other(
    place: Place, told: dict[str, Any], calls: Path
) -> None:
    slow = await ask_for(place, {"hangs": 9}, {"hangs": 9}, kind="slow")
    bells = await ask_for(place, *(NOTHING * 8))
    await ask_for(place, *(NOTHING * 8), ids=bells)
    async with toy("clock", told):
        async with asyncio.timeout(20):
            while len((await shelf_of(place)).times) < 8:  # noqa: ASYNC110 - nobody rings outside
                await asyncio.sleep(0.05)
        waiting = await asked(place, "select errand_id from errands where state = 'waiting'")
        assert {row["errand_id"] for row in waiting} == set(slow)
    assert Counter(id_ for id_, _ in calls_in(calls) if id_ in bells) == Counter(bells)
