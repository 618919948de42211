"""A person forgotten: nothing personal stays in any table, what happened still holds."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from accounts_at_hand import (
    AN,
    BINH_LANG,
    Accounts,
    NewDatabase,
    code_in,
    enlisted,
    everything,
    running_accounts,
)
from at_hand import as_service, signed_in
from good_files import pdf

from chassis.projecting import rebuild
from chassis.verifying import verify_log
from motcua.walking.province import until
from services.accounts.main import accounts as assembly

ORDER = {"ground": "asked-for", "law": "Luật Bảo vệ dữ liệu cá nhân 2025, Điều 14"}
TABLES = ("persons", "credentials", "registrations", "sessions", "documents", "errands", "tries")
PERSONAL = (AN["full_name"], AN["id_number"], "an.nguyen@example.vn", "0912345678")


async def forget(accounts: Accounts, person: UUID, kind: str = "administrator") -> httpx.Response:
    """Ask for it."""
    headers = signed_in(kind, uuid4())
    return await accounts.client.post(f"/persons/{person}/erasure", json=ORDER, headers=headers)


async def keep(accounts: Accounts, person: UUID, document: UUID) -> httpx.Response:
    """Put a paper into the store."""
    headers = signed_in("citizen", person) | {
        "content-disposition": "attachment; filename*=UTF-8''giay-khai-sinh.pdf"
    }
    path = f"/documents/{document}"
    return await accounts.client.put(path, content=pdf(), headers=headers)


def contents(folder: Path) -> list[Path]:
    """List what the object store holds."""
    return [path for path in (folder / "accounts").rglob("*") if path.is_file()]


async def settled(accounts: Accounts) -> bool:
    """Verify the log, and build the tables of persons anew; True if both are as before."""
    owner = await asyncpg.connect(accounts.database.url("owner"))
    before = await everything(accounts.database, "persons")
    try:
        found = await verify_log(owner, lambda _done, _all: None)
        persons = next(m for m in assembly.read_models if m.table == "persons")
        await rebuild(accounts.tools.store, owner, persons, lambda _done, _all: None)
    finally:
        await owner.close()
    return not found.breaks and await everything(accounts.database, "persons") == before


async def test_a_forgotten_person_is_nowhere_and_may_come_again(
    database: NewDatabase, tmp_path: Path
) -> None:
    async with running_accounts(await database("accounts"), tmp_path) as accounts:
        person, document = await accounts.citizen(), uuid4()
        assert (await keep(accounts, person, document)).status_code == 201
        opened = (await accounts.sign_in(AN["email"])).json()
        assert (await forget(accounts, person)).status_code == 200
        assert (await forget(accounts, person)).status_code == 200, "again changes nothing"

        assert (await accounts.sign_in(AN["email"])).status_code == 401
        token = {"refresh_token": opened["refresh_token"]}
        assert (await accounts.client.post("/tokens/refresh", json=token)).status_code == 401
        me = await accounts.client.get("/me", headers=signed_in("citizen", person))
        assert me.json()["full_name"] is me.json()["email"] is None
        contact = await accounts.client.get(
            f"/persons/{person}/contact", headers=as_service("notification", "accounts")
        )
        assert contact.json()["email"] is None and not contact.json()["verified"]
        assert (await keep(accounts, person, uuid4())).status_code == 404

        async def gone() -> bool | None:
            return not contents(tmp_path) or None

        await until("the paper to be gone", gone)
        assert (await accounts.events(f"document-{document}"))[-1] == "document-removed"
        left = await everything(accounts.database, *TABLES)
        assert not [word for word in PERSONAL if word in left]
        assert not await accounts.tools.pool.fetch("select from personal_keys")
        assert await settled(accounts)

        again = await accounts.register()
        code = code_in(await accounts.mail_to(AN["email"], after=1))
        assert (await accounts.verify(again, code)).status_code == 200 and again != str(person)
        assert (await accounts.sign_in(AN["email"])).status_code == 200
        assert await settled(accounts)


async def test_only_administrators_forget_and_nobody_who_works_here(
    database: NewDatabase, tmp_path: Path
) -> None:
    async with running_accounts(await database("accounts"), tmp_path) as accounts:
        officer = await enlisted(accounts, "staff", "hai@example.vn")
        appointed: dict[str, Any] = {"agency": BINH_LANG, "roles": ["intake"]}
        await accounts.client.post(
            "/appointments",
            json={"person_id": str(officer), **appointed},
            headers=signed_in("administrator", uuid4()),
        )
        for kind in ("citizen", "staff", "auditor"):
            assert (await forget(accounts, officer, kind)).status_code == 403
        assert (await forget(accounts, officer)).status_code == 409
        assert (await forget(accounts, uuid4())).status_code == 404
        assert (await accounts.sign_in("hai@example.vn")).status_code == 200
