"""`motcua up`: a whole province on this machine, until Ctrl-C."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.table import Table

from chassis.settings import PORTS, SERVICES

from .local.child import memory_of
from .local.children import Children
from .local.sample_people import PASSWORD, SamplePerson
from .local.trouble import Trouble
from .reporting import command, console
from .service_settings import home_folder, settings_from
from .starting import running_province

if TYPE_CHECKING:
    from .walking.story import Report


@command
async def up(
    walk: Annotated[bool, typer.Option(help="lead a first dossier through its life")] = True,
) -> None:
    """Start a province here and keep it running until Ctrl-C (MOTCUA_PORT, MOTCUA_HOME)."""
    home, port, began = home_folder(), settings_from().port, time.monotonic()
    console.print(f"Starting the province in {home} on the ports from {port} …", highlight=False)
    with suppress(asyncio.CancelledError):
        async with _until_told(), running_province(home, port, _say) as children:
            people = await _furnish(children)
            if walk:
                await _walk(children)
            _show(children, people, time.monotonic() - began)
            await asyncio.Event().wait()
    console.print("The province is stopped; its data stays.")
    sys.stdout.flush()
    os._exit(0)  # a thread that still loads what nobody needs any more is not waited for


@asynccontextmanager
async def _until_told() -> AsyncGenerator[None]:
    """Let the first Ctrl-C, SIGTERM or lost terminal end the block, and no further one disturb."""
    loop, block = asyncio.get_running_loop(), asyncio.current_task()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    assert block is not None

    def end() -> None:
        for number in signals:
            loop.add_signal_handler(number, lambda: None)
        console.print("Stopping …")
        block.cancel()

    for number in signals:
        loop.add_signal_handler(number, end)
    yield


def _say(line: str) -> None:
    console.print(f"  {line}", highlight=False)


async def _furnish(children: Children) -> Sequence[SamplePerson]:
    """Bring the catalogue and the sample people up to date."""
    from .catalogue import import_catalogue
    from .local.people import ensure_people
    from .walking.province import Unexpected

    counts = await import_catalogue(settings=children.settings("catalogue"))
    _say(f"the catalogue has {counts.procedures} procedures of {counts.agencies} agencies")
    try:
        return await ensure_people(children.settings("accounts"))
    except Unexpected as cause:
        raise Trouble(f"The sample people could not be set up: {cause}") from cause


async def _walk(children: Children) -> None:
    """Lead one dossier through its life at the first start; show that one at every later one."""
    from .walkthrough import show, walk

    kept = children.home / "first-dossier.json"
    if not kept.exists():
        _say("a first dossier is led through its whole life …")
        report = await walk(children.settings("portal"))
        if report.ok:
            kept.write_bytes(orjson.dumps(report.document()))
    else:
        report = _kept(kept)
    show(report)


def _kept(file: Path) -> "Report":
    from .walking.story import Check, Report, Told

    document = orjson.loads(file.read_bytes())
    return Report(
        dossier=document["dossier"],
        seconds=document["seconds"],
        steps=[Told(**step) for step in document["steps"]],
        checks=[Check(**check) for check in document["checks"]],
    )


def _show(children: Children, people: Sequence[SamplePerson], seconds: float) -> None:
    doors = Table("what", "where", title="Một Cửa", title_justify="left")
    for name in (*SERVICES, "bank", "mail"):
        page = "/docs" if name in SERVICES and name != "portal" else "/"
        doors.add_row(name, f"http://127.0.0.1:{children.port + PORTS[name]}{page}")
    keys = Table(title=f"Sign in with the password {PASSWORD}", title_justify="left")
    for column in ("as", "who", "what"):
        keys.add_column(column, no_wrap=True)
    for person in people:
        keys.add_row(person.login, person.name, ", ".join(person.roles) or person.kind)
    console.print(doors, keys)
    console.print(
        f"Ready after {seconds:.0f} s, with {memory_of(os.getpid()) / 2**20:.0f} MB of memory. "
        "Ctrl-C ends it all.",
        highlight=False,
    )
