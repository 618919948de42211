"""A whole province of real processes that tests may stop, kill and start again one by one.

await province.kill("accounts", "kafka")
await province.begin("accounts", "kafka")     # not waiting until they are ready
await province.ready("accounts", "kafka")
"""

import asyncio
import os
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from chassis.settings import Settings
from motcua.catalogue import import_catalogue
from motcua.local.child import Child, Process
from motcua.local.children import SERVERS, Children
from motcua.local.people import ensure_people
from motcua.service_settings import WITH_LOG
from motcua.starting import start

APIS = WITH_LOG
ROLES = "relay,consumer,clock"


class ProvinceAtHand:
    """The processes of one province by their names: services, `worker`, `bank`, `mail`, servers."""

    def __init__(self, home: Path, port: int) -> None:
        """Write its settings. The clock asks the bank so rarely that no test meets it unwanted."""
        self.home, self.port = home, port
        self.children = Children(home, port)
        self.set("payment", SETTLE_AFTER_SECONDS="3600")
        self._processes: dict[str, Process] = {}
        self._whole = True

    @property
    def settings(self) -> Settings:
        """The settings of somebody outside: where services answer."""
        return self.children.settings("portal")

    def set(self, service: str, **values: str) -> None:
        """Write settings over a service's own; they are read at its next start."""
        with (self.home / "settings" / f"{service}.env").open("a") as file:
            file.writelines(f"MOTCUA_{name}={value}\n" for name, value in values.items())

    async def open(self) -> None:
        """Start everything, with the catalogue and the sample people."""
        await start(self.children, self)
        await import_catalogue(settings=self.children.settings("catalogue"))
        await ensure_people(self.children.settings("accounts"))

    async def close(self) -> None:
        """Kill everything: its folder goes too."""
        await self.kill(*self._processes)

    async def run(self, child: Child) -> None:
        """Start a child and wait until it is ready."""
        process = self._processes[child.name] = Process(child, self.home)
        await process.start()

    async def kill(self, *names: str) -> None:
        """End processes as a power cut would."""
        await asyncio.gather(*(self._processes[name].kill() for name in names))

    async def stop(self, *names: str) -> None:
        """End processes in order."""
        await asyncio.gather(*(self._processes[name].stop() for name in names))

    async def begin(self, *names: str) -> None:
        """Start processes, servers first, not waiting for them; earlier selves are ended."""
        self._whole |= "worker" in names
        for name in sorted(names, key=lambda name: name not in SERVERS):
            await self._processes[name].kill()
            if name not in SERVERS:
                self._processes[name] = Process(self._child(name), self.home)
            await self._processes[name].launch()

    async def ready(self, *names: str) -> None:
        """Wait until processes can do their work."""
        await asyncio.gather(*(self._processes[name].until_ready() for name in names))

    async def mend(self) -> None:
        """Bring back what is not running, and the whole worker in place of a part of it."""
        gone = [name for name, process in self._processes.items() if process.pid is None]
        if "worker" not in gone and not self._whole:
            gone.append("worker")
        await self.begin(*gone)
        await self.ready(*gone)

    async def worker_of(self, *services: str, roles: str = ROLES) -> None:
        """Put a worker of some services, or of some roles, in the place of the whole one."""
        await self.kill("worker")
        self._whole = False
        argv = (sys.executable, "-m", "motcua", "serve", *services, "--roles", roles)
        await self.run(replace(self.children.worker(), command=argv))

    def _child(self, name: str) -> Child:
        """Describe a child anew: its settings may have been written over."""
        match name:
            case "worker":
                return self.children.worker()
            case "bank":
                return self.children.bank()
            case "mail":
                return self.children.mail()
            case _:
                return self.children.api(name)

    async def command(self, *argv: str) -> tuple[int, str]:
        """Run `motcua` as people do; gives its exit code and what it printed."""
        names = {"ENV": "local", "PORT": str(self.port), "HOME": str(self.home)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "motcua", *argv),
            env={**os.environ, "COLUMNS": "200", **{f"MOTCUA_{n}": v for n, v in names.items()}},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    async def answer(self, *argv: str) -> tuple[int, dict[str, Any]]:
        """Run `motcua … --json`; gives its exit code and its document."""
        code, said = await self.command(*argv, "--json")
        return code, orjson.loads(said)

    async def sql(self, service: str, statement: str, *values: object) -> list[Any]:
        """Do to a service's database, as its superuser, what no role of ours may."""
        connection = await asyncpg.connect(self.children.database.url(service))
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()


def without(names: Sequence[str], gone: Collection[str]) -> list[str]:
    """Leave some names out."""
    return [name for name in names if name not in gone]
