"""Passwords as they are kept: Argon2id over a keyed digest, so that a stolen table is no use alone.

Hashing is slow on purpose. It runs beside the loop, one at a time, so that sign-ins cannot take
both cores; who would wait too long is told to come back. It costs the same for everybody, or the
time a refusal takes would tell whose login it was.
"""

import asyncio
import hmac
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from chassis.problems import Problem

from .passwords import same_form

_ARGON = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_LONGEST_QUEUE = 64
ResultT = TypeVar("ResultT")


class PasswordHashes:
    """Makes and compares hashes."""

    def __init__(self, pepper: str) -> None:
        """Take the secret that is mixed in; it lies in the settings, never in the database."""
        self._pepper = pepper.encode()
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self.nobody = _ARGON.hash(self._keyed("nobody's password"))

    async def hash(self, password: str) -> str:
        """Make the hash of a password."""
        return await self._in_turn(_ARGON.hash, self._keyed(password))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Compare; without an account (None) it takes as long and is never true."""
        keyed = self._keyed(password)
        return await self._in_turn(_same, kept or self.nobody, keyed) and kept is not None

    def outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with other costs than today's."""
        return _ARGON.check_needs_rehash(kept)

    def _keyed(self, password: str) -> str:
        return hmac.digest(self._pepper, same_form(password).encode(), "sha256").hex()

    async def _in_turn(self, work: Callable[..., ResultT], *arguments: str) -> ResultT:
        if self._waiting >= _LONGEST_QUEUE:
            raise Problem(503, "busy", headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work, *arguments)
        finally:
            self._waiting -= 1


def _same(kept: str, keyed: str) -> bool:
    try:
        return _ARGON.verify(kept, keyed)
    except (VerifyMismatchError, InvalidHashError):
        return False
