"""What tests of all folders know about their servers: a database's addresses, a free port, a key.

Beside the fixtures, not in `conftest`: there is one of those in several folders, and a name can
stand for one module only.
"""

import base64
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

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
