"""Everything is started again between any two steps of a walk, and nothing comes of it."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count

import pytest
from people_at_hand import WITH_FEE, People
from province_at_hand import APIS, ProvinceAtHand
from test_walkthrough import broken

from motcua.local.children import SERVERS
from motcua.walking.story import Ear, Told
from motcua.walkthrough import Wanted, walk

SERVERS_TOO = (4, 7)
"""After these steps the servers that everything stands on are cut off too."""


@dataclass(frozen=True)
class Outcome:
    """What a walk left behind: the steps of the dossier, who was told what, the money's events."""

    log: list[str]
    mails: Counter[str]
    published: Counter[str]


async def outcome(
    people: People, province: ProvinceAtHand, after_each: Callable[[Told], Awaitable[None]]
) -> Outcome:
    """Walk a dossier with a fee, and hold it to all that is checked of a walk."""
    walked: list[str] = []
    ear = Ear(people.auditor, lambda: walked)
    await ear.begin()
    report = await walk(province.settings, Wanted(WITH_FEE), after_each)
    assert not broken(report)
    walked.append((await people.history(report.dossier))["id"])
    return Outcome(
        await people.log_of(walked[0]), await people.mails_of(walked[0]), Counter(await ear.heard())
    )


async def undisturbed(_: Told) -> None:
    """Let everything run."""


@pytest.mark.timeout(300)
async def test_restarts_between_all_steps_change_nothing(
    people: People, province: ProvinceAtHand
) -> None:
    calm = await outcome(people, province, undisturbed)
    steps = count(1)

    async def start_again(_: Told) -> None:
        await province.stop("worker")
        await province.kill(*APIS)
        if next(steps) in SERVERS_TOO:
            await province.kill(*SERVERS)
            await province.begin(*SERVERS)
            await province.ready(*SERVERS)
        await province.begin(*APIS, "worker")

    disturbed = await outcome(people, province, start_again)
    assert next(steps) > len(SERVERS_TOO)
    assert disturbed == calm
