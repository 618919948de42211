"""Registering, proving an address, signing in and out: on a real database, with real mail."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from accounts_at_hand import (
    AN,
    PASSWORD,
    Accounts,
    NewDatabase,
    code_in,
    everything,
    running_accounts,
)
from at_hand import signed_in


@pytest.fixture
async def accounts(database: NewDatabase, tmp_path: Path) -> AsyncGenerator[Accounts]:
    """The accounts service with its clock and a mail catcher."""
    async with running_accounts(await database("accounts"), tmp_path) as running:
        yield running


async def test_a_citizen_registers_proves_the_address_and_signs_in(accounts: Accounts) -> None:
    person = await accounts.citizen()
    for login in ("an.nguyen@example.vn", "0912345678", "030095012345"):
        answer = await accounts.sign_in(login)
        assert answer.status_code == 200, answer.text
        assert answer.json()["person_id"] == str(person)
    bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await accounts.client.get("/me", headers=bearer)).json()
    assert me["full_name"] == AN["full_name"]
    assert me["phone"] == "0912345678"
    assert me["verified"]
    told = ["details-taken", "kind-granted", "account-registered", "contact-verified"]
    assert await accounts.events(f"person-{person}") == told


async def test_whether_an_address_has_an_account_changes_no_answer(accounts: Accounts) -> None:
    await accounts.citizen()
    again = await accounts.client.post("/registrations", json=AN)
    other = await accounts.client.post("/registrations", json={**AN, "email": "binh@example.vn"})
    assert again.status_code == other.status_code == 201
    assert again.json().keys() == other.json().keys()
    known = await accounts.mail_to(AN["email"], after=1)
    assert "đã có tài khoản" in known["text"]
    for guess in ("000000", "999999"):
        assert (await accounts.verify(again.json()["id"], guess)).status_code == 422


async def test_two_proofs_of_one_address_open_one_account(accounts: Accounts) -> None:
    waiting = [await accounts.register(), await accounts.register()]
    codes = [code_in(await accounts.mail_to(AN["email"], after=n)) for n in (0, 1)]
    tried = [
        await accounts.verify(registration, code) for registration in waiting for code in codes
    ]
    assert sorted(answer.status_code for answer in tried) == [200, 422, 422, 422]
    assert await accounts.tools.pool.fetchval("select count(*) from persons") == 1


async def test_a_code_stands_five_tries_even_all_at_once(accounts: Accounts) -> None:
    waiting = await accounts.register()
    code = code_in(await accounts.mail_to(AN["email"]))
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    guesses = await asyncio.gather(*(accounts.verify(waiting, wrong) for _ in range(12)))
    assert {answer.status_code for answer in guesses} == {422}
    assert (await accounts.verify(waiting, code)).status_code == 422
    soon = await accounts.client.post(f"/registrations/{waiting}/code")
    assert soon.status_code == 429
    assert 0 < int(soon.headers["retry-after"]) <= 60


async def test_another_code_takes_the_place_of_the_last(accounts: Accounts) -> None:
    waiting = await accounts.register()
    first = code_in(await accounts.mail_to(AN["email"]))
    await accounts.tools.pool.execute("update registrations set issue = issue - 61000000")
    assert (await accounts.client.post(f"/registrations/{waiting}/code")).status_code == 204
    second = code_in(await accounts.mail_to(AN["email"], after=1))
    assert (await accounts.verify(waiting, first)).status_code == 422
    await accounts.tools.pool.execute("update registrations set issued = 5")
    spent = await accounts.client.post(f"/registrations/{waiting}/code")
    assert (spent.status_code, spent.json()["type"]) == (429, "urn:motcua:problem:no-more-codes")
    assert (await accounts.verify(waiting, second)).status_code == 200


async def test_of_an_unknown_registration_nothing_is_told(accounts: Accounts) -> None:
    nobody = uuid4()
    assert (await accounts.client.post(f"/registrations/{nobody}/code")).status_code == 204
    assert (await accounts.verify(str(nobody), "123456")).status_code == 422
    invited = {"code": "123456", "password": PASSWORD}
    assert (await accounts.client.post(f"/invitations/{nobody}", json=invited)).status_code == 422


async def test_a_code_is_good_for_ten_minutes(accounts: Accounts) -> None:
    waiting = await accounts.register()
    code = code_in(await accounts.mail_to(AN["email"]))
    await accounts.tools.pool.execute("update registrations set good_until = now()")
    assert (await accounts.verify(waiting, code)).status_code == 422


REFUSED = [
    ("id_number", "000095012345"),
    ("id_number", "03009501234"),
    ("id_number", "٠٣٠٠٩٥٠١٢٣٤٥"),
    ("phone", "0212345678"),
    ("email", "an@localhost"),
    ("email", "an@example.vn\r\nBcc: all@example.vn"),
    ("full_name", "An\u202ekcab"),
    ("full_name", "An\0"),
    ("birth_date", "2199-01-01"),
    ("password", "ngắn quá"),
    ("password", "NguyenVanAn1995"),
    ("role", "administrator"),
]


async def test_what_cannot_be_is_refused_in_two_languages(accounts: Accounts) -> None:
    for field, value in REFUSED:
        answer = await accounts.client.post("/registrations", json={**AN, field: value})
        assert answer.status_code == 422, (field, value, answer.text)
        assert {"title", "title_en"} <= answer.json().keys()
    assert await accounts.tools.pool.fetchval("select count(*) from registrations") == 0


async def test_a_number_that_tells_another_year_or_sex_is_doubted_and_kept(
    accounts: Accounts,
) -> None:
    told = {**AN, "id_number": "030196012345"}
    answer = await accounts.client.post("/registrations", json=told)
    assert [doubt["field"] for doubt in answer.json()["doubts"]] == ["birth_date", "gender"]


async def test_guessing_waits_longer_and_longer_and_locks_nobody_out(accounts: Accounts) -> None:
    await accounts.citizen()
    guesses = [await accounts.sign_in(AN["email"], f"sai mật khẩu lần {n}") for n in range(8)]
    assert (await accounts.sign_in(AN["email"])).status_code == 429
    nobody = [await accounts.sign_in("ai@example.vn", f"sai mật khẩu lần {n}") for n in range(8)]
    assert [g.status_code for g in guesses] == [401] * 6 + [429] * 2
    assert [g.status_code for g in nobody] == [g.status_code for g in guesses]
    assert without_id(nobody[0]) == without_id(guesses[0])
    assert int(guesses[7].headers["retry-after"]) >= 1
    at_home = await accounts.sign_in(AN["email"], network="198.51.100.20")
    assert at_home.status_code == 200


def without_id(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "instance"}


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(
    accounts: Accounts,
) -> None:
    await accounts.citizen()
    first = (await accounts.sign_in(AN["email"])).json()["refresh_token"]
    elsewhere = (await accounts.sign_in(AN["email"])).json()["refresh_token"]
    second = (await refreshed(accounts, first)).json()["refresh_token"]
    third = (await refreshed(accounts, second)).json()["refresh_token"]
    assert (await refreshed(accounts, first)).status_code == 401
    assert (await refreshed(accounts, third)).status_code == 401
    assert (await refreshed(accounts, elsewhere)).status_code == 200


async def test_one_token_sent_many_times_at_once_gives_one_session_at_most(
    accounts: Accounts,
) -> None:
    await accounts.citizen()
    token = (await accounts.sign_in(AN["email"])).json()["refresh_token"]
    answers = await asyncio.gather(*(refreshed(accounts, token) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
    winner = next(answer for answer in answers if answer.status_code == 200).json()
    assert (await refreshed(accounts, winner["refresh_token"])).status_code == 401


async def refreshed(accounts: Accounts, token: str) -> httpx.Response:
    return await accounts.client.post("/tokens/refresh", json={"refresh_token": token})


async def test_signing_out_ends_one_session_and_everywhere_ends_all(accounts: Accounts) -> None:
    person = await accounts.citizen()
    tokens = [(await accounts.sign_in(AN["email"])).json()["refresh_token"] for _ in range(3)]
    await accounts.client.post("/sign-out", json={"refresh_token": tokens[0]})
    assert (await refreshed(accounts, tokens[0])).status_code == 401
    everywhere = await accounts.client.post(
        "/sign-out-everywhere", headers=signed_in("citizen", person)
    )
    assert everywhere.status_code == 204
    for token in tokens[1:]:
        assert (await refreshed(accounts, token)).status_code == 401


async def test_no_table_and_no_event_holds_a_secret_or_shows_a_person(accounts: Accounts) -> None:
    waiting = await accounts.register()
    code = code_in(await accounts.mail_to(AN["email"]))
    rows = await everything(accounts.database, "registrations", "errands")
    assert code not in rows
    assert PASSWORD not in rows
    await accounts.verify(waiting, code)
    token = (await accounts.sign_in(AN["email"])).json()["refresh_token"]
    stored = await everything(accounts.database, "credentials", "sessions", "refresh_tokens")
    assert token not in stored
    assert "$argon2id$v=19$m=65536,t=3,p=1$" in stored
    log = b"".join(
        row["data"] + row["meta"] for row in await accounts.tools.pool.fetch("select * from events")
    ).decode()
    for personal in ("Nguyễn", "an.nguyen@example.vn", "0912345678", AN["id_number"], "argon2"):
        assert personal not in log
