"""Errands: whatever leaves the service. Written with the effect that needs it, done by the clock
role.

An errand may be done twice (the process may die between the call and the record of it): whoever is
called must stand that, by an id of ours or by its nature. Its outcome is recorded once.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .changes import Origin, Put
from .reactions import Answer


@dataclass(frozen=True, slots=True)
class Job:
    """One errand in hand. `attempts` counts this one too."""

    errand_id: UUID
    kind: str
    subject: UUID
    payload: Mapping[str, Any]
    attempts: int
    deadline: datetime
    correlation: str
    traceparent: str


class Hopeless(Exception):
    """Trying again would not help: the errand is given up at once, for the reason given."""


@dataclass(frozen=True, slots=True)
class Errand:
    """How errands of one kind are done.

    `call` does it and answers, like a reaction, with what follows: commands, rows, nothing. Any
    exception means: try again later, until the deadline. `give_up` is told the reason then and
    answers what follows from the failure.
    """

    call: Callable[[Job], Awaitable[Answer]]
    give_up: Callable[[Job, str], Answer] = lambda _job, _reason: None
    timeout: float = 30
    at_once: int = 4


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something the clock role does again and again: deadlines, lapses, checks."""

    every: float
    run: Callable[[], Awaitable[object]]


def errand(  # noqa: PLR0913 - the columns of its row
    kind: str,
    subject: UUID,
    payload: Mapping[str, Any],
    owner: str,
    now: datetime,
    deadline: datetime,
    errand_id: UUID,
    *,
    due: datetime | None = None,
    origin: Origin | None = None,
) -> Put:
    """Write an errand down, to be committed with the effect that needs it.

    The same id makes the same errand: derive it (uuid5) from what causes it, and an event told
    twice sends one mail. `owner` looks after it when it is overdue. Requests pass their
    `origin`; what follows from an event is given the event's.
    """
    values = {
        "kind": kind,
        "subject": str(subject),
        "payload": dict(payload),
        "owner": owner,
        "due_at": due or now,
        "deadline": deadline,
        "correlation": origin.correlation if origin else "",
        "traceparent": origin.traceparent if origin else "",
    }
    return Put("errands", {"errand_id": errand_id}, values, once=True)
