"""The catalogue over HTTP, filled from its files: found without accents, published for ever."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from at_hand import running_api, service_named, settings_of, signed_in
from servers_at_hand import MASTER_KEYS, Database
from typer.testing import CliRunner, Result

from chassis.projecting import rebuild
from chassis.service import open_tools
from motcua.catalogue import OURS, commands, import_catalogue
from services.catalogue.imports import Counts

BIRTH = "dang-ky-khai-sinh"


@dataclass
class Province:
    """A catalogue, its files, and whoever asks it."""

    api: httpx.AsyncClient
    database: Database
    files: Path

    async def import_files(self) -> Counts:
        return await import_catalogue(self.files, settings_of("catalogue", self.database))

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.api.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def found(self, words: str) -> list[str]:
        page = await self.get("/procedures", q=words)
        return [procedure["key"] for procedure in page["procedures"]]

    async def change(self, path: str, body: Any = None, seen: int | None = None) -> httpx.Response:
        return await self.api.post(path, json=body, headers=signed_in("administrator", seen=seen))

    def rewrite(self, name: str, key: str, **changes: Any) -> None:
        """Change an entry of a file: the one whose key or code it is."""
        file = self.files / name
        rows = json.loads(file.read_text())
        for row in rows:
            if key in (row.get("key"), row.get("code")):
                row.update(changes)
        file.write_text(json.dumps(rows, ensure_ascii=False, indent=1))

    async def left_to_the_province(self) -> str:
        """Name a procedure whose fee the law leaves to the province."""
        rows = json.loads((self.files / "procedures.json").read_text())
        return next(row["key"] for row in rows if row["fee"]["amount"] is None)

    async def command(self, *arguments: str) -> Result:
        """Run the import as people do."""
        settings = {
            "MOTCUA_ENV": "local",
            "MOTCUA_DATABASE_URL": self.database.url("app"),
            "MOTCUA_MASTER_KEYS": MASTER_KEYS,
            "MOTCUA_BLOBS_URL": f"file://{self.files}/blobs",
        }
        given = ["import", *arguments]
        return await asyncio.to_thread(CliRunner().invoke, commands, given, env=settings)


@pytest.fixture
async def empty(database: Any, tmp_path: Path) -> AsyncIterator[Province]:
    """A catalogue with nothing in it yet, and a copy of the files."""
    files = tmp_path / "catalogue"
    shutil.copytree(OURS, files)
    town = await database("catalogue")
    async with running_api("catalogue", town) as api:
        yield Province(api, town, files)


@pytest.fixture
async def province(empty: Province) -> Province:
    """A catalogue filled from its files."""
    await empty.import_files()
    return empty


# Reading


async def test_the_whole_province_is_there_in_seconds_and_once(empty: Province) -> None:
    started = time.monotonic()
    first = await empty.import_files()
    assert time.monotonic() - started < 10
    assert (first.agencies, first.procedures, first.new) == (221, 102, 221 + 102 + first.years)
    assert (await empty.import_files()).new == 0
    assert (await empty.get("/agencies"))["found"] == 221
    assert (await empty.get("/procedures"))["found"] == 102
    assert len(await empty.get("/calendar/2026")) == 17
    found = await empty.get("/agencies", q="xa binh lang")
    assert [(a["code"], a["name_vi"]) for a in found["agencies"]] == [
        ("H23.39.02", "UBND xã Bình Lãng")
    ]


async def test_people_find_a_procedure_however_they_type_it(province: Province) -> None:
    for words in (
        *("khai sinh", "khaisinh", "dang ky khai sinh", "Đăng ký khai sinh", "KHAI SINH"),
        *("làm giấy khai sinh", "sinh khai"),
    ):
        assert (await province.found(words))[0] == BIRTH, words


async def test_what_is_not_there_is_not_found(province: Province) -> None:
    assert await province.found("giấy phép lái tàu vũ trụ") == []
    assert await province.found("%") == await province.found("")
    for path in (
        "/procedures/no-such",
        "/agencies/H99",
        "/calendar/2030",
        f"/procedures/{BIRTH}/forms/X",
    ):
        assert (await province.api.get(path)).status_code == 404
    odd = await province.api.get("/procedures", params={"sector": "\x00"})
    assert odd.status_code == 422


async def test_a_form_comes_with_the_schema_of_what_is_filled_in(province: Province) -> None:
    form = (await province.get(f"/procedures/{BIRTH}"))["forms"][0]
    path = f"/procedures/{BIRTH}/forms/{form['code']}"
    assert await province.get(path) == form
    schema = await province.get(f"{path}/schema")
    assert list(schema["properties"]) == [section["key"] for section in form["sections"]]
    assert schema["examples"] == [form["sample"]]


# Publishing


async def test_a_fee_left_to_the_province_is_shown_so_until_it_is_set(province: Province) -> None:
    key = await province.left_to_the_province()
    answer = await province.api.get(f"/procedures/{key}")
    before = answer.json()
    assert (before["fee"]["amount"], before["fee"]["by_province"]) == (None, False)
    seen = int(answer.headers["etag"].strip('"'))
    assert (await province.change(f"/procedures/{key}/fee", {"amount": 15_000})).status_code == 428
    changed = await province.change(f"/procedures/{key}/fee", {"amount": 15_000}, seen)
    assert changed.status_code == 200, changed.text
    after = await province.get(f"/procedures/{key}")
    assert (after["version"], after["fee"]["amount"]) == (before["version"] + 1, 15_000)
    assert await province.get(f"/procedures/{key}", version=before["version"]) == before
    late = await province.change(f"/procedures/{key}/fee", {"amount": 1}, seen)
    assert (late.status_code, late.json()["current"]) == (409, seen + 1)


async def test_what_was_decided_here_outlives_the_next_import(province: Province) -> None:
    key = await province.left_to_the_province()
    await province.change(f"/procedures/{key}/fee", {"amount": 15_000}, 1)
    await province.change(f"/procedures/{BIRTH}/withdrawal", seen=1)
    assert (await province.import_files()).new == 0
    assert BIRTH not in await province.found("khai sinh")
    province.rewrite("procedures.json", key, synonyms=["tiếng lóng"])
    assert (await province.import_files()).new == 1
    assert await province.found("tieng long") == [key]
    fee = (await province.get(f"/procedures/{key}"))["fee"]
    assert (fee["amount"], fee["by_province"]) == (15_000, True)


async def test_a_changed_file_publishes_a_new_version_and_the_old_one_stays(
    province: Province,
) -> None:
    before = await province.get(f"/procedures/{BIRTH}")
    province.rewrite("procedures.json", BIRTH, result_vi="Giấy khai sinh (bản điện tử)")
    assert (await province.import_files()).new == 1
    after = await province.get(f"/procedures/{BIRTH}")
    assert (after["version"], after["result_vi"]) == (2, "Giấy khai sinh (bản điện tử)")
    assert await province.get(f"/procedures/{BIRTH}", version=1) == before


async def test_an_unsound_procedure_is_refused_with_every_fault(province: Province) -> None:
    whole = await province.get(f"/procedures/{BIRTH}")
    faulty = await province.change("/procedures", {**whole, "key": "Đ", "name_vi": " "})
    assert faulty.status_code == 422
    assert {"key", "name_vi"} <= {fault["path"] for fault in faulty.json()["errors"]}
    assert (await province.change("/procedures", {**whole, "fees": 1})).status_code == 422


async def test_an_agency_is_succeeded_by_one_that_exists(province: Province) -> None:
    path, ends = "/agencies/H23.39.02/succession", "2026-12-31"
    unknown = await province.change(path, {"successor": "H99", "ends": ends}, 1)
    assert unknown.status_code == 404
    done = await province.change(path, {"successor": "H23.39.03", "ends": ends}, 1)
    assert done.status_code == 200, done.text
    entry = await province.get("/agencies/H23.39.02")
    assert (entry["successor"], entry["valid_until"]) == ("H23.39.03", ends)


async def test_only_administrators_change_the_catalogue(province: Province) -> None:
    for kind in ("citizen", "staff", "auditor"):
        headers = signed_in(kind, seen=1)
        answer = await province.api.post(f"/procedures/{BIRTH}/withdrawal", headers=headers)
        assert answer.status_code == 403


async def test_the_tables_built_from_the_log_alone_are_the_same(province: Province) -> None:
    key = await province.left_to_the_province()
    await province.change(f"/procedures/{key}/fee", {"amount": 15_000}, 1)
    catalogue = service_named("catalogue")
    async with open_tools(catalogue, settings_of("catalogue", province.database)) as tools:
        owner = await asyncpg.connect(province.database.url("owner"))
        for model in catalogue.read_models:
            query = f"select t::text from {model.table} t order by 1"
            before = await owner.fetch(query)
            rows = await rebuild(tools.store, owner, model, lambda _, __: None)
            assert await owner.fetch(query) == before
            assert rows == len(before)
        assert await owner.fetchval("select count(*) from procedure_versions") == 103
        await owner.close()


# The command


async def test_the_command_names_every_bad_row_and_writes_nothing(empty: Province) -> None:
    lines = (empty.files / "procedures.json").read_text().splitlines()
    line = next(n for n, text in enumerate(lines) if f'"key": "{BIRTH}"' in text)
    empty.rewrite("procedures.json", BIRTH, level=7)
    empty.rewrite("agencies.json", "H23.39.02", parent="H77")
    told = await empty.command(str(empty.files), "--json")
    bad = json.loads(told.stdout)["bad"]
    assert [(row["file"], row["where"]) for row in bad] == [
        ("agencies.json", "parent"),
        ("procedures.json", "level"),
    ]
    assert told.exit_code == 1 and bad[1]["line"] == line and bad[1]["vi"] and bad[1]["en"]
    for_people = await empty.command(str(empty.files))
    assert for_people.exit_code == 1 and "H77" in for_people.stdout
    assert (await empty.get("/agencies"))["found"] == 0


async def test_the_command_takes_one_file_with_its_neighbours(empty: Province) -> None:
    whole = {"ok": True, "agencies": 221, "procedures": 102, "years": 4}
    for new in (327, 0):
        told = await empty.command(str(empty.files / "procedures.json"), "--json")
        assert (told.exit_code, json.loads(told.stdout)) == (0, {**whole, "new": new})
    nothing = await empty.command(str(empty.files / "prices.json"))
    assert (nothing.exit_code, nothing.stderr.count("\n")) == (2, 1)
