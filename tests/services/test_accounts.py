"""The accounts service on a real database, with real mail: registering, signing in, appointing."""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from at_hand import as_service, running_api, running_clock, served, settings_of, signed_in
from conftest import Database, free_port

from chassis.clock import utc_now
from motcua.local.mail.app import MailConfig, make_catcher
from services.accounts.doors import sweeps
from services.accounts.staffing import enlist

NewDatabase = Callable[..., Awaitable[Database]]
PASSWORD = "con mèo trèo cây cau hỏi thăm"
AN: dict[str, Any] = {
    "phone": "+84 912 345 678",
    "email": "An.Nguyen@Example.vn",
    "id_number": "030095012345",
    "full_name": "Nguyễn Văn An",
    "birth_date": "1995-03-05",
    "gender": "male",
    "password": PASSWORD,
}
BINH_LANG = "H23.39.02"


@dataclass
class Accounts:
    """A running service, the mails it sent, its database."""

    client: httpx.AsyncClient
    mails: httpx.AsyncClient
    database: Database
    tools: Any

    async def mail_to(self, address: str, after: int = 0) -> dict[str, Any]:
        """Wait for the next mail to an address."""
        for _ in range(200):
            params = {"to": address.lower(), "after": after}
            if found := (await self.mails.get("/messages", params=params)).json():
                return found[0]
            await asyncio.sleep(0.05)
        raise AssertionError(f"no mail to {address}")

    async def register(self, **changes: Any) -> str:
        """Ask for an account; gives the id of what waits."""
        answer = await self.client.post("/registrations", json={**AN, **changes})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def citizen(self, **changes: Any) -> UUID:
        """Register somebody and prove their address."""
        waiting = await self.register(**changes)
        code = code_in(await self.mail_to(changes.get("email", AN["email"])))
        answer = await self.verify(waiting, code)
        assert answer.status_code == 200, answer.text
        return UUID(waiting)

    async def verify(self, waiting: str, code: str) -> httpx.Response:
        """Give a code back."""
        path = f"/registrations/{waiting}/verification"
        return await self.client.post(path, json={"code": code})

    async def sign_in(
        self, login: str, password: str = PASSWORD, network: str = "203.0.113.7", **more: str
    ) -> httpx.Response:
        """Sign in, from a network."""
        return await self.client.post(
            "/sign-in",
            json={"login": login, "password": password, **more},
            headers={"x-forwarded-for": network},
        )

    async def events(self, stream: str) -> list[str]:
        """Name what happened on a stream."""
        rows = await self.tools.pool.fetch(
            "select type from events where stream = $1 order by version", stream
        )
        return [row["type"].removeprefix("accounts.").removesuffix(".v1") for row in rows]


@pytest.fixture
async def accounts(database: NewDatabase, tmp_path: Path) -> AsyncGenerator[Accounts]:
    """The accounts service with its clock and a mail catcher."""
    async with running_accounts(await database("accounts"), tmp_path) as running:
        yield running


@asynccontextmanager
async def running_accounts(own: Database, folder: Path) -> AsyncGenerator[Accounts]:
    smtp = free_port()
    config = MailConfig("127.0.0.1", smtp, folder / "mails.sqlite")
    settings = {"smtp_url": f"smtp://127.0.0.1:{smtp}", "blobs_url": f"file://{folder}"}
    async with (
        served(make_catcher(config)) as catcher,
        httpx.AsyncClient(base_url=catcher, trust_env=False) as mails,
        running_clock("accounts", own, **settings) as tools,
        running_api("accounts", own, **settings) as client,
    ):
        yield Accounts(client, mails, own, tools)


def code_in(mail: dict[str, Any]) -> str:
    found = re.search(r"\b([0-9]{6})\b", mail["text"])
    assert found, mail["text"]
    return found[1]


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
    nobody = [await accounts.sign_in("ai@example.vn", f"sai mật khẩu lần {n}") for n in range(8)]
    assert [g.status_code for g in guesses] == [401] * 6 + [429] * 2
    assert [g.status_code for g in nobody] == [g.status_code for g in guesses]
    assert without_id(nobody[0]) == without_id(guesses[0])
    assert int(guesses[7].headers["retry-after"]) >= 1
    assert (await accounts.sign_in(AN["email"])).status_code == 429
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
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in stored
    log = b"".join(
        row["data"] + row["meta"] for row in await accounts.tools.pool.fetch("select * from events")
    ).decode()
    for personal in ("Nguyễn", "an.nguyen@example.vn", "0912345678", AN["id_number"], "argon2"):
        assert personal not in log


async def everything(database: Database, *tables: str) -> str:
    connection = await asyncpg.connect(database.url("owner"))
    try:
        return "".join(
            [str(await connection.fetch(f"select t::text from {table} t")) for table in tables]
        )
    finally:
        await connection.close()


async def test_a_service_gets_a_token_for_one_target_against_its_secret(
    accounts: Accounts,
) -> None:
    asked = {"service": "notification", "secret": "secret of notification", "target": "accounts"}
    granted = (await accounts.client.post("/service-tokens", json=asked)).json()
    person = await accounts.citizen()
    bearer = {"authorization": f"Bearer {granted['token']}"}
    answer = await accounts.client.get(f"/persons/{person}/contact", headers=bearer)
    assert answer.json() == {
        "email": "an.nguyen@example.vn",
        "full_name": "Nguyễn Văn An",
        "language": "vi",
        "verified": True,
    }
    for wrong in ({"secret": "guess"}, {"service": "portal"}, {"target": "nobody"}):
        refused = await accounts.client.post("/service-tokens", json={**asked, **wrong})
        assert refused.status_code == 401
    elsewhere = as_service("notification", "payment")
    path = f"/persons/{person}/contact"
    assert (await accounts.client.get(path, headers=elsewhere)).status_code == 401
    other = as_service("submission", "accounts")
    assert (await accounts.client.get(path, headers=other)).status_code == 403
    nobody = f"/persons/{uuid4()}/contact"
    assert (await accounts.client.get(nobody, headers=bearer)).status_code == 404


async def test_details_are_corrected_on_the_version_seen(accounts: Accounts) -> None:
    person = await accounts.citizen()
    told = {name: AN[name] for name in ("phone", "id_number", "full_name")}
    moved = {**told, "residence": {"province": "Hải Phòng", "commune": "Xã Bình Lãng"}}
    headers = signed_in("citizen", person)
    me = (await accounts.client.get("/me", headers=headers)).json()
    stale = signed_in("citizen", person, seen=me["version"] - 1)
    assert (await accounts.client.put("/me", json=moved, headers=stale)).status_code == 409
    seen = signed_in("citizen", person, seen=me["version"])
    assert (await accounts.client.put("/me", json=moved, headers=seen)).status_code == 200
    me = (await accounts.client.get("/me", headers=headers)).json()
    assert me["residence"]["commune"] == "Xã Bình Lãng"
    assert me["email"] == "an.nguyen@example.vn"


async def test_a_representative_acts_for_their_organisation_and_nobody_else_does(
    accounts: Accounts,
) -> None:
    an = await accounts.citizen()
    binh = await accounts.citizen(email="binh@example.vn", phone="0387654321")
    shop = {"name": "Công ty Cây Cau", "tax_code": "0801234567"}
    registered = await accounts.client.post(
        "/organisations", json=shop, headers=signed_in("citizen", an)
    )
    assert registered.status_code == 201, registered.text
    organisation = registered.json()["id"]
    path = f"/organisations/{organisation}/token"
    granted = await accounts.client.post(path, headers=signed_in("citizen", an))
    bearer = {"authorization": f"Bearer {granted.json()['access_token']}"}
    me = (await accounts.client.get("/me", headers=bearer)).json()
    assert (me["kind"], me["full_name"], me["email"]) == (
        "organisation",
        "Công ty Cây Cau",
        "an.nguyen@example.vn",
    )
    stranger = signed_in("citizen", binh, seen=2)
    assert (await accounts.client.post(path, headers=stranger)).status_code == 404
    other = await accounts.client.put(path.removesuffix("/token"), json=shop, headers=stranger)
    assert other.status_code == 404
    mine = await accounts.client.get("/organisations", headers=signed_in("citizen", an))
    assert [found["tax_code"] for found in mine.json()] == ["0801234567"]


async def test_staff_are_invited_choose_a_password_and_are_appointed_by_somebody_else(
    accounts: Accounts,
) -> None:
    chief = await enlisted(accounts, "administrator", "quantri@example.vn")
    member = {"email": "mai@example.vn", "full_name": "Trần Thị Mai"}
    invited = await accounts.client.post(
        "/staff", json=member, headers=signed_in("administrator", chief)
    )
    assert invited.status_code == 201, invited.text
    mai = invited.json()["id"]
    mail = await accounts.mail_to("mai@example.vn")
    code = re.search(r"Mã: (\S+)", mail["text"])
    assert code
    chosen = {"code": code[1], "password": "một cửa một lòng một dạ"}
    accepted = await accounts.client.post(f"/invitations/{mai}", json=chosen)
    assert accepted.status_code == 200, accepted.text
    again = await accounts.client.post(f"/invitations/{mai}", json=chosen)
    assert again.status_code == 422
    signed = (await accounts.sign_in("mai@example.vn", chosen["password"])).json()
    assert (signed["kind"], signed["person_id"]) == ("staff", mai)

    role = {"person_id": mai, "agency": BINH_LANG, "roles": ["cashier", "intake"]}
    by_citizen = await accounts.client.post(
        "/appointments", json=role, headers=signed_in("citizen", uuid4())
    )
    assert by_citizen.status_code == 403
    chief_headers = signed_in("administrator", chief, key="appoint-mai")
    appointed = await accounts.client.post("/appointments", json=role, headers=chief_headers)
    repeated = await accounts.client.post("/appointments", json=role, headers=chief_headers)
    assert appointed.status_code == 201
    assert appointed.json() == repeated.json()
    own = {**role, "person_id": str(chief)}
    refused = await accounts.client.post(
        "/appointments", json=own, headers=signed_in("administrator", chief)
    )
    assert refused.status_code == 403

    mine = await accounts.client.get("/appointments", headers=signed_in("staff", UUID(mai)))
    assert [held["roles"] for held in mine.json()] == [["intake", "cashier"]]
    relief = f"/appointments/{appointed.json()['id']}/relief"
    for _ in range(2):
        ended = await accounts.client.post(relief, headers=signed_in("administrator", chief))
        assert ended.status_code == 200
    held = await accounts.client.get("/appointments", headers=signed_in("auditor", uuid4()))
    assert held.json() == []
    told = await accounts.events(f"appointment-{appointed.json()['id']}")
    assert told == ["officer-appointed", "officer-relieved"]


async def test_a_citizen_who_works_here_stays_one_person(accounts: Accounts) -> None:
    person = await accounts.citizen()
    chief = await enlisted(accounts, "administrator", "quantri@example.vn")
    member = {"email": AN["email"], "full_name": AN["full_name"]}
    granted = await accounts.client.post(
        "/staff", json=member, headers=signed_in("administrator", chief)
    )
    assert granted.json()["id"] == str(person)
    assert (await accounts.sign_in(AN["email"])).json()["kind"] == "citizen"
    at_work = (await accounts.sign_in(AN["email"], kind="staff")).json()
    assert (at_work["kind"], at_work["person_id"]) == ("staff", str(person))
    above = await accounts.sign_in(AN["email"], kind="administrator")
    assert above.status_code == 403
    hashed = await accounts.tools.pool.fetchval(
        "select hash from credentials where person_id = $1", person
    )
    assert "m=65536,t=3" in hashed


async def test_enlisting_the_same_address_again_changes_nothing(accounts: Accounts) -> None:
    first = await enlisted(accounts, "auditor", "kiemtra@example.vn")
    again = await enlisted(accounts, "auditor", "KiemTra@example.vn", "mật khẩu khác hẳn nhé")
    assert first == again
    signed = await accounts.sign_in("kiemtra@example.vn")
    assert signed.json()["kind"] == "auditor"


async def test_the_first_administrator_is_added_from_the_command_line(
    accounts: Accounts,
) -> None:
    kept = settings_of("accounts", accounts.database)
    environment = {
        "PATH": "/usr/bin:/bin",
        "MOTCUA_DATABASE_URL": kept.database_url.get_secret_value(),
        "MOTCUA_MASTER_KEYS": kept.master_keys.get_secret_value(),
        "MOTCUA_PEPPER": kept.pepper.get_secret_value(),
        "MOTCUA_SIGNING_KEY": kept.signing_key.get_secret_value(),
        "MOTCUA_BLOBS_URL": "file:///tmp",
    }
    adding = [sys.executable, "-m", "motcua", "accounts", "add", "chief@example.vn", "Đỗ Thị Hải"]
    added = await asyncio.create_subprocess_exec(
        *(*adding, "--kind", "administrator"), env=environment, stdin=asyncio.subprocess.PIPE
    )
    await added.communicate(f"{PASSWORD}\n".encode())
    assert added.returncode == 0
    assert (await accounts.sign_in("chief@example.vn")).json()["kind"] == "administrator"


async def enlisted(accounts: Accounts, kind: Any, email: str, password: str = PASSWORD) -> UUID:
    return await enlist(
        accounts.tools,
        kind=kind,
        email=email,
        full_name="Đỗ Thị Hải",
        password=password,
        now=utc_now(),
    )


async def test_what_has_run_out_is_forgotten(accounts: Accounts) -> None:
    await accounts.citizen()
    await accounts.register(email="binh@example.vn")
    await accounts.sign_in(AN["email"])
    await accounts.sign_in(AN["email"], "sai mật khẩu rồi")
    pool = accounts.tools.pool
    for table, column in (
        ("registrations", "forget_at"),
        ("sessions", "idle_until"),
        ("tries", "forget_at"),
    ):
        assert await pool.fetchval(f"select count(*) from {table}") > 0
        await pool.execute(f"update {table} set {column} = now()")
    forget = next(iter(sweeps(accounts.tools)))
    await forget.run()
    for table in ("registrations", "sessions", "refresh_tokens", "tries"):
        assert await pool.fetchval(f"select count(*) from {table}") == 0
