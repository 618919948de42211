"""Sessions and their refresh tokens: each token works once; an old one ends the whole session."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from chassis.clock import new_id
from contracts.values import PersonId

from .person import PersonKind
from .session import lifetime_of


@dataclass(frozen=True)
class Session:
    """Who is signed in as what, since when, and the token that goes on from here."""

    person_id: PersonId
    kind: PersonKind
    auth_time: datetime
    refresh_token: str = field(repr=False)


class Sessions:
    """Opens, renews and ends sessions."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool

    async def open(self, person: PersonId, kind: PersonKind, now: datetime) -> Session:
        """Begin a session of somebody who has just proven who they are."""
        lifetime, token, session_id = lifetime_of(kind), _new_token(), new_id()
        await self._pool.execute(
            "with opened as (insert into sessions values ($1, $2, $3, $4, $5, $6)) "
            "insert into refresh_tokens values ($7, $1, null)",
            *(session_id, person, kind, now, now + lifetime.idle, now + lifetime.longest),
            _hash(token),
        )
        return Session(person, kind, now, token)

    async def renew(self, token: str, now: datetime) -> Session | None:
        """Exchange a token for the next; None, and the session's end, if it was spent before."""
        async with self._pool.acquire() as connection, connection.transaction():
            found = await _locked(connection, token)
            if found is None:
                return None
            if found["spent_at"] is not None or found["idle_until"] <= now:
                await _end(connection, found["session_id"])
                return None
            following = _new_token()
            await connection.execute(
                "update refresh_tokens set spent_at = $2 where hash = $1", _hash(token), now
            )
            await connection.execute(
                "insert into refresh_tokens values ($1, $2, null)",
                *(_hash(following), found["session_id"]),
            )
            await connection.execute(
                "update sessions set idle_until = least($2, ends_at) where session_id = $1",
                *(found["session_id"], now + lifetime_of(found["kind"]).idle),
            )
        return Session(found["person_id"], found["kind"], found["auth_time"], following)

    async def end(self, token: str) -> None:
        """End the session that a token belongs to, spent or not."""
        await self._pool.execute(
            "delete from sessions where session_id = "
            "(select session_id from refresh_tokens where hash = $1)",
            _hash(token),
        )

    async def end_all(self, person: PersonId) -> None:
        """End every session of a person."""
        await self._pool.execute("delete from sessions where person_id = $1", person)

    async def sweep(self, now: datetime) -> None:
        """Forget sessions that ended by themselves."""
        await self._pool.execute("delete from sessions where idle_until <= $1", now)


async def _locked(connection: Any, token: str) -> "asyncpg.Record | None":
    """Read a token while nobody else can spend it: the session's row is the lock."""
    await connection.execute(
        "select from sessions where session_id = "
        "(select session_id from refresh_tokens where hash = $1) for update",
        _hash(token),
    )
    return await connection.fetchrow(
        "select t.spent_at, s.* from refresh_tokens t join sessions s using (session_id) "
        "where t.hash = $1",
        _hash(token),
    )


async def _end(connection: Any, session_id: UUID) -> None:
    await connection.execute("delete from sessions where session_id = $1", session_id)


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
