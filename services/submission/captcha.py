"""A proof of work against machines that hand in by the thousand.

We sign a challenge, the sender's own device computes for a moment; nobody has to look at pictures.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha

LIFE = timedelta(minutes=20)
"""How long a challenge may take, from when it was asked for."""

_ALGORITHM = "PBKDF2/SHA-256"
_COST = 2000
_LEAST, _SPREAD = 100, 150


@dataclass(frozen=True)
class Solved:
    """A solved challenge of ours: its name, under which it counts once, until when it is good."""

    challenge: str
    expires_at: datetime


class Captcha:
    """Makes challenges and checks their solutions."""

    def __init__(self, secret: str) -> None:
        """Take what the challenges are signed with."""
        self._secret = secret

    def challenge(self, now: datetime, effort: int | None = None) -> dict[str, Any]:
        """Make a challenge that takes so many derivations to solve; some hundred, if none are
        named.
        """
        made: Any = altcha.create_challenge(  # pyright: ignore[reportUnknownMemberType]
            _ALGORITHM,
            _COST,
            counter=effort or _LEAST + secrets.randbelow(_SPREAD),
            expires_at=now + LIFE,
            hmac_secret=self._secret,
            hmac_key_secret=self._secret,
        )
        return made.to_dict()

    def solved(self, payload: str) -> Solved | None:
        """Read a solution, base64 of JSON as the widget writes it; None if it is none of ours, is
        wrong, or came too late.
        """
        if not altcha.verify_solution(payload, self._secret, hmac_key_secret=self._secret).verified:
            return None
        parameters = altcha.Payload.from_base64(payload).challenge.parameters
        assert parameters.expires_at is not None
        return Solved(parameters.nonce, datetime.fromtimestamp(parameters.expires_at, UTC))
