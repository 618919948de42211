"""Who people are here: services, representatives, staff, officers; what is kept and forgotten."""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from accounts_at_hand import (
    AN,
    BINH_LANG,
    PASSWORD,
    Accounts,
    NewDatabase,
    enlisted,
    everything,
    running_accounts,
)
from at_hand import as_service, settings_of, signed_in

from chassis.projecting import rebuild
from services.accounts.doors import sweeps
from services.accounts.streams import READ_MODELS


@pytest.fixture
async def accounts(database: NewDatabase, tmp_path: Path) -> AsyncGenerator[Accounts]:
    """The accounts service with its clock and a mail catcher."""
    async with running_accounts(await database("accounts"), tmp_path) as running:
        yield running


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


async def test_read_tables_are_the_same_after_a_rebuild(accounts: Accounts) -> None:
    an = await accounts.citizen()
    chief = await enlisted(accounts, "administrator", "quantri@example.vn")
    mai = await enlisted(accounts, "staff", "mai@example.vn")
    shop = {"name": "Công ty Cây Cau", "tax_code": "0801234567"}
    await accounts.client.post("/organisations", json=shop, headers=signed_in("citizen", an))
    role = {"person_id": str(mai), "agency": BINH_LANG, "roles": ["clerk"]}
    headers = signed_in("administrator", chief)
    await accounts.client.post("/appointments", json=role, headers=headers)
    tables = [model.table for model in READ_MODELS]
    before = [await everything(accounts.database, table) for table in tables]
    owner = await asyncpg.connect(accounts.database.url("owner"))
    try:
        rebuilt = [
            await rebuild(accounts.tools.store, owner, model, lambda _done, _total: None)
            for model in READ_MODELS
        ]
    finally:
        await owner.close()
    assert rebuilt == [3, 1, 1]
    after = [await everything(accounts.database, table) for table in tables]
    assert after == before


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
