"""The log on a real Postgres: what is acknowledged stays, in one order, and nobody changes it."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from toy_jars import SOMEBODY, AddBead, NoteSlipped, Place, SlipNote, Wish, jars, toy, until

from chassis.changes import Amend, Claim, Put, Remove, Unit
from chassis.command_handling import CommandHandler, KeyReused
from chassis.event_store import (
    EventStore,
    Fence,
    Fenced,
    KeyTaken,
    Logged,
    StoreUnavailable,
    StreamMoved,
)
from chassis.verifying import verify_log
from motcua.local.postgres import Postgres

Jars = CommandHandler[Any, Any, Any]


@pytest.fixture
async def place(database: Callable[..., Awaitable[Place]]) -> Place:
    """A database with a log and nothing else."""
    return await database("toy", [])


@pytest.fixture
async def handler(place: Place) -> AsyncIterator[Jars]:
    """The toy's commands, on that database."""
    async with jars(place.url("app")) as commands:
        yield commands


def store_of(commands: Jars) -> EventStore:
    """Look behind a handler."""
    return commands._store  # pyright: ignore[reportPrivateUsage]


async def whole_log(store: EventStore) -> list[Logged]:
    """Read everything."""
    return [event async for page in store.pages() for event in page]


async def breaks_of(place: Place) -> list[str]:
    """Verify a database's log as its superuser finds it."""
    connection = await asyncpg.connect(place.url("postgres"))
    try:
        found = await verify_log(connection, lambda _done, _total: None)
    finally:
        await connection.close()
    return [f"{b.position}: {b.cause}" for b in found.breaks]


async def test_thirty_two_callers_in_two_processes_leave_one_dense_order(place: Place) -> None:
    streams = [uuid4() for _ in range(6)]
    read: list[int] = []
    done = asyncio.Event()

    async def follow(store: EventStore) -> None:
        while not done.is_set() or read[-1:] != [await store.head()]:
            read.extend(e.position for e in await store.page(read[-1] if read else 0, 50))

    async def call(commands: Jars, number: int, acknowledged: list[int]) -> None:
        for n in range(12):
            bead = 1000 * (number + 1) + n
            while True:
                with suppress(StreamMoved):
                    await commands.handle(random.choice(streams), AddBead(uuid4(), bead), SOMEBODY)
                    break
            acknowledged.append(bead)

    acknowledged: list[int] = []
    async with jars(place.url("app")) as one, jars(place.url("app")) as two:
        reader = asyncio.create_task(follow(store_of(one)))
        await asyncio.gather(*(call((one, two)[n % 2], n, acknowledged) for n in range(32)))
        done.set()
        await asyncio.wait_for(reader, 20)
        events = await whole_log(store_of(one))
        histories = await store_of(one).load([f"jar-{stream}" for stream in streams])

    assert [e.position for e in events] == list(range(1, len(events) + 1))
    assert read == [e.position for e in events], "a reader by position missed an event"
    kept = [bead for history in histories.values() for bead in toy_beads(history.events)]
    assert sorted(kept) == sorted(acknowledged) and len(kept) == 32 * 12
    assert await breaks_of(place) == []


def toy_beads(events: tuple[Any, ...]) -> list[int]:
    """Give the beads a history put in."""
    return [event.bead for event in events if hasattr(event, "bead")]


async def test_a_key_used_twenty_times_at_once_has_one_effect_and_one_answer(handler: Jars) -> None:
    jar = uuid4()
    claim = Claim("somebody", "key-1", b"the same body")
    origin = replace(SOMEBODY, claim=claim)
    calls = (handler.handle(jar, AddBead(jar, 1), origin) for _ in range(20))
    answers = await asyncio.gather(*calls)
    assert {answer.version for answer in answers} == {2}
    assert len(await whole_log(store_of(handler))) == 2


async def test_a_key_with_another_body_is_refused_and_another_persons_key_is_not(
    handler: Jars,
) -> None:
    jar = uuid4()
    mine = replace(SOMEBODY, claim=Claim("me", "key", b"one"))
    other = replace(SOMEBODY, claim=Claim("me", "key", b"two"))
    yours = replace(SOMEBODY, claim=Claim("you", "key", b"two"))
    await handler.handle(jar, AddBead(jar, 1), mine)
    with pytest.raises(KeyReused):
        await handler.handle(jar, AddBead(jar, 2), other)
    await handler.handle(jar, AddBead(jar, 3), yours)
    assert toy_beads((await store_of(handler).history(f"jar-{jar}")).events) == [1, 3]


async def unit(commands: Jars, jar: UUID, bead: int, *rows: Put | Amend | Remove) -> Unit:
    """Decide a bead on the jar as it stands now, without storing it."""
    _, history = await commands.load(jar)
    made, _ = commands.unit(history, toy.decide(AddBead(jar, bead), toy.initial), SOMEBODY, rows)
    return made


async def test_in_a_batch_one_lost_race_undoes_everything_and_the_fence_too(handler: Jars) -> None:
    store, a, b = store_of(handler), uuid4(), uuid4()
    stale = await unit(handler, b, 1)
    await handler.handle(b, AddBead(b, 2), SOMEBODY)
    fence = Fence("shelf", "t", 0, "cluster", 0, 5, 100)
    with pytest.raises(StreamMoved):
        await store.append_strict([await unit(handler, a, 1), stale], fence)
    assert (await store.history(f"jar-{a}")).version == 0
    assert await store.pool.fetchval("select count(*) from fences") == 0
    assert await store.head() == 2


async def test_a_fence_lets_through_only_the_batch_that_begins_where_it_stands(
    handler: Jars,
) -> None:
    store = store_of(handler)
    await store.append_strict([], Fence("shelf", "t", 0, "c", 10, 20, 7))
    for first in (19, 21, 10):
        with pytest.raises(Fenced):
            await store.append_strict(
                [await unit(handler, uuid4(), 1)], Fence("shelf", "t", 0, "c", first, 30, 9)
            )
    assert await store.head() == 0
    await store.append_strict([], Fence("shelf", "t", 0, "c", 20, 30, 5))
    row = await store.pool.fetchrow("select next_offset, sequence from fences")
    assert row is not None and tuple(row) == (30, 7), "the sequence never falls"
    await store.append_strict([], Fence("shelf", "t", 0, "another cluster", 0, 3, 8))


async def test_only_the_guilty_caller_of_a_group_sees_its_error(handler: Jars) -> None:
    store = store_of(handler)
    good = [await unit(handler, uuid4(), n) for n in range(3)]
    bad = Put("counters", {"series": "x"}, {"last": "not a number"})
    unsayable = Put("counters", {"series": "y\ud800"}, {"last": 1})
    guilty = [await unit(handler, uuid4(), 9, row) for row in (bad, unsayable)]
    outcomes = await asyncio.gather(
        *(store.append(one) for one in (*good, *guilty)), return_exceptions=True
    )
    assert outcomes[:3] == [None, None, None]
    assert all(isinstance(outcome, Exception) for outcome in outcomes[3:])
    await store.append(await unit(handler, uuid4(), 5))
    assert await store.head() == 8


async def test_the_loser_of_a_race_leaves_neither_its_key_nor_its_rows(handler: Jars) -> None:
    store, jar = store_of(handler), uuid4()
    row = Put("counters", {"series": "jars"}, {"last": 1})
    stale = replace(await unit(handler, jar, 1, row), claim=Claim("me", "key", b""), answer=b"{}")
    await handler.handle(jar, AddBead(jar, 2), SOMEBODY)
    with pytest.raises(StreamMoved):
        await store.append(stale)
    assert await store.answer(Claim("me", "key", b"")) is None
    assert await store.pool.fetchval("select count(*) from counters") == 0


async def test_rows_are_put_amended_kept_and_removed_in_the_order_they_were_asked(
    handler: Jars,
) -> None:
    store, key = store_of(handler), {"series": "s"}
    rows = (
        Put("counters", key, {"last": 1}),
        Put("counters", key, {"last": 2}),
        Put("counters", key, {"last": 9}, once=True),
    )
    await store.append_strict([Unit(rows=rows)])
    assert await store.pool.fetchval("select last from counters") == 2
    await store.append_strict([Unit(rows=(Amend("counters", {"series": "gone"}, {"last": 1}),))])
    await store.append_strict([Unit(rows=(Amend("counters", key, {"last": 3}),))])
    assert [tuple(r) for r in await store.pool.fetch("select * from counters")] == [("s", 3)]


async def test_in_a_group_the_losers_rows_are_left_out_and_the_winners_stay(handler: Jars) -> None:
    store, moved, free = store_of(handler), uuid4(), uuid4()
    rows = [Put("counters", {"series": name}, {"last": 1}) for name in ("loser", "winner")]
    stale, sound = await unit(handler, moved, 1, rows[0]), await unit(handler, free, 1, rows[1])
    await handler.handle(moved, AddBead(moved, 2), SOMEBODY)
    lost, won = await asyncio.gather(
        store.append(stale), store.append(sound), return_exceptions=True
    )
    assert (type(lost), won) == (StreamMoved, None)
    assert [tuple(r) for r in await store.pool.fetch("select * from counters")] == [("winner", 1)]


async def test_a_batch_that_writes_a_row_over_again_and_again_ends_as_the_last_leaves_it(
    handler: Jars,
) -> None:
    store, key, other = store_of(handler), {"reader": "s"}, {"reader": "other"}
    steps = [
        Put("cursors", key, {"position": 1}),
        Put("cursors", other, {"position": 7}),
        Put("cursors", key, {"position": 2}),
        Remove("cursors", key),
        Put("cursors", key, {"position": 3}, once=True),
        Put("cursors", key, {"position": 4}, once=True),
        Put("cursors", other, {"position": 8}),
    ]
    await store.append_strict([Unit(rows=(step,)) for step in steps])
    found = await store.pool.fetch("select * from cursors order by reader")
    assert [tuple(row) for row in found] == [("other", 8), ("s", 3)]


async def test_a_new_aggregates_two_commands_of_one_batch_share_its_key(handler: Jars) -> None:
    store, jar = store_of(handler), uuid4()
    history = await store.history(f"jar-{jar}")
    first, history = handler.follow(history, SlipNote("một"), SOMEBODY)
    second, _ = handler.follow(history, SlipNote("hai"), SOMEBODY)
    await store.append_strict([first, second])
    notes = [NoteSlipped(personal=Wish(words=words)) for words in ("một", "hai")]
    assert list((await store.history(f"jar-{jar}")).events) == notes


@pytest.mark.parametrize("role", ["app", "owner", "postgres"])
@pytest.mark.parametrize("replica", [False, True], ids=["origin", "replica"])
@pytest.mark.parametrize(
    "statement",
    [
        "update events set type = 'x'",
        "update events set position = position + 1000",
        "delete from events",
        "truncate events",
    ],
)
async def test_nobody_changes_the_log(
    handler: Jars, place: Place, role: str, replica: bool, statement: str
) -> None:
    jar = uuid4()
    await handler.handle(jar, AddBead(jar, 1), SOMEBODY)
    connection = await asyncpg.connect(place.url(role))
    try:
        if replica and role == "postgres":
            await connection.execute("set session_replication_role = replica")
        with pytest.raises((asyncpg.RaiseError, asyncpg.InsufficientPrivilegeError)):
            await connection.execute(statement)
    finally:
        await connection.close()
    assert await breaks_of(place) == []


async def test_killing_postgres_under_load_loses_nothing_acknowledged(
    place: Place, postgres: Postgres
) -> None:
    acknowledged: list[int] = []
    unknown: list[int] = []
    stop = asyncio.Event()
    jar = [uuid4() for _ in range(16)]

    async def call(commands: Jars, number: int) -> None:
        bead = 1000 * (number + 1)
        while not stop.is_set():
            bead += 1
            try:
                await commands.handle(jar[number], AddBead(jar[number], bead), SOMEBODY)
                acknowledged.append(bead)
            except StoreUnavailable:
                unknown.append(bead)
                await asyncio.sleep(0.2)

    async with jars(place.url("app")) as commands:
        callers = [asyncio.create_task(call(commands, number)) for number in range(16)]
        for _ in range(3):
            await more_of(acknowledged)
            await postgres.kill()
            await asyncio.sleep(0.1)
            await postgres.start()
        await more_of(acknowledged)
        stop.set()
        await asyncio.gather(*callers)
        histories = await store_of(commands).load([f"jar-{one}" for one in jar])

    kept = {bead for history in histories.values() for bead in toy_beads(history.events)}
    assert unknown, "no kill met a command in flight"
    assert set(acknowledged) <= kept
    assert kept <= set(acknowledged) | set(unknown)
    assert await breaks_of(place) == []


async def more_of(acknowledged: list[int]) -> None:
    """Wait until some more were acknowledged."""
    enough = len(acknowledged) + 200
    await until(lambda: len(acknowledged) > enough)


async def test_the_same_unit_under_a_taken_key_is_told_so(handler: Jars) -> None:
    store, jar = store_of(handler), uuid4()
    one = replace(await unit(handler, jar, 1), claim=Claim("me", "k", b""), answer=b"{}")
    await store.append(one)
    with pytest.raises(KeyTaken):
        await store.append(one)
