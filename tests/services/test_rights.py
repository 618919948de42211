"""Who may pass which door of whichever service: the table of rights, against the real doors."""

from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from doors_at_hand import CALLERS, OFFICERS, SERVICES, House
from fuzzing_at_hand import problem_of
from houses_at_hand import opened
from rights_at_hand import DESK_ROLES, FIRST, MONEY_ROLES
from servers_at_hand import NewDatabase


@pytest.fixture(params=SERVICES)
async def house(
    request: pytest.FixtureRequest, database: NewDatabase, tmp_path: Path
) -> AsyncGenerator[House]:
    """Each service in turn, with something of An's in it."""
    async with opened(request.param, database, tmp_path) as house:
        yield house


async def test_each_door_lets_in_whom_it_should_and_shows_others_nothing(house: House) -> None:
    before, doors = await house.everything(), await house.doors()
    assert {door for door, does in doors.items() if does.get("security")} == house.rights.keys()
    wrong: list[tuple[str, str, int]] = []
    for door, how in house.rights.items():
        for caller in (*CALLERS, "a service"):
            refused = how.refusal_of(caller)
            if refused is None and not door.startswith("GET"):
                continue
            answer = await house.knock(door, house.headers(caller, seen=999))
            found = answer.status_code if answer.status_code in (401, 403, 404) else None
            if found != refused:
                wrong.append((door, caller, answer.status_code))
            elif answer.is_error:
                problem_of(answer)
    assert not wrong
    assert await house.everything() == before


async def test_what_is_another_persons_looks_like_what_does_not_exist(house: House) -> None:
    for door, how in house.rights.items():
        path = door.split(" ")[1]
        if "stranger" not in how.blind or "_id}" not in path:
            continue
        nothing = house.address(path, **{name: str(uuid4()) for name in house.things})
        answers = [
            await house.knock(door, house.headers("stranger", seen=1), at=address)
            for address in (house.address(path), nothing)
        ]
        theirs, none = [{**problem_of(answer), "instance": ""} for answer in answers]
        assert theirs == none and theirs["status"] == 404, door


@pytest.mark.parametrize(
    ("service", "prefix", "roles", "possible"),
    [
        ("submission", "POST /dossiers/{dossier_id}/", DESK_ROLES, FIRST),
        ("payment", "POST /payments/{payment_id}/", MONEY_ROLES, ("cash",)),
    ],
)
async def test_officers_do_what_their_role_does_when_it_is_time_for_it(
    service: str,
    prefix: str,
    roles: Mapping[str, str],
    possible: tuple[str, ...],
    database: NewDatabase,
    tmp_path: Path,
) -> None:
    async with opened(service, database, tmp_path) as house:
        seen, before = await house.version(), await house.everything()
        for what, takes in roles.items():
            for officer in OFFICERS:
                may = officer in takes.split(", ")
                if may and what in possible:
                    continue
                answer = await house.knock(f"{prefix}{what}", house.headers(officer, seen=seen))
                expected = (409, 422) if may else (403,)
                assert answer.status_code in expected, (what, officer, answer.text)
                problem_of(answer)
        assert await house.version() == seen
        assert await house.everything() == before
