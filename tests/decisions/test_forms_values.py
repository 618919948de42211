"""Every type of field: what is accepted, how it is kept, what is refused and under which name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from forms_at_hand import TODAY, asked, form, option
from hypothesis import given
from hypothesis import strategies as some

from chassis.forms.patterns import BadPattern, check_pattern, matches
from services.submission.forms.filled import check_filled

NOTHING = "nothing is kept"


def kept(field: dict[str, Any], value: Any) -> Any:
    """Give what is kept of a value, or the code of what is wrong with it."""
    found = check_filled(form(field), {"main": {"x": value}}, TODAY)
    if found.errors:
        return "refused: " + ", ".join(f"{e.path[7:]} {e.code}".strip() for e in found.errors)
    return found.values.get("main", {}).get("x", NOTHING)


@pytest.mark.parametrize(
    ("type", "value", "result"),
    [
        ("text", "  Xã   Bình\u00a0Lãng ", "Xã Bình Lãng"),
        ("text", "e\u0302\u0323", "ệ"),
        ("text", "\ufeffa\u200bb\u00ad", "ab"),
        ("text", " \u200b ", NOTHING),
        ("text", "a\tb", "refused: character"),
        ("text", "a\nb", "refused: character"),
        ("text", "a\u202eb", "refused: character"),
        ("text", "a\u2028b", "refused: character"),
        ("text", "a\u200db", "refused: character"),
        ("text", "\ud800", "refused: character"),
        ("text", "x" * 501, "refused: too_long"),
        ("text", 5, "refused: text"),
        ("longtext", "a\r\nb\rc\td", "a\nb\nc d"),
        ("longtext", "a\x00b", "refused: character"),
        ("person_name", "Nguyễn Thị Hồng Vân", "Nguyễn Thị Hồng Vân"),
        ("person_name", "O'Brien-Lê", "O'Brien-Lê"),
        ("person_name", "Y Wang Ƀlŏ", "Y Wang Ƀlŏ"),
        ("person_name", "--", "refused: person_name"),
        ("person_name", "An <b>", "refused: person_name"),
        ("date", "2026-03-02", "2026-03-02"),
        ("date", "2026", "refused: date"),
        ("partial_date", "1990-05", "1990-05"),
        ("citizen_id", " 030188004417 ", "030188004417"),
        ("phone", "0912 345.678", "0912345678"),
        ("phone", "+84 912 345 678", "0912345678"),
        ("phone", "+1 (202) 555-0101", "+12025550101"),
        ("phone", "999", "refused: phone"),
        ("email", "an.pham+dvc@xa-binhlang.gov.vn", "an.pham+dvc@xa-binhlang.gov.vn"),
        ("email", "an..pham@xa.vn", "refused: email"),
        ("email", "an@localhost", "refused: email"),
        ("email", "an@xa.vn\r\nBcc: x@y.vn", "refused: character"),
        ("gender", "male", "male"),
        ("gender", "Male", "refused: not_listed"),
        ("country", "VN", "VN"),
        ("ethnicity", "99", "refused: not_listed"),
        ("boolean", False, False),
        ("boolean", 0, "refused: boolean"),
        ("integer", 0, 0),
        ("integer", 3.0, "refused: whole"),
        ("integer", True, "refused: whole"),
        ("integer", 2**60, "refused: too_large"),
        ("money", 5_000, 5_000),
        ("money", -1, "refused: too_small"),
        ("money", 10**13, "refused: too_large"),
        ("money", 5_000.5, "refused: whole"),
        ("decimal", 9.5, "9.5"),
        ("decimal", "9.50", "9.5"),
        ("decimal", 35, "35"),
        ("decimal", 100, "100"),
        ("decimal", -0.0, "0"),
        ("decimal", "1e3", "refused: number"),
        ("decimal", "1_000", "refused: number"),
        ("decimal", "١", "refused: number"),
        ("decimal", 0.1 + 0.2, "refused: precision"),
        ("decimal", float("nan"), "refused: number"),
        ("decimal", 10**400, "refused: precision"),
        (
            "file_ref",
            "0190A6E2-7C1B-7F00-8000-00000000000A",
            "0190a6e2-7c1b-7f00-8000-00000000000a",
        ),
        ("file_ref", "{0190a6e2-7c1b-7f00-8000-00000000000a}", "refused: file_ref"),
    ],
)
def test_a_value_is_kept_or_refused(type: str, value: Any, result: Any):  # noqa: A002
    assert kept(asked("x", type), value) == result


@pytest.mark.parametrize("type", ["text", "date", "integer", "country", "address", "file_ref"])
@pytest.mark.parametrize("value", [None, ""])
def test_nothing_written_is_nothing_kept(type: str, value: Any):  # noqa: A002
    assert kept(asked("x", type), value) == NOTHING


WITHOUT_DETAIL = {"country": "VN", "province": "A", "commune": "B"}
ABROAD = {"country": "US", "detail": "Maine"}
HOME = {"country": "VN", "province": "Thành phố Hải Phòng", "commune": "Xã Bình Lãng", "detail": ""}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (HOME, HOME),
        (HOME | {"commune_code": "10660"}, HOME | {"commune_code": "10660"}),
        (WITHOUT_DETAIL, WITHOUT_DETAIL | {"detail": ""}),
        (ABROAD, ABROAD | {"province": "", "commune": ""}),
        ({}, NOTHING),
        ({"country": "VN"}, NOTHING),
        ({"country": "VN", "province": "", "commune": None, "detail": " "}, NOTHING),
        (HOME | {"country": ""}, "refused: country part_required"),
        (HOME | {"country": "ZZ"}, "refused: country not_listed"),
        (HOME | {"province": ""}, "refused: province part_required"),
        (HOME | {"detail": 5}, "refused: detail text"),
        (HOME | {"detail": "a\u202e"}, "refused: detail character"),
        (HOME | {"commune_code": "1"}, "refused: commune_code pattern"),
        (HOME | {"district": "Tứ Kỳ"}, "refused: unknown_part"),
        (HOME | {5: "x"}, "refused: unknown_part"),
        ("Bình Lãng", "refused: address"),
    ],
)
def test_an_address_has_two_levels(value: Any, result: Any):
    assert kept(asked("x", "address"), value) == result


COLOURS = [option("red"), option("green"), option("blue")]


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (["blue", "red"], ["red", "blue"]),
        ([], NOTHING),
        (["red", "red"], "refused: repeated"),
        (["pink"], "refused: option"),
        ("red", "refused: options"),
        ([["red"]], "refused: option"),
    ],
)
def test_several_choices_are_kept_in_the_order_of_the_form(value: Any, result: Any):
    assert kept(asked("x", "multichoice", options=COLOURS), value) == result


@pytest.mark.parametrize(("value", "result"), [("red", "red"), ("pink", "refused: option")])
def test_one_choice(value: Any, result: Any):
    assert kept(asked("x", "choice", options=COLOURS), value) == result


def test_a_declaration_must_be_made():
    oath = asked("x", "declaration", required=True)
    assert kept(oath, True) is True
    assert kept(oath, False) == "refused: declaration"
    assert kept(oath, None) == "refused: declaration"


@pytest.mark.parametrize(
    ("type", "value", "result"),
    [
        ("date", "2026-03-02", "2026-03-02"),
        ("date", "2026-03-03", "refused: after_today"),
        ("partial_date", "2026", "2026"),
        ("partial_date", "2026-03", "2026-03"),
        ("partial_date", "2026-04", "refused: after_today"),
    ],
)
def test_nothing_after_today(type: str, value: str, result: str):  # noqa: A002
    assert kept(asked("x", type, max="today"), value) == result


def test_nothing_before_today():
    assert kept(asked("x", "date", min="today"), "2026-03-01") == "refused: before_today"
    assert kept(asked("x", "partial_date", min="today"), "2026") == "2026"


def test_numbers_keep_within_their_bounds():
    assert kept(asked("x", "decimal", min=0.1, max=80), "0.1") == "0.1"
    assert kept(asked("x", "decimal", min=0.1, max=80), 0.09) == "refused: too_small"
    assert kept(asked("x", "integer", min=1, max=9), 10) == "refused: too_large"


def test_a_length_is_counted_in_composed_characters():
    assert kept(asked("x", "text", max_length=1), "e\u0302\u0323") == "ệ"
    assert kept(asked("x", "text", max_length=1), "ab") == "refused: too_long"


def test_a_pattern_is_matched_whole_and_its_digits_are_0_to_9():
    clock = asked("x", "text", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    assert kept(clock, "04:30") == "04:30"
    assert kept(clock, "04:300") == "refused: pattern"
    assert kept(clock, "04:3٣") == "refused: pattern"
    assert kept(asked("x", "text", pattern="a|b"), "ab") == "refused: pattern"


def test_no_pattern_can_hang_the_service():
    assert not matches(r"(a+)+$", "a" * 20_000 + "!")
    assert not matches(r"(.*)*(.*)*(.*)*x", "a" * 20_000)


@pytest.mark.parametrize(
    "pattern", ["(", "[a", r"(a)\1", "(?=a)b", "a{1000}{1000}", "*", r"\p{Nope}"]
)
def test_a_pattern_that_cannot_be_matched_in_linear_time_is_refused(pattern: str):
    with pytest.raises(BadPattern):
        check_pattern(pattern)


WHEN = {"when": {"field": "kind", "equals": "other"}}


def test_a_field_is_required_while_its_condition_holds():
    kind = asked("kind", "choice", options=[option("self"), option("other")])
    definition = form(kind, asked("x", "text", required=WHEN))
    assert check_filled(definition, {"main": {"kind": "self"}}, TODAY).errors == ()
    assert check_filled(definition, {"main": {}}, TODAY).errors == ()
    (error,) = check_filled(definition, {"main": {"kind": "other"}}, TODAY).errors
    assert (error.path, error.code) == ("main.x", "required")
    assert error.vi == "Chưa điền “Mục x”."
    assert error.en == "“Item x” must be filled in."


def test_a_condition_that_is_itself_wrong_demands_nothing():
    kind = asked("kind", "choice", options=[option("self"), option("other")])
    errors = check_filled(
        form(kind, asked("x", "text", required=WHEN)), {"main": {"kind": "pink"}}, TODAY
    ).errors
    assert [error.path for error in errors] == ["main.kind"]


ROWS = {"min": 1, "max": 2}


@pytest.mark.parametrize(
    ("people", "errors"),
    [
        ([{"full_name": "An"}], []),
        ([], ["people too_few_rows"]),
        (None, ["people too_few_rows"]),
        ([{"full_name": "An"}] * 3, ["people too_many_rows"]),
        ({"full_name": "An"}, ["people rows"]),
        (["An"], ["people.0 section"]),
        ([{"full_name": "An"}, {}], ["people.1.full_name required"]),
        ([{"full_name": "An", "age": 5}], ["people.0.age unknown_field"]),
    ],
)
def test_rows(people: Any, errors: list[str]):
    found = check_filled(form(asked("x", "text"), rows=ROWS), {"people": people}, TODAY)
    assert [f"{error.path} {error.code}" for error in found.errors] == errors


def test_what_the_form_does_not_have_is_refused_and_repeated_safely():
    filled = {"main": {"y\u202e\n": 1}, "extra": {}, "z" * 500: 1, 5: 1}
    errors = check_filled(form(asked("x", "text")), filled, TODAY).errors
    assert [error.code for error in errors] == ["unknown_section"] * 3 + ["unknown_field"]
    assert all(error.path.isprintable() and len(error.path) < 100 for error in errors)


@pytest.mark.parametrize("filled", [None, [], "x", 5, True])
def test_what_is_no_form_is_refused(filled: Any):
    assert [e.code for e in check_filled(form(asked("x", "text")), filled, TODAY).errors] == [
        "form"
    ]


def test_a_section_that_is_no_section_is_refused_once():
    definition = form(asked("x", "text", required=True), rules=("filled(x)",))
    assert [e.code for e in check_filled(definition, {"main": []}, TODAY).errors] == ["section"]


@given(some.text(max_size=60))
def test_text_that_was_kept_is_kept_the_same_again(text: str):
    once = kept(asked("x", "text"), text)
    if not once.startswith("refused") and once != NOTHING:
        assert kept(asked("x", "text"), once) == once
        assert once == once.strip()


@given(some.dates(date(1800, 1, 1), TODAY))
def test_every_day_until_today_is_a_date(day: date):
    assert kept(asked("x", "date", max="today"), day.isoformat()) == day.isoformat()


@given(some.decimals(-(10**9), 10**9, places=6))
def test_decimals_lose_nothing(number: Any):
    assert Decimal(kept(asked("x", "decimal"), f"{number:f}")) == number
