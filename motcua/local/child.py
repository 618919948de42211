"""One program run for us on this machine: started, checked, stopped, killed, and never left behind.

It runs in a session of its own, so that Ctrl-C reaches us first, and is told to end when we die.
"""

import asyncio
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from .trouble import Trouble

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_LARGEST_LOG = 5 * 2**20
_POLL = 0.1

Command = Sequence[str] | Callable[[], Awaitable[Sequence[str]]]


@dataclass(frozen=True)
class Child:
    """What to run: `command` is its arguments, or makes everything ready and then says them."""

    name: str
    command: Command
    ready: Callable[[], Awaitable[bool]]
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 30


class Process:
    """A child at work. Its output goes to `logs/`, its number to `run/` of the home folder."""

    def __init__(self, child: Child, home: Path) -> None:
        """Name the child and the home folder; nothing is started yet."""
        self.child = child
        self.log = home / "logs" / f"{child.name}.log"
        self._record = home / "run" / child.name
        self._process: subprocess.Popen[bytes] | None = None
        self._log_began = 0

    @property
    def pid(self) -> int | None:
        """Its number, while it runs."""
        running = self._running()
        return running.pid if running else None

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs or before its first start."""
        return self._process.poll() if self._process else None

    def _running(self) -> "subprocess.Popen[bytes] | None":
        return self._process if self._process and self._process.poll() is None else None

    async def start(self) -> None:
        """Run it and wait until it is ready; Trouble if it does not get there, then it is gone."""
        try:
            await self.launch()
            await self.until_ready()
        except BaseException:
            await self.kill()
            raise

    async def launch(self) -> None:
        """Run it; an earlier self that was left behind is ended first."""
        await asyncio.to_thread(_end_leftover, self._record)
        command = self.child.command
        self._spawn(await command() if callable(command) else command)

    async def until_ready(self) -> None:
        """Wait until it is ready."""
        start = time.monotonic()
        while time.monotonic() - start < self.child.patience:
            if self.pid is None:
                raise Trouble(f"{self.child.name} ended at its start{self._last_words()}")
            if await self.child.ready():
                return
            await asyncio.sleep(_POLL)
        raise Trouble(
            f"{self.child.name} was not ready after {self.child.patience:.0f} s{self._last_words()}"
        )

    def _last_words(self) -> str:
        said = self.log.read_bytes()[self._log_began :].decode(errors="replace")
        spoken = [line.strip() for line in said.splitlines() if line.strip()]
        return f": {spoken[-1][:300]} (see {self.log})." if spoken else " without a word."

    def _spawn(self, argv: Sequence[str]) -> None:
        # The kernel tells the child when the *thread* that started it ends.
        assert threading.current_thread() is threading.main_thread(), "start from the main thread"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._record.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._log_began = log.tell()
            process: subprocess.Popen[bytes] = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.child.env},
                start_new_session=True,
                preexec_fn=_dies_with(os.getpid(), self.child.stop_signal),
                user=self.child.user,
                group=group_of(self.child.user),
                extra_groups=[] if self.child.user else None,
            )
        self._process = process
        with suppress(psutil.NoSuchProcess):
            began = psutil.Process(process.pid).create_time()
            self._record.write_text(f"{process.pid} {began} {int(self.child.stop_signal)}\n")

    async def stop(self, patience: float = 8) -> None:
        """Ask it to end; after `patience` seconds it is killed."""
        if process := self._running():
            family = _family(process.pid)
            process.send_signal(self.child.stop_signal)
            await self._gone(process, patience)
            _kill(family)
        await self.kill()

    async def kill(self) -> None:
        """End it and all it started, as a power cut would."""
        if process := self._running():
            _kill(_family(process.pid))
            await self._gone(process, 10)
        self._record.unlink(missing_ok=True)

    async def _gone(self, process: "subprocess.Popen[bytes]", patience: float) -> None:
        deadline = time.monotonic() + patience
        while process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(_POLL)


def group_of(user: str | None) -> int | None:
    """Give a user's own group; None for nobody in particular."""
    return pwd.getpwnam(user).pw_gid if user else None


def memory_of(pid: int) -> int:
    """Sum the memory of a process and all it started, in bytes; shared pages count once (PSS)."""
    total = 0
    for process in _family(pid):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            used = process.memory_full_info()
            total += int(getattr(used, "pss", used.uss))
    return total


def end_leftovers(home: Path) -> None:
    """End whatever an earlier, killed supervisor of this home left running."""
    for record in sorted((home / "run").glob("*")):
        _end_leftover(record)


def _end_leftover(record: Path) -> None:
    with suppress(OSError, ValueError, psutil.Error):
        pid, began, stop_signal = record.read_text().split()
        process = psutil.Process(int(pid))
        if abs(process.create_time() - float(began)) < 2:  # else: another program got the number
            family = _family(process.pid)
            process.send_signal(int(stop_signal))
            psutil.wait_procs(family, timeout=5)
            _kill(family)
            psutil.wait_procs(family, timeout=5)
    record.unlink(missing_ok=True)


def _family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    return []


def _kill(family: Sequence[psutil.Process]) -> None:
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _dies_with(parent: int, with_signal: signal.Signals) -> Callable[[], None]:
    def leash() -> None:
        if sys.platform == "linux":
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(with_signal))
            if os.getppid() != parent:  # the parent died before the leash was on
                os._exit(1)

    return leash
