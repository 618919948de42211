"""Whatever comes in at whichever door of whichever service: a clear problem, nothing changed."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from bad_bodies import HUGE, bad_bodies
from bad_tokens import bad_tokens
from doors_at_hand import CALLERS, MAI, SERVICES, House
from fuzzing_at_hand import Fuzzer, problem_of
from houses_at_hand import opened
from servers_at_hand import NewDatabase
from submission_at_hand import Place

STRANGE = ("%00", "a%00b", "%FF%FE", "%F0%9F%92%A9", "..%2F..", "9" * 400)
"""What may stand in an address, and be nothing."""

FIELDS = ("person.full_name", "person.copies", "person", "id-card", "\0")
"""What a supplement may be said to mend."""

OPEN = {
    "accounts": {
        "POST /registrations",
        "POST /registrations/{registration_id}/code",
        "POST /registrations/{registration_id}/verification",
        "POST /invitations/{invitation_id}",
        "POST /sign-in",
        "POST /sign-out",
        "POST /tokens/refresh",
        "POST /service-tokens",
        "GET /.well-known/jwks.json",
    },
    "catalogue": {
        "GET /agencies",
        "GET /agencies/{code}",
        "GET /calendar/{year}",
        "GET /procedures",
        "GET /procedures/{key}",
        "GET /procedures/{key}/forms/{code}",
        "GET /procedures/{key}/forms/{code}/schema",
        "GET /sectors",
    },
    "submission": {"GET /captcha"},
    "payment": {"GET /vnpay/ipn", "GET /vnpay/return", "POST /vietqr/note"},
    "notification": set[str](),
}
"""Doors that ask for no token."""


@pytest.fixture(params=SERVICES)
async def house(
    request: pytest.FixtureRequest, database: NewDatabase, tmp_path: Path
) -> AsyncGenerator[House]:
    """Each service in turn, with something of An's in it."""
    async with opened(request.param, database, tmp_path) as house:
        yield house


async def test_whatever_is_sent_to_whichever_door_is_answered_as_its_document_says(
    house: House,
) -> None:
    callers = {name: house.headers(name) for name in (*CALLERS, "submission")}
    url = str(house.http.base_url).rstrip("/")
    with requests.Session() as session:
        session.trust_env = False
        fuzzer = Fuzzer(url, house.things, {**callers, "nobody": {}}, session)
        await asyncio.to_thread(fuzzer.run)
    assert not fuzzer.wrong, "\n\n".join(fuzzer.wrong.values())
    assert fuzzer.answered > 50


async def test_without_a_good_token_no_door_opens_but_those_that_are_open_to_all(
    house: House,
) -> None:
    before, tokens, doors = await house.everything(), bad_tokens(house.service), await house.doors()
    guarded = [door for door, does in doors.items() if does.get("security")]
    assert doors.keys() - set(guarded) == OPEN[house.service]
    for number, door in enumerate(guarded):
        # Every token is tried at one of the first three doors, these two at every one.
        for name in {"no token", "expired", *(list(tokens)[number::3] if number < 3 else ())}:
            bearer = {"authorization": f"Bearer {tokens[name]}".encode()} if tokens[name] else {}
            answer = await house.knock(door, bearer)
            assert answer.status_code == 401, (door, name, answer.text)
            problem_of(answer)
    assert await house.everything() == before


async def test_what_no_door_takes_is_refused_by_every_one(house: House) -> None:
    before = await house.everything()
    for door, how in house.rights.items():
        if not how.into or how.body is None:
            continue
        headers = {**house.welcome(door), "content-type": "application/json"}
        for name, body in bad_bodies(how.body).items():
            answer = await house.knock(door, headers, content=body)
            assert 400 <= answer.status_code < 500, (door, name, answer.status_code, answer.text)
            problem_of(answer)
    assert await house.everything() == before


async def test_an_address_of_nothing_is_not_found_and_no_defect(house: House) -> None:
    before = await house.everything()
    for door, does in (await house.doors()).items():
        how = house.rights.get(door)
        if door.startswith("PUT") or (how and not how.into):
            continue
        headers, path = house.welcome(door), door.split(" ")[1]
        query = "".join(f"&{name}={value}" for name, value in how.query.items()) if how else ""
        for given, said in product(does.get("parameters", ()), STRANGE):
            if given["in"] != "header":
                if given["in"] == "path":
                    address = house.address(path, **{given["name"]: said})
                else:
                    address = f"{house.address(path)}?{given['name']}={said}{query}"
                answer = await house.knock(door, headers, at=address)
                assert answer.status_code < 500, (door, address, answer.text)
                if answer.is_error:
                    problem_of(answer)
    assert await house.everything() == before


async def test_too_much_is_refused_before_it_is_read(house: House) -> None:
    async def without_end() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    before, doors = await house.everything(), house.rights.items()
    door = next(door for door, how in doors if door.startswith("POST") and how.into)
    headers = {**house.welcome(door), "content-type": "application/json"}
    for content in (b" " * (1024 * 1024 + 1), without_end()):
        answer = await house.knock(door, headers, content=content)
        assert answer.status_code == 413, answer.text
        assert problem_of(answer)["type"].endswith(":too-large")
    assert await house.everything() == before


async def test_what_is_not_json_is_not_taken_for_it(database: NewDatabase, tmp_path: Path) -> None:
    async with opened("submission", database, tmp_path) as house:
        before = await house.everything()
        body = json.dumps({"reason": "Vì sai."}).encode()
        for kind in ("text/plain", "application/xml", "multipart/form-data", "a/b; c", ""):
            headers = house.headers("officer", seen=await house.version())
            answer = await house.knock(
                "POST /dossiers/{dossier_id}/refusal",
                {**headers, "content-type": kind},
                content=body,
            )
            assert answer.status_code in (400, 415, 422), (kind, answer.text)
            problem_of(answer)
        assert await house.everything() == before


async def test_strange_values_are_no_answer_to_what_was_asked(
    database: NewDatabase, tmp_path: Path
) -> None:
    async with opened("submission", database, tmp_path) as house:
        items = [
            {"item": item, "reason": "Chưa rõ."} for item in ("person.full_name", "person.copies")
        ]
        place = Place(house.http, house.database)
        asked = await place.decide_on(
            await house.version(),
            MAI,
            UUID(house.things["dossier_id"]),
            "supplement-request",
            {"items": items},
        )
        assert asked.is_success, asked.text
        before = await house.everything()
        for field, value in product(FIELDS, strange_values()):
            body = json.dumps({"values": {field: value}})
            answer = await house.knock(
                "POST /dossiers/{dossier_id}/supplement",
                {**house.headers("owner"), "content-type": "application/json"},
                content=body.encode(),
            )
            assert 400 <= answer.status_code < 500, (field, value, answer.text)
            problem_of(answer)
        assert await house.everything() == before


def strange_values() -> list[Any]:
    """Give what JSON can say and no field means."""
    nested: Any = "x"
    for _ in range(10):
        nested = {"x": [nested]}
    return [
        nested,
        HUGE,
        2**64,
        -1e308,
        float("nan"),
        "a\0",
        "\ud800",
        [],
        {},
        True,
        None,
        "\u202e",
    ]
