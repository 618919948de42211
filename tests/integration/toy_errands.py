"""The toy's errands: each call leaves a line in a file, so that calls can be counted from outside.

An errand's payload says how its calls end: `fails` times it fails, or it hangs, or is hopeless.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import orjson
from toy_jars import SeeBead

from chassis.errands import Errand, Hopeless, Job
from chassis.reactions import Answer, To

DONE, GIVEN_UP = 1, 2
"""The beads by which the shelf remembers how an errand ended."""


def errands_of(shelf: UUID, calls: str) -> Mapping[str, Errand]:
    """Give the kinds of errands, whose outcomes are told to one shelf."""
    file = Path(calls)

    def note_down(job: Job) -> None:
        with file.open("ab") as lines:
            lines.write(
                orjson.dumps({"errand": str(job.errand_id), "attempt": job.attempts}) + b"\n"
            )

    async def ring(job: Job) -> Answer:
        note_down(job)
        match job.payload:
            case {"fails": int(times)} if job.attempts <= times:
                raise ConnectionError("nobody opens")
            case {"hangs": int(times)} if job.attempts <= times:
                await asyncio.sleep(60)
            case {"hopeless": str(why)}:
                raise Hopeless(why)
            case _:
                await asyncio.sleep(0.02)
        return To(shelf, SeeBead(DONE, job.errand_id))

    def give_up(job: Job, reason: str) -> Answer:
        del reason
        return To(shelf, SeeBead(GIVEN_UP, job.errand_id))

    return {
        kind: Errand(ring, give_up, timeout=1, at_once=at_once)
        for kind, at_once in {"ring": 4, "slow": 1}.items()
    }


def calls_in(calls: Path) -> list[tuple[UUID, int]]:
    """List the calls made: which errand, and the how manieth try it was."""
    lines = calls.read_bytes().splitlines() if calls.exists() else []
    made = [orjson.loads(line) for line in lines]
    return [(UUID(call["errand"]), call["attempt"]) for call in made]
