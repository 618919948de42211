"""The virus scanner: a stand-in speaks clamd's own protocol, finds EICAR, and misbehaves."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from good_files import pdf
from test_uploads import send

from chassis.upload_refusals import UploadRefused
from chassis.uploads import Uploads
from chassis.virus_scan import Scan, VirusScanner

# In two halves, so that no scanner takes this file for the test virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]


def clamd(largest: int = 25 * 2**20) -> Serve:
    """Answer as clamd does: one INSTREAM, its size limit, its two verdicts."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4)):
            content += await reader.readexactly(size)
            if len(content) > largest:
                writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                break
        else:
            found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
            writer.write(b"stream: " + found + b"\0")
        await writer.drain()
        writer.close()

    return serve


@asynccontextmanager
async def scanner(serve: Serve, *, patience: float = 5) -> AsyncGenerator[VirusScanner]:
    """Run a scanner on a port of its own."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield VirusScanner(f"127.0.0.1:{port}", patience=patience)


async def test_a_sound_file_is_called_clean():
    async with scanner(clamd()) as running:
        assert (await send(pdf(), uploads=Uploads(running))).scan == "clean"


async def test_an_infected_file_is_refused():
    infected = pdf().replace(b"\nendobj", b"\n%" + EICAR + b"\nendobj", 1)
    assert (await send(infected)).scan == "not scanned"
    async with scanner(clamd()) as running:
        with pytest.raises(UploadRefused) as refusal:
            await send(infected, uploads=Uploads(running))
    assert refusal.value.code == "file-infected"


async def test_every_byte_reaches_the_scanner_in_order():
    async with scanner(clamd()) as running:
        assert await running.scan([b"a" * 70_000, EICAR[:30], EICAR[30:]]) == Scan(
            "infected", "Eicar-Test-Signature"
        )


async def test_without_a_scanner_a_file_is_accepted_as_not_scanned():
    assert (await send(pdf())).scan == "not scanned"


async def test_a_scanner_that_is_away_leaves_the_file_not_scanned():
    async with scanner(clamd()) as gone:
        pass
    assert await gone.scan([b"a"]) == Scan("not scanned", "scanner is away: ConnectionRefusedError")
    assert (await send(pdf(), uploads=Uploads(gone))).scan == "not scanned"


async def test_a_scanner_that_hangs_leaves_the_file_not_scanned_in_time():
    forever = asyncio.Event()

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await forever.wait()
        writer.close()

    async with scanner(hang, patience=0.1) as hung:
        assert await hung.scan([bytes(2**20)] * 20) == Scan("not scanned", "no answer in 0.1 s")
        forever.set()


@pytest.mark.parametrize(
    "reply",
    [b"", b"stream: not OK\0", b"UNKNOWN COMMAND\0", b"stream: Access denied. ERROR\0", b"\xff\0"],
)
async def test_what_is_not_a_verdict_never_counts_as_clean(reply: bytes):
    async def mumble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(reply)
        writer.close()

    async with scanner(mumble) as unsure:
        assert (await unsure.scan([b"a"])).verdict == "not scanned"


async def test_a_file_over_the_scanners_own_limit_is_not_scanned_and_the_reason_is_kept():
    async with scanner(clamd(largest=1000)) as small:
        found = await small.scan([bytes(2**16)] * 100)
    assert found.verdict == "not scanned"
    assert found.reason


async def test_the_scanner_may_listen_on_a_unix_socket(tmp_path: Path):
    path = tmp_path / "clamd.sock"
    async with await asyncio.start_unix_server(clamd(), path):
        assert await VirusScanner(str(path)).scan([EICAR]) == Scan(
            "infected", "Eicar-Test-Signature"
        )
