"""Encrypted files, in a folder and in an S3-compatible store: the same tests for both."""

import asyncio
import hashlib
import os
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import obstore
import pytest
from obstore.store import LocalStore, ObjectStore, from_url
from s3_at_hand import S3, running_s3

from chassis.blobs import CHUNK, Blobs, BlobStoreAway, BlobTooLarge, BlobUnreadable
from chassis.clock import utc_now

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
OWNER = "dossier-1"
LIMIT = 20 * 2**20
LATER = utc_now() + timedelta(hours=1)
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 16 * CHUNK, 16 * CHUNK + 1, 3 * 2**20, 12 * 2**20]


@pytest.fixture(scope="session")
def s3() -> Iterator[tuple[str, S3]]:
    """A small S3 server: its address, and what it holds."""
    with running_s3() as running:
        yield running


@pytest.fixture
def at_s3(s3: tuple[str, S3], monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the usual variables at the small server."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3[0])
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")


@pytest.fixture(params=["folder", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where blobs lie in this test."""
    if request.param == "folder":
        return f"file://{tmp_path}/kho tệp"
    request.getfixturevalue("at_s3")
    return f"s3://files/{uuid4().hex}"


@pytest.fixture
def blobs(url: str) -> Blobs:
    """One service's blobs."""
    return Blobs(url, "submission")


@pytest.fixture
def below(url: str) -> ObjectStore:
    """The store itself, as somebody sees it who has it and not the keys."""
    if url.startswith("file://"):
        return LocalStore(Path(url.removeprefix("file://")) / "submission")
    return from_url(f"{url}/submission", client_options={"allow_http": True})


async def pieces(content: bytes, size: int = 70_001) -> AsyncIterator[bytes]:
    """Send content as a client does, in pieces that are no chunks."""
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def whole(blobs: Blobs, name: str, key: bytes = KEY, owner: str = OWNER) -> bytes:
    """Read a blob to its end."""
    return b"".join([chunk async for chunk in blobs.read(name, key, owner)])


async def lying(below: ObjectStore) -> dict[str, bytes]:
    """What lies in the store."""
    found: dict[str, bytes] = {}
    listing: Any = obstore.list(below)  # pyright: ignore[reportUnknownMemberType]
    async for batch in listing:
        for one in batch:
            found[one["path"]] = bytes(await (await below.get_async(one["path"])).bytes_async())
    return found


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_written_is_read(blobs: Blobs, size: int):
    content = os.urandom(size)
    stored = await blobs.write(KEY, OWNER, pieces(content), LIMIT)
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert await whole(blobs, stored.name) == content


async def test_the_store_sees_neither_content_nor_owner(blobs: Blobs, below: ObjectStore):
    await blobs.write(KEY, OWNER, pieces(b"Nguyen Van An" * 10_000), LIMIT)
    [(path, sealed)] = (await lying(below)).items()
    assert b"Nguyen" not in sealed
    assert OWNER not in path
    assert len(sealed) == 11 + 130_000 + 2 * 16


async def test_the_same_content_twice_looks_different(blobs: Blobs, below: ObjectStore):
    for _ in range(2):
        await blobs.write(KEY, OWNER, pieces(b"same" * 100), LIMIT)
    first, second = (await lying(below)).values()
    assert first[11:50] != second[11:50]


SEALED = CHUNK + 16
SPOILS: dict[str, Callable[[bytes], bytes]] = {
    "magic": lambda sealed: flipped(sealed, 0),
    "nonce": lambda sealed: flipped(sealed, 5),
    "first byte": lambda sealed: flipped(sealed, 11),
    "middle byte": lambda sealed: flipped(sealed, 150_000),
    "last byte": lambda sealed: flipped(sealed, len(sealed) - 1),
    "chunks swapped": lambda sealed: (
        sealed[:11]
        + sealed[11 + SEALED :][:SEALED]
        + sealed[11:][:SEALED]
        + sealed[11 + 2 * SEALED :]
    ),
    "cut to one chunk": lambda sealed: sealed[: 11 + SEALED],
    "cut to two chunks": lambda sealed: sealed[: 11 + 2 * SEALED],
    "last byte gone": lambda sealed: sealed[:-1],
    "header only": lambda sealed: sealed[:20],
    "emptied": lambda _: b"",
    "a byte more": lambda sealed: sealed + b"x",
    "repeated": lambda sealed: sealed + sealed[11:],
}


def flipped(sealed: bytes, at: int) -> bytes:
    """Change one bit of one byte."""
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS.keys())
async def test_a_changed_blob_is_refused_and_no_wrong_byte_is_given(
    blobs: Blobs, below: ObjectStore, spoil: Callable[[bytes], bytes]
):
    content = os.urandom(3 * CHUNK + 10)
    stored = await blobs.write(KEY, OWNER, pieces(content), LIMIT)
    [(path, sealed)] = (await lying(below)).items()
    await below.put_async(path, spoil(sealed))
    given = b""
    with pytest.raises(BlobUnreadable):
        async for chunk in blobs.read(stored.name, KEY, OWNER):
            given += chunk
    assert content.startswith(given)
    assert len(given) < len(content)


async def test_two_blobs_of_one_owner_cannot_be_swapped(blobs: Blobs, below: ObjectStore):
    first = await blobs.write(KEY, OWNER, pieces(b"birth certificate"), LIMIT)
    second = await blobs.write(KEY, OWNER, pieces(b"land title"), LIMIT)
    found = await lying(below)
    here, there = (
        next(path for path in found if path.endswith(n)) for n in (first.name, second.name)
    )
    await below.put_async(here, found[there])
    with pytest.raises(BlobUnreadable):
        await whole(blobs, first.name)


@pytest.mark.parametrize(("key", "owner"), [(KEY, "dossier-2"), (OTHER_KEY, OWNER)])
async def test_a_blob_opens_for_its_owner_and_key_alone(blobs: Blobs, key: bytes, owner: str):
    stored = await blobs.write(KEY, OWNER, pieces(b"mine"), LIMIT)
    with pytest.raises(BlobUnreadable):
        await blobs.open(stored.name, key, owner)


async def test_one_byte_over_the_limit_leaves_nothing_behind(blobs: Blobs, below: ObjectStore):
    limit = 6 * 2**20
    with pytest.raises(BlobTooLarge):
        await blobs.write(KEY, OWNER, pieces(bytes(limit + 1)), limit)
    assert await lying(below) == {}
    assert (await blobs.write(KEY, OWNER, pieces(bytes(limit)), limit)).size == limit


async def test_a_stream_that_breaks_leaves_nothing_behind(blobs: Blobs, below: ObjectStore):
    async def breaking() -> AsyncIterator[bytes]:
        yield bytes(6 * 2**20)
        raise LookupError("the client went away")

    with pytest.raises(LookupError):
        await blobs.write(KEY, OWNER, breaking(), LIMIT)
    assert await lying(below) == {}


@pytest.mark.usefixtures("at_s3")
async def test_a_stream_that_breaks_leaves_no_upload_open(s3: tuple[str, S3]):
    before = len(s3[1].uploads)
    with pytest.raises(BlobTooLarge):
        await Blobs("s3://files/x", "submission").write(KEY, OWNER, pieces(bytes(LIMIT)), LIMIT - 1)
    assert len(s3[1].uploads) == before


async def test_a_write_that_is_cancelled_leaves_nothing_behind(
    blobs: Blobs, below: ObjectStore, url: str
):
    reached = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield bytes(100_000)
        reached.set()
        await asyncio.sleep(60)

    writing = asyncio.create_task(blobs.write(KEY, OWNER, endless(), LIMIT))
    await reached.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await asyncio.sleep(0.2)
    assert await lying(below) == {}
    if url.startswith("file://"):
        assert files_in(Path(url.removeprefix("file://"))) == []


def files_in(folder: Path) -> list[Path]:
    """All files, the half-written ones that the store does not list too."""
    return [file for file in folder.rglob("*") if file.is_file()]


async def test_a_missing_blob_is_told_before_an_answer_begins(blobs: Blobs):
    with pytest.raises(BlobUnreadable):
        await blobs.open("0" * 32, KEY, OWNER)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a", "0" * 31 + "/", "0" * 33])
async def test_a_name_that_is_none_of_ours_reaches_no_store(blobs: Blobs, name: str):
    with pytest.raises(BlobUnreadable):
        await whole(blobs, name)
    with pytest.raises(BlobUnreadable):
        await blobs.delete(name)


async def test_a_deleted_blob_is_gone_and_may_be_deleted_again(blobs: Blobs, below: ObjectStore):
    stored = await blobs.write(KEY, OWNER, pieces(b"a"), LIMIT)
    await blobs.delete(stored.name)
    await blobs.delete(stored.name)
    assert await lying(below) == {}


async def test_the_sweep_sees_blobs_older_than_an_instant_and_only_our_own_services(
    blobs: Blobs, url: str
):
    mine = {(await blobs.write(KEY, OWNER, pieces(b"a"), LIMIT)).name for _ in range(60)}
    await Blobs(url, "accounts").write(KEY, OWNER, pieces(b"b"), LIMIT)
    assert {name async for name in blobs.list(LATER)} == mine
    assert not [name async for name in blobs.list(LATER - timedelta(hours=2))]


async def test_the_sweep_drops_what_a_killed_writer_left_in_a_folder(tmp_path: Path):
    blobs = Blobs(f"file://{tmp_path}", "submission")
    await blobs.write(KEY, OWNER, pieces(b"a"), LIMIT)
    half = tmp_path / "submission" / "ab" / ("ab" * 16 + "#1")
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    assert len([name async for name in blobs.list(LATER - timedelta(hours=2))]) == 0
    assert half.exists()
    assert len([name async for name in blobs.list(LATER)]) == 1
    assert not half.exists()


async def test_a_folder_of_blobs_is_for_its_owner_only(tmp_path: Path):
    Blobs(f"file://{tmp_path}/blobs", "submission")
    assert (tmp_path / "blobs" / "submission").stat().st_mode & 0o077 == 0


async def test_a_large_file_passes_through_little_memory(tmp_path: Path):
    blobs, size = Blobs(f"file://{tmp_path}", "submission"), 60 * 2**20

    async def sixty() -> AsyncIterator[bytes]:
        for number in range(size // CHUNK):
            yield bytes([number % 256]) * CHUNK

    tracemalloc.start()
    stored = await blobs.write(KEY, OWNER, sixty(), size)
    async for _ in blobs.read(stored.name, KEY, OWNER):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert stored.size == size
    assert peak < 16 * 2**20


@pytest.mark.usefixtures("at_s3")
async def test_no_more_than_a_few_parts_are_under_way_to_an_object_store(s3: tuple[str, S3]):
    size, most = 60 * 2**20, 0

    async def sixty() -> AsyncIterator[bytes]:
        nonlocal most
        for number in range(size // CHUNK):
            arrived = sum(len(part) for parts in s3[1].uploads.values() for part in parts.values())
            most = max(most, number * CHUNK - arrived)
            yield bytes(CHUNK)

    await Blobs("s3://files/large", "submission").write(KEY, OWNER, sixty(), size)
    assert most < 24 * 2**20


async def test_a_store_that_is_away_is_an_outage_and_no_defect(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    away = Blobs("s3://files/province", "submission")
    with pytest.raises(BlobStoreAway):
        await away.write(KEY, OWNER, pieces(b"a"), LIMIT)
    with pytest.raises(BlobStoreAway):
        await away.open("0" * 32, KEY, OWNER)


async def test_without_a_store_every_use_says_which_setting_is_missing():
    with pytest.raises(BlobStoreAway, match="MOTCUA_BLOBS_URL"):
        await Blobs("", "catalogue").write(KEY, OWNER, pieces(b"a"), LIMIT)


async def test_a_folder_that_cannot_be_written_to_is_an_outage(tmp_path: Path):
    blobs = Blobs(f"file://{tmp_path}", "submission")
    (tmp_path / "submission").rmdir()
    (tmp_path / "submission").write_text("a file where the folder should be")
    with pytest.raises(BlobStoreAway):
        await blobs.write(KEY, OWNER, pieces(b"a"), LIMIT)
