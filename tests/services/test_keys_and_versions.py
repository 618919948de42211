"""What a request carries beside its body: the key it is told apart by, the version it has seen."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from doors_at_hand import SERVICES, House
from fuzzing_at_hand import problem_of
from houses_at_hand import opened
from servers_at_hand import NewDatabase

WRONG = (
    ("if-match", "", 428),
    ("if-match", "the last one", 400),
    ("if-match", '"999"', 409),
    ("idempotency-key", "", 400),
    ("idempotency-key", "short", 400),
    ("idempotency-key", "k" * 201, 422),
)
NEW_YEAR = {
    "date": "2027-01-01",
    "working": False,
    "kind": "holiday",
    "name_vi": "Tết Dương lịch",
    "name_en": "New Year's Day",
}


@pytest.fixture(params=SERVICES)
async def house(
    request: pytest.FixtureRequest, database: NewDatabase, tmp_path: Path
) -> AsyncGenerator[House]:
    """Each service in turn, with something of An's in it."""
    async with opened(request.param, database, tmp_path) as house:
        yield house


async def test_a_decision_says_what_it_has_seen_and_carries_a_key(house: House) -> None:
    before = await house.everything()
    for door, does in (await house.doors()).items():
        how = house.rights.get(door)
        if how is None or not how.into:
            continue
        takes = {given["name"] for given in does.get("parameters", ()) if given["in"] == "header"}
        for name, said, status in (wrong for wrong in WRONG if wrong[0] in takes):
            headers = {**house.welcome(door), name: said}
            answer = await house.knock(door, {name: it for name, it in headers.items() if it})
            # That a result's file is not there is said before its version is looked at.
            also = 422 if "file_id" in (how.body or ()) else status
            assert answer.status_code in (status, also), (door, name, said, answer.text)
            problem_of(answer)
    assert await house.everything() == before


@pytest.mark.parametrize(
    ("service", "caller", "path", "one", "other"),
    [
        ("submission", "owner", "/dossiers/{dossier_id}/withdrawal", {}, {"reason": "Vì bận."}),
        (
            "payment",
            "owner",
            "/payments/{payment_id}/attempts",
            {"method": "vietqr"},
            {"method": "vnpay"},
        ),
        (
            "catalogue",
            "administrator",
            "/calendar/2027",
            {"days": [NEW_YEAR]},
            {"days": []},
        ),
        (
            "accounts",
            "owner",
            "/organisations",
            {"name": "Công ty Hai", "tax_code": "0101248141"},
            {"name": "Công ty Ba", "tax_code": "0101248141"},
        ),
    ],
)
async def test_a_key_is_for_one_request(
    service: str,
    caller: str,
    path: str,
    one: dict[str, Any],
    other: dict[str, Any],
    database: NewDatabase,
    tmp_path: Path,
) -> None:
    async with opened(service, database, tmp_path) as house:
        address, headers = house.address(path), house.headers(caller)

        async def ask(body: Any) -> httpx.Response:
            return await house.http.post(address, json=body, headers=headers)

        first = await ask(one)
        assert first.is_success, first.text
        before = await house.everything()
        assert (await ask(one)).json() == first.json()
        reused = await ask(other)
        assert reused.status_code == 422
        assert problem_of(reused)["type"].endswith(":key-reused")
        assert "take a new key" in problem_of(reused)["title_en"]
        assert await house.everything() == before
