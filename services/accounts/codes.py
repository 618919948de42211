"""Codes that prove an address: derived, never stored: no table and no errand holds one. Pure.

A code is a keyed function of what it is for and of when it was issued. Six digits live for ten
minutes and stand five tries; an invitation is too long to be guessed and lives for three days.
"""

import base64
import hmac
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Purpose = Literal["registration", "invitation"]
LIFETIME: dict[Purpose, timedelta] = {
    "registration": timedelta(minutes=10),
    "invitation": timedelta(days=3),
}
MOST_TRIES = 5
"""Wrong tries that one code stands."""

MOST_ISSUED = 5
"""Codes that one registration may ask for."""

RESEND_PAUSE = timedelta(minutes=1)
"""Between two codes for the same registration."""


def issue_at(now: datetime) -> int:
    """Number an issue by its instant, in microseconds."""
    return int(now.timestamp() * 1_000_000)


def code_of(pepper: str, purpose: Purpose, subject: UUID, issue: int) -> str:
    """Derive the code of one issue."""
    place = f"{purpose}\0{subject}\0{issue}".encode()
    digest = hmac.digest(pepper.encode(), b"code\0" + place, "sha256")
    if purpose == "registration":
        return f"{int.from_bytes(digest[:16]) % 10**6:06d}"
    letters = base64.b32encode(digest[:15]).decode()
    return "-".join(letters[i : i + 6] for i in range(0, len(letters), 6))


def same_code(one: str, other: str) -> bool:
    """Compare what was typed, in a time that tells nothing."""
    return hmac.compare_digest(_typed(one).encode(), _typed(other).encode())


def _typed(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()
