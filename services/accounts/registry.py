"""What the doors of accounts work with, put together once."""

from dataclasses import dataclass

from chassis.changes import Put
from chassis.event_store import EventStore
from chassis.service import Tools
from contracts.values import PersonId

from .hashing import PasswordHashes
from .queries import Queries
from .registrations import Registrations
from .session_store import Sessions
from .streams import Streams
from .tokens import Tokens
from .tries import Tries


@dataclass(frozen=True)
class Registry:
    """Streams to change, tables to read, secrets to compare."""

    store: EventStore
    streams: Streams
    queries: Queries
    registrations: Registrations
    sessions: Sessions
    hashes: PasswordHashes
    tokens: Tokens
    tries: Tries

    @classmethod
    def of(cls, tools: Tools) -> "Registry":
        """Open it on a service's tools."""
        settings = tools.settings
        pepper = settings.pepper.get_secret_value()
        if not pepper:
            raise NoPepper
        keys, secrets = settings.signing_key, settings.service_secrets
        return cls(
            store=tools.store,
            streams=Streams.of(tools.store),
            queries=Queries(tools.pool),
            registrations=Registrations(tools.store, pepper),
            sessions=Sessions(tools.pool),
            hashes=PasswordHashes(pepper),
            tokens=Tokens(keys.get_secret_value(), secrets.get_secret_value()),
            tries=Tries(tools.pool, pepper),
        )


class NoPepper(Exception):
    """MOTCUA_PEPPER is empty: codes could be guessed and a stolen table tried out."""


def credential(person: PersonId, hashed: str | None) -> Put:
    """Write the password of a person."""
    return Put("credentials", {"person_id": person}, {"hash": hashed})
