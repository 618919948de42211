"""A superuser, whom no trigger stops, changes history: verification names where."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from toy_jars import SOMEBODY, AddBead, Place, jars

from chassis.proof import Break
from chassis.verifying import verify_log

AN, BINH = f"jar-{UUID(int=1)}", f"jar-{UUID(int=2)}"


@pytest.fixture
async def place(database: Callable[..., Awaitable[Place]]) -> Place:
    """A log of two jars, whose beads went in by turns: An's at 1, 2, 5, 7; Binh's at 3, 4, 6, 8."""
    place: Place = await database("toy", [])
    async with jars(place.url("app")) as commands:
        for bead in range(3):
            for jar in (UUID(int=1), UUID(int=2)):
                await commands.handle(jar, AddBead(jar, bead), SOMEBODY)
    return place


@pytest.fixture
async def superuser(place: Place) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """Somebody whom the guards of the table do not stop."""
    connection = await asyncpg.connect(place.url("postgres"))
    await connection.execute("alter table events disable trigger all")
    yield connection
    await connection.close()


async def breaks_of(connection: "asyncpg.Connection[Any]") -> list[Break]:
    """Verify the log."""
    return (await verify_log(connection, lambda _done, _total: None)).breaks


@pytest.mark.parametrize(
    "changed",
    [
        "data = set_byte(data, 8, get_byte(data, 8) # 1)",
        "data = data || ' '",
        "meta = set_byte(meta, 12, get_byte(meta, 12) # 1)",
        "type = 'toy.bead-removed.v1'",
        "event_id = gen_random_uuid()",
        "recorded_at = recorded_at - interval '1 microsecond'",
        "hash = set_byte(hash, 31, get_byte(hash, 31) # 1)",
    ],
)
async def test_one_changed_byte_of_an_event_is_named(superuser: Any, changed: str) -> None:
    assert await breaks_of(superuser) == []
    await superuser.execute(f"update events set {changed} where position = 5")
    assert (AN, 5, "the event is not what was hashed") in places(await breaks_of(superuser))


def places(breaks: list[Break]) -> list[tuple[str, int, str]]:
    """Give breaks as plain values."""
    return [(one.stream, one.position, one.cause) for one in breaks]


async def test_an_event_made_private_or_public_afterwards_is_named(superuser: Any) -> None:
    await superuser.execute("update events set public = not public where position = 5")
    (only,) = await breaks_of(superuser)
    assert (only.stream, only.position) == (AN, 5)


async def test_a_deleted_event_is_named_by_its_position_and_by_its_stream(superuser: Any) -> None:
    await superuser.execute("delete from events where position = 5")
    assert places(await breaks_of(superuser)) == [
        ("", 5, "positions 5 to 5 are missing"),
        (AN, 7, "version 4 follows version 2"),
    ]


async def test_the_last_event_deleted_is_named_even_where_the_head_was_set_back(
    superuser: Any,
) -> None:
    await superuser.execute("delete from events where position = 8")
    first, second = await breaks_of(superuser)
    assert (first.position, first.cause) == (8, "the log ends at 7, its head says 8")
    assert (second.stream, second.position) == (BINH, 6)
    await superuser.execute("update log_head set position = 7")
    (only,) = await breaks_of(superuser)
    assert (only.stream, only.position) == (BINH, 6)
    assert only.cause.startswith("its tip is version 4")


@pytest.mark.parametrize("tip_too", [False, True], ids=["its tip left", "its tip too"])
async def test_a_whole_stream_deleted_is_named(superuser: Any, tip_too: bool) -> None:
    await superuser.execute("delete from events where stream = $1", AN)
    if tip_too:
        await superuser.execute("delete from streams where stream = $1", AN)
    found = places(await breaks_of(superuser))
    gaps = [
        ("", 1, "positions 1 to 2 are missing"),
        ("", 5, "positions 5 to 5 are missing"),
        ("", 7, "positions 7 to 7 are missing"),
    ]
    assert found[:3] == gaps
    assert [(stream, position) for stream, position, _ in found[3:]] == (
        [] if tip_too else [(AN, 0)]
    )


@pytest.mark.parametrize(
    ("stream", "version"),
    [(AN, 5), (AN, 3), (f"jar-{uuid4()}", 1)],
    ids=["next", "again", "a stream of its own"],
)
async def test_an_event_put_in_is_named(superuser: Any, stream: str, version: int) -> None:
    await superuser.execute(
        "alter table events drop constraint events_stream_version_key; "
        "update log_head set position = 9"
    )
    await superuser.execute(
        "insert into events select 9, $1, $2, gen_random_uuid(), type, public, now(), data, meta, "
        "hash, place from events where position = 5",
        stream,
        version,
    )
    assert (stream, 9) in {(one.stream, one.position) for one in await breaks_of(superuser)}


async def test_events_that_change_places_in_their_stream_are_named(superuser: Any) -> None:
    await exchange(superuser, "version", 5, 7)
    assert {(one.stream, one.position) for one in await breaks_of(superuser)} == {(AN, 5), (AN, 7)}


async def test_contents_that_change_places_are_named_in_both(superuser: Any) -> None:
    await exchange(superuser, "data", 5, 6)
    assert places(await breaks_of(superuser)) == [
        (AN, 5, "the event is not what was hashed"),
        (BINH, 6, "the event is not what was hashed"),
    ]


async def test_events_of_two_streams_that_change_places_are_named(superuser: Any) -> None:
    await superuser.execute("update events set position = -position where position in (5, 6)")
    await superuser.execute("update events set position = 11 + position where position < 0")
    moved = "the event is not where it was put, or not as public as it was"
    assert places(await breaks_of(superuser)) == [(BINH, 5, moved), (AN, 6, moved)]


async def exchange(connection: Any, column: str, one: int, other: int) -> None:
    """Let two events change a column's values."""
    await connection.execute("alter table events drop constraint events_stream_version_key")
    await connection.execute(
        f"update events e set {column} = o.{column} from events o "
        f"where e.position in ({one}, {other}) and o.position = {one} + {other} - e.position"
    )
