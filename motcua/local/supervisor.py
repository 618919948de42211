"""Keeps the children of a province alive: started, begun again when they die, ended in order."""

import asyncio
import time
from collections.abc import Callable, Collection
from pathlib import Path

from .child import Child, Process
from .trouble import Trouble

_LOOK = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_WELL = 60.0
"""Seconds after which a child counts as well again."""


class Supervisor:
    """The children of one home folder. `say` is told one line for whatever people should know."""

    def __init__(self, home: Path, say: Callable[[str], None]) -> None:
        """Name the home folder; nothing is started yet."""
        self._home, self._say = home, say
        self._processes: list[Process] = []
        self._keepers: list[asyncio.Task[None]] = []

    async def run(self, child: Child) -> None:
        """Start a child, wait until it is ready, and keep it running from then on."""
        began = time.monotonic()
        process = Process(child, self._home)
        self._processes.append(process)
        await process.start()
        self._keepers.append(asyncio.create_task(self._keep(process)))
        self._say(f"{child.name} is ready ({time.monotonic() - began:.1f} s)")

    async def stop(self, *, last: Collection[str], patience: float) -> None:
        """End all children, those named `last` when the others are gone; a deaf one is killed."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        ends = [process for process in self._processes if process.child.name not in last]
        await asyncio.gather(*(process.stop(patience) for process in ends))
        ends = [process for process in self._processes if process.child.name in last]
        await asyncio.gather(*(process.stop(patience) for process in ends))

    async def _keep(self, process: Process) -> None:
        pause, name = _FIRST_PAUSE, process.child.name
        while True:
            well = await _until_gone(process) > _WELL
            pause = _FIRST_PAUSE if well else pause
            self._say(f"{name} ended{_how(process.exit_code)}; it starts again in {pause:.0f} s")
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)
            try:
                await process.start()
            except Trouble as trouble:
                self._say(str(trouble))
            else:
                self._say(f"{name} is back")


async def _until_gone(process: Process) -> float:
    began = time.monotonic()
    while process.pid is not None:  # noqa: ASYNC110 - a child of another user tells nobody
        await asyncio.sleep(_LOOK)
    return time.monotonic() - began


def _how(exit_code: int | None) -> str:
    if exit_code is None:
        return ""
    return f" (killed by signal {-exit_code})" if exit_code < 0 else f" (exit code {exit_code})"
