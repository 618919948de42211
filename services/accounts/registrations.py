"""Addresses that wait for their proof: what was asked for, and the code that will prove it.

Until the code comes back there is no account, so that nobody holds an address that is not theirs;
and whether an address has an account already is looked up when the mail is written, not before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import orjson

from chassis.changes import Amend, Origin, Put, Remove, Row, Unit
from chassis.errands import errand
from chassis.event_store import EventStore
from chassis.problems import Problem

from .codes import (
    LIFETIME,
    MOST_ISSUED,
    MOST_TRIES,
    RESEND_PAUSE,
    Purpose,
    code_of,
    issue_at,
    same_code,
)
from .person import PersonalDetails

MAIL_CODE = "mail-code"
"""The errand that mails a code; its payload names the issue, and the code is derived from that."""

_KEPT = {"registration": timedelta(days=1), "invitation": LIFETIME["invitation"]}


@dataclass(frozen=True)
class Waiting:
    """An address that waits for its proof."""

    registration_id: UUID
    purpose: Purpose
    email: str = field(repr=False)
    language: str
    details: PersonalDetails | None = field(repr=False)
    hash: str | None = field(repr=False)
    issue: int
    issued: int


def waiting_rows(
    registration_id: UUID,
    purpose: Purpose,
    details: PersonalDetails,
    password_hash: str | None,
    origin: Origin,
    now: datetime,
) -> list[Row]:
    """Write an address that waits, and the errand that mails its code."""
    row = Put(
        "registrations",
        {"registration_id": registration_id},
        {
            "purpose": purpose,
            "email": details.email,
            "language": details.language,
            "details": details.model_dump(mode="json") if purpose == "registration" else None,
            "hash": password_hash,
            **_issue(purpose, now),
            "issued": 1,
            "forget_at": now + _KEPT[purpose],
        },
    )
    return [row, _mail(registration_id, purpose, origin, now)]


def proven_row(registration_id: UUID) -> Row:
    """Take an address off those that wait, with the effect of its proof."""
    return Remove("registrations", {"registration_id": registration_id})


def _issue(purpose: Purpose, now: datetime) -> dict[str, Any]:
    return {"issue": issue_at(now), "tries": 0, "good_until": now + LIFETIME[purpose]}


def _mail(registration_id: UUID, purpose: Purpose, origin: Origin, now: datetime) -> Put:
    issue = issue_at(now)
    return errand(
        MAIL_CODE,
        registration_id,
        {"issue": issue},
        "accounts",
        now,
        now + LIFETIME[purpose],
        uuid5(registration_id, str(issue)),
        origin=origin,
    )


class Registrations:
    """Reads and changes what waits."""

    def __init__(self, store: EventStore, pepper: str) -> None:
        """Take the log, for errands are committed with it, and the secret codes are made from."""
        self._store, self._pepper = store, pepper

    @property
    def _pool(self) -> "asyncpg.Pool[Any]":
        return self._store.pool

    async def begin(
        self,
        registration_id: UUID,
        details: PersonalDetails,
        hashed: str,
        origin: Origin,
        now: datetime,
    ) -> None:
        """Write down who wants an account; the code leaves by mail."""
        rows = waiting_rows(registration_id, "registration", details, hashed, origin, now)
        await self._store.append(Unit(rows=tuple(rows)))

    async def send_again(self, registration_id: UUID, origin: Origin, now: datetime) -> None:
        """Issue another code in place of the last one. Of an unknown id nothing is told."""
        waiting = await self.waiting(registration_id)
        if waiting is None or waiting.purpose != "registration":
            return
        if waiting.issued >= MOST_ISSUED:
            raise _no_more_codes()
        waited = timedelta(microseconds=issue_at(now) - waiting.issue)
        if waited < RESEND_PAUSE:
            seconds = ceil((RESEND_PAUSE - waited).total_seconds())
            raise Problem(429, "too-many-codes", headers={"Retry-After": str(seconds)})
        changes = {**_issue("registration", now), "issued": waiting.issued + 1}
        row = Amend("registrations", {"registration_id": registration_id}, changes)
        mail = _mail(registration_id, "registration", origin, now)
        await self._store.append(Unit(rows=(row, mail)))

    async def proven(
        self, registration_id: UUID, purpose: Purpose, code: str, now: datetime
    ) -> Waiting | None:
        """Give what waits if this is its code; every look counts as a try."""
        row = await self._pool.fetchrow(
            "update registrations set tries = tries + 1 where registration_id = $1 "
            "and purpose = $2 and tries < $3 and good_until > $4 returning *",
            *(registration_id, purpose, MOST_TRIES, now),
        )
        waiting = None if row is None else _waiting(row)
        return waiting if waiting and same_code(code, self.code(waiting)) else None

    async def waiting(self, registration_id: UUID) -> Waiting | None:
        """Give what waits under an id."""
        row = await self._pool.fetchrow(
            "select * from registrations where registration_id = $1", registration_id
        )
        return None if row is None else _waiting(row)

    def code(self, waiting: Waiting) -> str:
        """Derive the code that was issued last."""
        return code_of(self._pepper, waiting.purpose, waiting.registration_id, waiting.issue)

    async def sweep(self, now: datetime) -> None:
        """Forget what was never proven."""
        await self._pool.execute("delete from registrations where forget_at <= $1", now)


def _no_more_codes() -> Problem:
    return Problem(
        429,
        "no-more-codes",
        "Đã gửi đủ số mã cho lần đăng ký này. Hãy đăng ký lại.",
        "This registration has had all its codes. Please register again.",
    )


def _waiting(row: Mapping[str, Any]) -> Waiting:
    details = row["details"]
    return Waiting(
        registration_id=row["registration_id"],
        purpose=row["purpose"],
        email=row["email"],
        language=row["language"],
        details=None if details is None else PersonalDetails.model_validate(orjson.loads(details)),
        hash=row["hash"],
        issue=row["issue"],
        issued=row["issued"],
    )
