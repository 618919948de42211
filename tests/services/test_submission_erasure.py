"""A dossier forgotten: what is personal is gone for good, its history stays and still holds."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from at_hand import running_clock, settings_of, signed_in
from pydantic import SecretStr
from servers_at_hand import MASTER_KEYS, free_port
from submission_at_hand import AN, BINH_LANG, HOA, MAI, SON, NewDatabase, Place, town

from chassis.changes import Scribe
from chassis.codec import Codec
from chassis.database import open_pool
from chassis.event_store import EventStore
from chassis.personal import MasterKeys
from chassis.projecting import rebuild
from chassis.verifying import verify_log
from services.submission.dossier import decider
from services.submission.projections import dossiers

ERASED = "đã xóa | erased"
ORDER = {"ground": "asked-for", "law": "Luật Bảo vệ dữ liệu cá nhân 2025, Điều 14"}
PERSONAL = ("Nguyễn Văn An", "030001000001", "Bản chụp bị mờ", "căn cước", "kết quả.pdf")


async def handed_over(place: Place) -> UUID:
    """Lead a dossier through a supplement to the hand-over of its result."""
    dossier = await place.hand_in(AN, channel="desk")
    item = {"items": [{"item": "id-card", "reason": "Bản chụp bị mờ."}]}
    await place.decide(MAI, dossier, "supplement-request", item)
    given = {"files": [str(await place.send(AN, dossier))]}
    assert (await place.ask(AN, dossier, "supplement", given)).status_code == 200
    await place.process(dossier)
    who = {"receiver": "Nguyễn Văn An", "id_number": "030001000001", "identity_checked": True}
    assert (await place.decide(SON, dossier, "hand-over", who)).status_code == 200
    return dossier


async def erase(place: Place, dossier: UUID, *, key: str | None = None) -> Any:
    """Ask for it, as an administrator."""
    headers = signed_in("administrator", MAI, key=key)
    return await place.http.post(f"/dossiers/{dossier}/erasure", json=ORDER, headers=headers)


async def get(place: Place, path: str) -> Any:
    """Look, as the applicant."""
    return await place.http.get(path, headers=signed_in("citizen", AN))


async def verified(place: Place) -> bool:
    """Hold the whole log to its hashes."""
    owner = await asyncpg.connect(place.database.url("owner"))
    try:
        found = await verify_log(owner, lambda _done, _all: None)
    finally:
        await owner.close()
    return found.events > 0 and not found.breaks


async def rebuilt(place: Place) -> None:
    """Build the read table anew from the log."""
    owner = await asyncpg.connect(place.database.url("owner"))
    async with await open_pool(place.database.url("app"), 2) as pool:
        store = EventStore(pool, Scribe(Codec(decider.events), MasterKeys.from_text(MASTER_KEYS)))
        await rebuild(store, owner, dossiers, lambda _done, _all: None)
    await owner.close()


async def test_an_erased_dossier_keeps_its_history_and_nothing_personal(
    database: NewDatabase,
) -> None:
    async with town(database) as place:
        dossier = await handed_over(place)
        before = await get(place, f"/dossiers/{dossier}")
        assert all(word in before.text for word in PERSONAL if not word.startswith("030"))
        assert "asked" in before.text
        answer = await erase(place, dossier, key="forget-this-dossier")
        assert answer.status_code == 200, answer.text
        again = await erase(place, dossier, key="forget-this-dossier")
        assert again.json() == answer.json()
        assert (await erase(place, dossier)).json()["version"] == answer.json()["version"]

        after = (await get(place, f"/dossiers/{dossier}")).json()
        assert after["erased"] and after["status"] == before.json()["status"] == 10
        assert (after["values"], after["papers"], after["form"]) == ({}, [], None)
        told = before.json()["timeline"]
        for line, then in zip(after["timeline"], told, strict=False):
            kept = ("what", "at", "status", "due", "type", "law")
            assert [line[name] for name in kept] == [then[name] for name in kept]
            assert line["reason"] in ([ERASED] if then["reason"] else ["", ERASED])
        last = after["timeline"][-1]
        assert last["type"] == "submission.personal-data-erased.v1"
        assert last["law"] == ORDER["law"] and "asked for by" in last["reason"]

        confirmation = (await get(place, f"/dossiers/{dossier}/confirmation")).json()
        assert confirmation["files"] == confirmation["groups"] == [] and confirmation["erased"]
        paper = await get(place, f"/dossiers/{dossier}/confirmation/paper")
        assert paper.content.startswith(b"%PDF")
        audit = await place.history(dossier)
        then = await place.history(dossier, as_of=told[-1]["at"])
        assert audit["erased"] and not then["erased"] and then["status"] == 10
        shown = [after, confirmation, audit, then, (await place.look(MAI, dossier, "staff"))]
        assert not any(word in str(shown) for word in PERSONAL)


async def test_after_an_erasure_the_log_verifies_and_the_table_is_the_same(
    database: NewDatabase,
) -> None:
    async with town(database) as place:
        dossier, other = await handed_over(place), await handed_over(place)
        events = "select position, hash, data from events order by position limit 20"
        then = await place.rows(events)
        assert (await erase(place, dossier)).status_code == 200
        assert await place.rows(events) == then and await verified(place)
        table = "select d::text from dossiers d order by dossier_id"
        rows = await place.rows(table)
        await rebuilt(place)
        assert len(rows) == 2 and await place.rows(table) == rows
        assert (await place.look(AN, other))["values"]["person"]["full_name"] == "Nguyễn Văn An"
        drafts = await place.rows("select dossier_id from drafts where content = ''")
        keys = await place.rows("select key_id from personal_keys")
        assert [row["dossier_id"] for row in drafts] == [dossier]
        assert [row["key_id"] for row in keys] == [other]


async def test_only_administrators_erase_and_only_what_has_ended(database: NewDatabase) -> None:
    async with town(database) as place:
        living = await place.hand_in(AN)
        path = f"/dossiers/{living}/erasure"
        for kind in ("citizen", "staff", "auditor"):
            refused = await place.http.post(path, json=ORDER, headers=signed_in(kind, AN))
            assert refused.status_code == 403
        assert (await erase(place, living)).status_code == 409
        assert (await erase(place, uuid4())).status_code == 404
        for wrong in ({}, {**ORDER, "law": "   "}, {**ORDER, "ground": "no reason"}):
            refused = await place.http.post(
                path, json=wrong, headers=signed_in("administrator", MAI)
            )
            assert refused.status_code in (409, 422)
        whole = await place.look(AN, living)
        assert whole["values"] and not whole["erased"]
        assert await place.rows("select from personal_keys") and await verified(place)


async def test_nothing_begins_again_under_the_id_of_an_erased_dossier(
    database: NewDatabase,
) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        file = (await place.look(AN, dossier))["papers"][0]["file_id"]
        await place.ask(AN, dossier, "withdrawal")
        assert (await erase(place, dossier)).status_code == 200
        begun = await place.http.put(
            f"/drafts/{dossier}",
            json={"procedure": "free", "agency": BINH_LANG},
            headers=signed_in("citizen", AN),
        )
        assert begun.status_code == 409
        for path in (f"/drafts/{dossier}", f"/dossiers/{dossier}/files/{file}"):
            assert (await get(place, path)).status_code == 404
        desk = await place.http.get(
            f"/dossiers/{dossier}/files/{file}", headers=signed_in("staff", MAI)
        )
        assert desk.status_code == 404
        resumed = await place.decide(HOA, dossier, "resumption", {"reason": "Làm tiếp."})
        assert resumed.status_code == 409
        assert not await place.rows("select from personal_keys")


async def test_files_go_even_if_the_process_dies_between(
    database: NewDatabase, tmp_path: Path
) -> None:
    blobs = f"file://{tmp_path}"
    async with town(database, blobs_url=blobs) as place:
        dossier, other = await handed_over(place), await place.hand_in(AN)
        assert (await erase(place, dossier)).status_code == 200
        assert len(contents(tmp_path)) == 4, "the unit is committed, the files are still there"
        assert await clock_that_dies(place, blobs) < 0
        assert len(contents(tmp_path)) == 3, "it died after the first content, before its row"
        assert await files_of(place, dossier) == 3
        await place.rows("update errands set claimed_until = now()")
        async with running_clock("submission", place.database, blobs_url=blobs):
            async with asyncio.timeout(10):
                while await files_of(place, dossier):  # noqa: ASYNC110 - a row tells nobody
                    await asyncio.sleep(0.05)
        assert len(contents(tmp_path)) == 1 and await files_of(place, other) == 1
        named = await place.rows("select from named_files")
        assert len(named) == 1
        paper = (await place.look(AN, other))["papers"][0]["file_id"]
        assert (await get(place, f"/dossiers/{other}/files/{paper}")).content.startswith(b"%PDF")


def contents(folder: Path) -> list[Path]:
    """List what the object store holds."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def files_of(place: Place, dossier: UUID) -> int:
    """Count a dossier's files."""
    return len(await place.rows("select from files where dossier_id = $1", dossier))


async def clock_that_dies(place: Place, blobs: str) -> int:
    """Run the clock in a process that is killed between a file's content and its row."""
    settings = settings_of("submission", place.database, blobs_url=blobs)
    given = {name: getattr(settings, name) for name in type(settings).model_fields}
    plain = {n: v.get_secret_value() if isinstance(v, SecretStr) else v for n, v in given.items()}
    told = {f"MOTCUA_{name.upper()}": str(value) for name, value in plain.items()}
    clock = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "motcua", "serve", "submission"),
        *("--roles", "clock", "--port", str(free_port())),
        env={**os.environ, **told, "MOTCUA_CRASH": "erase.after_content"},
        stdout=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(20):
        return await clock.wait()
