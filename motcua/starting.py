"""A province on one machine, from nothing to ready and back to nothing."""

import asyncio
import fcntl
import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Protocol, cast

from chassis.settings import PORTS

from .local.child import Child, end_leftovers
from .local.children import SERVERS, Children
from .local.postgres import make_database
from .local.supervisor import Supervisor
from .local.trouble import Trouble, need_disk, need_free_port
from .schema import apply_schema
from .service_settings import WITH_LOG, service_named
from .topics import apply_topics

_MEGABYTES = 600
_PATIENCE = 2.2
"""Seconds for the services to end in order, and as many for what they stand on: Ctrl-C takes 5."""


@asynccontextmanager
async def running_province(
    home: Path, port: int, say: Callable[[str], None]
) -> AsyncGenerator[Children]:
    """Start a province and keep it running until the block ends; Trouble leaves nothing behind.

    `home` is absolute: whoever is started is told of it.
    """
    need_disk(home, _MEGABYTES)
    with _only_one(home):
        await asyncio.to_thread(end_leftovers, home)
        for name, offset in PORTS.items():
            need_free_port(port + offset, name)
        children, supervisor = Children(home, port), Supervisor(home, say)
        try:
            await start(children, supervisor)
            yield children
        finally:
            await supervisor.stop(last=SERVERS, patience=_PATIENCE)


@contextmanager
def _only_one(home: Path) -> Generator[None]:
    """Hold the home folder; the kernel lets go of it however this process ends."""
    with (home / "supervisor.pid").open("a+") as record:
        try:
            fcntl.flock(record, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as cause:
            record.seek(0)
            raise Trouble(
                f"The province in {home} is running already, as process {record.read().strip()}: "
                "end it with Ctrl-C there, or set MOTCUA_HOME and MOTCUA_PORT for another one."
            ) from cause
        record.truncate(0)
        record.write(f"{os.getpid()}\n")
        record.flush()
        try:
            yield
        finally:
            record.truncate(0)


class Keeper(Protocol):
    """Whoever starts children and looks after them."""

    async def run(self, child: Child) -> None:
        """Start a child and wait until it is ready."""
        ...


async def start(children: Children, keeper: Keeper) -> None:
    """Start a province's children, each as soon as what it stands on is there."""
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_bus(children, keeper))
            for child in (children.mail(), children.bank(), children.api("portal")):
                tasks.create_task(keeper.run(child))
            await _databases(children, keeper)
            for child in (children.worker(), *map(children.api, WITH_LOG)):
                tasks.create_task(keeper.run(child))
    except ExceptionGroup as several:
        raise _first(several) from several


async def _bus(children: Children, keeper: Keeper) -> None:
    await keeper.run(children.broker.child())
    await apply_topics(children.broker.bootstrap)


async def _databases(children: Children, keeper: Keeper) -> None:
    """Start the server and lay every service's tables; what that needs is loaded meanwhile."""
    loaded = asyncio.gather(*(asyncio.to_thread(service_named, name) for name in WITH_LOG))
    await keeper.run(children.database.child())
    await loaded
    await asyncio.gather(*(_lay(children, name) for name in WITH_LOG))


async def _lay(children: Children, service: str) -> None:
    await make_database(children.database.url(), service)
    await apply_schema(service, children.settings(service))


def _first(cause: BaseException) -> BaseException:
    """Give the one failure that people should read of: the others followed from it or can wait."""
    if isinstance(cause, BaseExceptionGroup):
        return _first(cast("BaseExceptionGroup[BaseException]", cause).exceptions[0])
    return cause
