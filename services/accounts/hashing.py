"""Passwords as they are kept: Argon2id over a keyed digest, so that a stolen table is no use alone.

Hashing is slow on purpose. It runs beside the loop, one at a time, so that sign-ins cannot take
both cores; who would wait too long is told to come back.
"""

import asyncio
import hmac
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from chassis.problems import Problem

from .passwords import same_form

_ORDINARY = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_STAFF = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_LONGEST_QUEUE = 64
ResultT = TypeVar("ResultT")


class PasswordHashes:
    """Makes and compares hashes."""

    def __init__(self, pepper: str) -> None:
        """Take the secret that is mixed in; it lies in the settings, never in the database."""
        self._pepper = pepper.encode()
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self._nobody = _ORDINARY.hash(self._keyed("nobody's password"))

    async def hash(self, password: str, *, staff: bool) -> str:
        """Make the hash of a password."""
        hasher = _STAFF if staff else _ORDINARY
        return await self._in_turn(hasher.hash, self._keyed(password))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Compare; without an account (None) it takes as long and is never true."""
        keyed = self._keyed(password)
        return await self._in_turn(_same, kept or self._nobody, keyed) and kept is not None

    def outdated(self, kept: str, *, staff: bool) -> bool:
        """Tell whether a hash was made with other costs than today's."""
        return (_STAFF if staff else _ORDINARY).check_needs_rehash(kept)

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
        return _ORDINARY.verify(kept, keyed)
    except (VerifyMismatchError, InvalidHashError):
        return False
