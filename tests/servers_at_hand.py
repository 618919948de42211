"""What tests of all folders know about their servers: a database's addresses, a free port, a key.

Beside the fixtures, not in `conftest`: there is one of those in several folders, and a name can
stand for one module only.
"""

import base64
import random
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chassis.settings import PORTS

MASTER_KEYS = "test:" + base64.b64encode(bytes(range(32))).decode()


@dataclass(frozen=True)
class Database:
    """One test's own database, with the roles a service has."""

    name: str
    server: str
    roles: str

    def url(self, role: str) -> str:
        """Give its address for a role: `app`, `owner` or `postgres`."""
        user = "postgres" if role == "postgres" else f"{self.roles}_{role}"
        return self.server.replace("postgres@", f"{user}@", 1).rsplit("/", 1)[0] + f"/{self.name}"


NewDatabase = Callable[..., Awaitable[Database]]
"""The fixture `database`: `await database("submission")`."""


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_block() -> int:
    """Find a place for a province's block of ports, below those the system gives away itself, with
    room before it for another one that overlaps it.
    """
    width = max(PORTS.values())
    for first in random.sample(range(18_800, 32_000, 40), 300):
        if all(is_free(first + offset) for offset in range(-width, width + 1)):
            return first
    raise AssertionError("no free block of ports")


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
