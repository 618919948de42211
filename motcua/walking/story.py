"""A walk as it is told: each step with its time and the events it caused, then what was checked."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .province import Caller

PUBLISHERS = ("accounts", "submission", "payment", "notification")
_END_OF_LOG = 2**62


@dataclass(frozen=True)
class Step:
    """One thing somebody does. `run` also waits for what has to follow from it."""

    actor: str
    did: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Told:
    """A step that was done: `events` are the wire names of what was published about the dossier."""

    actor: str
    did: str
    events: list[str]
    ms: int


@dataclass(frozen=True)
class Check:
    """One thing looked at from outside when all was done."""

    name: str
    ok: bool
    detail: str


@dataclass
class Report:
    """A whole walk."""

    dossier: str = ""
    seconds: float = 0.0
    steps: list[Told] = field(default_factory=list[Told])
    checks: list[Check] = field(default_factory=list[Check])

    @property
    def ok(self) -> bool:
        """Whether every check held, and there were any."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    def document(self) -> dict[str, Any]:
        """Give it for other programs."""
        return {
            "ok": self.ok,
            "dossier": self.dossier,
            "seconds": round(self.seconds, 2),
            "steps": [asdict(step) for step in self.steps],
            "checks": [asdict(check) for check in self.checks],
        }


class Ear:
    """Hears what the services publish about certain ids, by their feeds."""

    def __init__(self, auditor: Caller, about: Callable[[], Iterable[str]]) -> None:
        """Listen as an auditor; the ids are asked for each time, for some come to be on the way."""
        self._auditor, self._about = auditor, about
        self._after: dict[str, int] = {}

    async def begin(self) -> None:
        """Listen from now on."""
        for service in PUBLISHERS:
            page = await self._auditor.get(service, "/feed", after=_END_OF_LOG, limit=1)
            self._after[service] = page["head"]

    async def heard(self) -> list[str]:
        """Give the wire names of what was published since, about what we listen for."""
        return [event["type"] for service in PUBLISHERS for event in await self._new(service)]

    async def _new(self, service: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        about = set(filter(None, self._about()))
        while True:
            page = await self._auditor.get(service, "/feed", after=self._after[service], limit=1000)
            found += [e for e in page["events"] if about & set(_ids(e["data"]))]
            if page["next"] == self._after[service]:
                return found
            self._after[service] = page["next"]


def _ids(data: dict[str, Any]) -> list[str]:
    return [value for value in data.values() if isinstance(value, str)]


async def tell(
    steps: Sequence[Step],
    ear: Ear,
    after_each: Callable[[Told], Awaitable[None]],
) -> list[Told]:
    """Do the steps in their order; `after_each` is told of each when it is done."""
    told: list[Told] = []
    for step in steps:
        began = time.monotonic()
        await step.run()
        ms = round((time.monotonic() - began) * 1000)
        told.append(Told(step.actor, step.did, await ear.heard(), ms))
        await after_each(told[-1])
    return told
