"""Many at once: double clicks, two officers over one dossier, a crowd at the counter."""

import itertools
from asyncio import gather
from collections.abc import AsyncIterator

import pytest
from people_at_hand import WITHOUT_FEE, People, post

from motcua.local.sample_people import AGENCY, INTAKE, SPECIALIST
from motcua.walking.citizen import Citizen, solve
from motcua.walking.province import Caller, until

CLICKS, CROWD, KEY = 5, 10, "double-click"


@pytest.fixture
async def two_at_intake(people: People) -> AsyncIterator[tuple[Caller, Caller]]:
    """Two officers who may receive dossiers: today the specialist helps out."""
    first, second = people.officer(INTAKE), people.officer(SPECIALIST)
    await gather(first.sign_in(), second.sign_in())
    chosen = {"person_id": second.person_id, "agency": AGENCY, "roles": ["intake"]}
    appointment = await people.administrator.post("accounts", "/appointments", chosen)
    yield first, second
    path = f"/appointments/{appointment['id']}/relief"
    await people.administrator.post("accounts", path)


async def version_of(people: People, citizen: Citizen) -> int:
    """Tell a dossier's version."""
    return (await people.history(citizen.errand.dossier))["version"]


async def test_a_double_click_hands_in_once(people: People) -> None:
    citizen = await people.prepared()
    challenge = await citizen.caller.get("submission", "/captcha")
    body = {"confirmed": True, "captcha": solve(challenge)}
    path = f"/drafts/{citizen.errand.dossier}/submission"
    clicks = (post(citizen.caller, "submission", path, body, key=KEY) for _ in range(CLICKS))
    answers = await gather(*clicks)
    assert {answer.status_code for answer in answers} == {201}, [a.text for a in answers]
    assert len({answer.text for answer in answers}) == 1
    log = await people.log_of(citizen.errand.dossier)
    assert log.count("submission.dossier-submitted.v1") == 1
    other = await post(citizen.caller, "submission", path, {"confirmed": True}, key=KEY)
    assert other.status_code == 422


async def test_a_double_click_receives_once(people: People) -> None:
    citizen = await people.applicant(WITHOUT_FEE)
    desk, seen = await people.desk(citizen), await version_of(people, citizen)
    path, key = f"{citizen.errand.path}/intake", str(citizen.errand.dossier)
    answers = await gather(
        *(post(desk.intake, "submission", path, {}, key=key, seen=seen) for _ in range(CLICKS))
    )
    assert {answer.status_code for answer in answers} == {201}, [a.text for a in answers]
    assert len({answer.text for answer in answers}) == 1
    log = await people.log_of(citizen.errand.dossier)
    assert log.count("submission.dossier-received.v1") == 1


async def test_of_two_officers_who_decide_at_once_one_wins(
    people: People, two_at_intake: tuple[Caller, Caller]
) -> None:
    citizen = await people.applicant(WITHOUT_FEE)
    first, second = two_at_intake
    path, seen = citizen.errand.path, await version_of(people, citizen)

    async def sees_it() -> bool | None:
        answer = await second.answer("GET", "submission", path)
        return answer.is_success or None

    await until("the second officer to be known", sees_it)
    reason = {"reason": "Hồ sơ không thuộc thẩm quyền của xã."}
    answers = await gather(
        post(first, "submission", f"{path}/intake", {}, seen=seen),
        post(second, "submission", f"{path}/refusal", reason, seen=seen),
    )
    won = [answer for answer in answers if answer.is_success]
    lost = [answer for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, 1), [a.text for a in answers]
    told, log = lost[0].json(), await people.log_of(citizen.errand.dossier)
    assert told["current"] == len(log) > seen
    assert told["since"] == log[seen:]


async def test_a_crowd_gets_distinct_references_and_dense_codes(people: People) -> None:
    crowd = await gather(*(people.prepared(WITHOUT_FEE) for _ in range(CROWD)))
    await gather(*(citizen.submit() for citizen in crowd))
    assert len({citizen.errand.reference for citizen in crowd}) == CROWD
    desks = [await people.desk(citizen) for citizen in crowd]
    await gather(*(desk.receive() for desk in desks))
    numbers = sorted(int(desk.code.rpartition("-")[2]) for desk in desks)
    assert all(later == earlier + 1 for earlier, later in itertools.pairwise(numbers)), numbers
