"""The children of a province on one machine: what each is run with, and when it is ready."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chassis.settings import PORTS, Settings

from .child import Child
from .kafka import Kafka
from .postgres import Postgres
from .secrets import read_settings, write_settings

SERVERS = ("postgres", "kafka")
"""What the others stand on: ended when they are gone."""

_PATIENCE = 90
"""Seconds: on a fresh machine Python compiles what it imports."""

_REQUEST = b"GET /health/ready HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"


class Children:
    """One province's children, by its home folder and the first of its block of ports."""

    def __init__(self, home: Path, port: int) -> None:
        """Write the settings of all services; nothing is started yet."""
        self.home, self.port = home, port
        self._settings = write_settings(home, port)
        self.database = Postgres(home / "postgres", port + PORTS["postgres"])
        self.broker = Kafka(home / "kafka", port + PORTS["kafka"], port + PORTS["controller"])

    def settings(self, service: str) -> Settings:
        """Give a service's settings, whatever stands in this process's own environment."""
        written = read_settings(self._settings[service])
        given: dict[str, Any] = {
            name.removeprefix("MOTCUA_").lower(): value for name, value in written.items()
        }
        return Settings(**given)

    def api(self, service: str) -> Child:
        """Describe a service's API, or the portal."""
        argv = ("motcua", "serve", service, "--roles", "api")
        return self._python(service, argv, read_settings(self._settings[service]))

    def worker(self) -> Child:
        """Describe the one worker of all services; it reads their settings from the home folder."""
        argv = ("motcua", "serve", "all", "--roles", "relay,consumer,clock")
        env = {"MOTCUA_ENV": "local", "MOTCUA_PORT": str(self.port), "MOTCUA_HOME": str(self.home)}
        return self._python("worker", argv, env)

    def bank(self) -> Child:
        """Describe the sandbox bank; it shares its secret with payment."""
        settings = read_settings(self._settings["payment"])
        return self._python("bank", ("motcua.local.bank",), settings)

    def mail(self) -> Child:
        """Describe the mail catcher."""
        settings = read_settings(self._settings["portal"])
        return self._python("mail", ("motcua.local.mail",), settings)

    def _python(self, name: str, argv: tuple[str, ...], env: Mapping[str, str]) -> Child:
        async def ready() -> bool:
            return await says_ready(self.port + PORTS[name])

        return Child(
            name=name,
            command=(sys.executable, "-m", *argv),
            ready=ready,
            # Few memory pools: these processes have one busy thread.
            env={"MALLOC_ARENA_MAX": "2", **env},
            patience=_PATIENCE,
        )


async def says_ready(port: int) -> bool:
    """Ask a process of this machine whether it can do its work."""
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_REQUEST)
            line = await reader.readline()
            writer.close()
    except OSError:
        return False
    return b" 200 " in line
