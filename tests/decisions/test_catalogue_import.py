"""The catalogue's files: what they hold, and how each mistake is named by file and line."""

import json
import unicodedata
from functools import cache
from typing import Any

import pytest
from forms_at_hand import catalogue, contents
from hypothesis import given, settings
from hypothesis import strategies as some

from contracts.catalogue import AgencyKind
from contracts.values import FeeTiming, LimitUnit, ResultChannel
from services.catalogue.checking import check_version
from services.catalogue.importing import FILES, BadRow, read_catalogue

FOUND = catalogue()
BIRTH = "dang-ky-khai-sinh"
ADDRESSEE = "sections.0.fields.0"
BY_CODE = {version.code: version for version in FOUND.procedures if version.code}


def test_the_whole_province_is_there():
    kinds = [agency.kind for agency in FOUND.agencies]
    assert len(FOUND.agencies) == 221
    assert kinds.count(AgencyKind.COMMUNE) == 208
    assert kinds[0] is AgencyKind.PROVINCE
    assert "UBND xã Bình Lãng" in [agency.name_vi for agency in FOUND.agencies]


def test_parents_come_before_their_children():
    seen: set[str] = set()
    for agency in FOUND.agencies:
        assert agency.parent is None or agency.parent in seen
        seen.add(agency.code)


def test_all_procedures_are_there_with_keys_of_their_own():
    keys = [version.key for version in FOUND.procedures]
    assert len(keys) == len(set(keys)) == 102
    assert sum(version.code is None for version in FOUND.procedures) == 11
    assert BY_CODE["1.001193"].key == "dang-ky-khai-sinh"


def test_every_procedure_is_sound_as_a_version():
    assert [fault for version in FOUND.procedures for fault in check_version(version)] == []


def test_one_component_may_offer_several_forms_and_one_procedure_several_components():
    allowance = BY_CODE["1.001776"].components[0]
    assert allowance.forms == ("ND20-1a", "ND20-1b", "ND20-1c", "ND20-1d", "ND20-1đ")
    both = [component.forms for component in BY_CODE["1.000689"].components if component.forms]
    assert both == [("TKDKKS",), ("TKDKNCMC",)]


def test_a_procedure_without_an_official_form_offers_the_general_one():
    assert [form.code for form in BY_CODE["2.001019"].forms] == ["GENERAL"]


def test_a_fee_the_province_sets_is_kept_apart_from_no_fee():
    assert BY_CODE["1.004873"].fee.amount is None
    assert BY_CODE["1.001193"].fee.amount == 0


def test_fees_know_when_they_fall_due_and_by_what_they_are_counted():
    assert BY_CODE["2.000635"].fee.timing is FeeTiming.SUBMISSION
    assert BY_CODE["2.000635"].fee.quantity_field == "copies_count"
    assert BY_CODE["2.000815"].fee.per_page
    assert BY_CODE["2.000815"].fee.timing is FeeTiming.RECEIPT
    assert BY_CODE["2.001019"].fee.timing is FeeTiming.RECEIPT


def test_every_kind_of_limit_and_channel_is_read():
    assert {version.limit.unit for version in FOUND.procedures} == set(LimitUnit)
    assert {channel for v in FOUND.procedures for channel in v.channels} == set(ResultChannel)


def test_partial_procedures_say_why():
    assert all((version.level == 3) == bool(version.partial_reason) for version in FOUND.procedures)


def test_days_are_gathered_by_year_and_the_unannounced_are_marked():
    assert sorted(FOUND.years) == [2024, 2025, 2026, 2027]
    worked = [day.date.isoformat() for day in FOUND.years[2026] if day.working]
    assert worked == ["2026-01-10", "2026-08-22"]
    assert not all(day.announced for day in FOUND.years[2027])
    assert all(day.announced for day in FOUND.years[2026])


def test_lists_have_one_shape():
    assert len(FOUND.lists["ethnicities"]) == 54
    assert len(FOUND.lists["countries"]) == 249
    assert FOUND.lists["ethnicities"][0].value == "01"
    assert FOUND.lists["genders"][0].value == "male"


@cache
def few() -> dict[str, bytes]:
    """Give files with the first two procedures and their forms only, to be read many times."""
    files = contents()
    procedures = json.loads(files["procedures.json"])[:2]
    offered = {code for row in procedures for c in row["components"] for code in c.get("forms", ())}
    forms = [row for row in json.loads(files["forms.json"]) if row["code"] in offered]
    for name, rows in (("procedures.json", procedures), ("forms.json", forms)):
        files[name] = json.dumps(rows, ensure_ascii=False, indent=1).encode()
    return files


def bad(file: str, old: str, new: str) -> list[BadRow]:
    """Give the complaints about the files with one text replaced once."""
    files = dict(few())
    assert old.encode() in files[file], old
    files[file] = files[file].replace(old.encode(), new.encode(), 1)
    read = read_catalogue(files)
    assert (read.catalogue is None) == bool(read.bad)
    assert all(row.vi and row.en for row in read.bad)
    return list(read.bad)


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "where"),
    [
        ("procedures.json", '"level": 4', '"level": 5', 2, "level"),
        ("procedures.json", '"level": 4', '"level": "4"', 2, "level"),
        ("procedures.json", '"level": 4', '"level": 3', 2, "dang-ky-khai-sinh.full_process"),
        ("procedures.json", '"value": 1', '"value": 0', 2, "limit.value"),
        ("procedures.json", '"value": 1', '"value": 2', 2, "dang-ky-khai-sinh.limit.value"),
        ("procedures.json", '"unit": "same_day"', '"unit": "week"', 2, "limit.unit"),
        ("procedures.json", '"amount": 0', '"amount": -1', 2, "fee.amount"),
        ("procedures.json", '"amount": 0', '"amount": 0.5', 2, "fee.amount"),
        ("procedures.json", '"amount": 0', '"amount": "0"', 2, "fee.amount"),
        ("procedures.json", '"amount": 0', '"amonut": 0', 2, "fee.amonut"),
        ("procedures.json", '"code": "1.001193"', '"code": "1001193"', 2, "dang-ky-khai-sinh.code"),
        ("procedures.json", '"key": "dang-ky-khai-sinh"', '"key": "Đăng ký"', 2, "Đăng ký.key"),
        ("procedures.json", '"name_vi"', '"version": 7, "name_vi"', 2, "version"),
        ("procedures.json", '"copies": 1', '"copies": 0', 2, f"{BIRTH}.components.0.copies"),
        ("procedures.json", '"TKDKKS"', '"TKXXXX"', 2, f"{BIRTH}.components.0.forms"),
        ("procedures.json", '"kind": "form"', '"kind": "copy"', 2, f"{BIRTH}.components.0.forms"),
        ("procedures.json", '   "citizen"', '   "cat"', 2, "eligible.0"),
        ("procedures.json", '"desk",', '"desk", "desk",', 2, "dang-ky-khai-sinh.channels"),
        ("agencies.json", '"parent": "H23.31"', '"parent": "H99"', 20, "parent"),
        ("agencies.json", '"parent": "H23.31"', '"parent": "H23.31.02"', 20, "parent"),
        ("agencies.json", '"parent": "H23.31"', '"parent": null', 20, "parent"),
        ("agencies.json", '"code": "H23.31.02"', '"code": "H23.31.01"', 29, "code"),
        ("agencies.json", '"code": "H23.31.02"', '"code": "h23/31"', 29, "code"),
        ("agencies.json", '"kind": "commune"', '"kind": "village"', 20, "kind"),
        ("agencies.json", '"name_en": "Tran', '"x": 1, "name_en": "Tran', 20, "x"),
        ("holidays.json", "2024-02-08", "2024-02-30", 11, "date"),
        ("holidays.json", "2024-02-08", "2024-01-01", 11, "date"),
        ("holidays.json", '"working": false', '"working": true', 2, "working"),
        ("holidays.json", '"working": false', '"working": "no"', 2, "working"),
        ("holidays.json", '"kind": "public_holiday"', '"kind": "party"', 2, "kind"),
        ("lists.json", '"code": "02"', '"code": "01"', 7, "ethnicities.01"),
        ("lists.json", '"name": "Tày"', '"title": "Tày"', 7, "title"),
        ("forms.json", '"type": "person_name"', '"type": "name"', 2, "sections.1.fields.0.type"),
        ("forms.json", "<= made_on", "<= made_onn", 2, "TKDKKS.rules.4"),
        ("forms.json", '"max_length": 200', '"max_length": "9"', 2, f"{ADDRESSEE}.max_length"),
        ("forms.json", '"rules": [', '"codes": {}, "rulez": 1, "rules": [', 2, "rulez"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_by_its_line_and_place(
    file: str, old: str, new: str, line: int, where: str
):
    found = bad(file, old, new)
    assert (found[0].file, found[0].line) == (file, line)
    assert where in [row.where for row in found if row.file == file]


def test_a_key_that_stands_twice_is_named_where_it_stands_again():
    (row,) = bad("procedures.json", '"key": "dang-ky-ket-hon"', '"key": "dang-ky-khai-sinh"')
    assert contents()["procedures.json"].decode().splitlines()[row.line].strip().startswith('"key"')
    assert row.line > 2


def test_a_name_written_twice_in_one_row_is_not_taken_silently():
    (row,) = bad("holidays.json", '"working": false', '"working": true, "working": false')
    assert (row.line, row.en) == (2, "Given twice, or no value: working.")


def test_numbers_that_json_does_not_have_are_refused():
    assert bad("procedures.json", '"amount": 0', '"amount": NaN')[0].line == 2


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_breaks_off_is_named_by_the_line_where_it_does(file: str):
    files = contents()
    half = files[file][: len(files[file]) // 2]
    read = read_catalogue(files | {file: half})
    first = read.bad[0]
    assert read.catalogue is None
    assert first.file == file
    assert first.line >= half.count(b"\n")
    assert len(read.bad) <= 2


def test_many_mistakes_are_told_at_once():
    files = contents()
    files["holidays.json"] = files["holidays.json"].replace(b'"public_holiday"', b'"party"')
    files["agencies.json"] = files["agencies.json"].replace(b'"commune"', b'"village"')
    read = read_catalogue(files)
    assert sum(row.file == "agencies.json" for row in read.bad) == 208
    assert sum(row.file == "holidays.json" for row in read.bad) == 46


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(file: str):
    files = contents()
    del files[file]
    assert read_catalogue(files).bad[0] == BadRow(
        file, 1, "", "Thiếu tệp này.", "The file is missing."
    )


def test_a_file_in_another_encoding_is_named_by_its_line():
    files = contents()
    files["agencies.json"] = files["agencies.json"].decode().encode("utf-16")
    assert read_catalogue(files).bad[0].en == "The file is not UTF-8."


def test_text_in_decomposed_letters_is_composed():
    files = {n: unicodedata.normalize("NFD", c.decode()).encode() for n, c in contents().items()}
    assert read_catalogue(files).catalogue == FOUND


def test_the_files_are_what_a_json_library_reads():
    for name, content in contents().items():
        assert json.loads(content), name


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=9), inner),
    max_leaves=9,
)


@given(some.sampled_from(FILES), JSON)
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_file_the_answer_is_a_list_of_complaints(file: str, value: Any):
    empty = dict.fromkeys(FILES, b"[]")
    read = read_catalogue(empty | {file: json.dumps(value).encode()})
    assert all(row.file in FILES and row.line >= 1 and row.vi and row.en for row in read.bad)
    assert read.catalogue is None


@given(some.sampled_from(FILES), some.binary(max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_bytes_come_the_answer_is_a_list_of_complaints(file: str, content: bytes):
    assert read_catalogue(dict.fromkeys(FILES, b"[]") | {file: content}).bad


def test_a_file_nested_without_end_is_refused():
    deep = b"[" * 100_000
    assert read_catalogue(contents() | {"holidays.json": deep}).bad
