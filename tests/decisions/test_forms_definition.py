"""Definitions of forms: what makes one unusable is found before anybody fills it in."""

from typing import Any

import jsonschema_rs
import pytest
from forms_at_hand import TODAY, asked, form, official_forms, option
from pydantic import ValidationError

from chassis.forms import check_definition, json_schema
from contracts.form_definition import FormDefinition
from services.submission.forms.filled import check_filled
from services.submission.forms.prefill import KnownAgency, KnownApplicant, prefill


def faults(*fields: dict[str, Any], **more: Any) -> list[str]:
    found = check_definition(form(*fields, **more))
    assert all(fault.vi and fault.en for fault in found)
    return [fault.where for fault in found]


COLOURS = [option("red"), option("green")]


def required_when(field: str, equals: Any) -> dict[str, Any]:
    return {"when": {"field": field, "equals": equals}}


@pytest.mark.parametrize(
    "fields",
    [
        (asked("x", "choice"),),
        (asked("x", "choice", options=[option("red"), option("red")]),),
        (asked("x", "text", options=COLOURS),),
        (asked("x", "text", pattern="("),),
        (asked("x", "text", pattern=r"(a)\1"),),
        (asked("x", "integer", pattern=r"\d"),),
        (asked("x", "integer", max_length=5),),
        (asked("x", "text", min=1),),
        (asked("x", "integer", max="today"),),
        (asked("x", "date", max=5),),
        (asked("x", "integer", min=5, max=4),),
        (asked("x", "text", prefill="applicant.password"),),
        (asked("x", "integer", prefill="today"),),
        (asked("x", "declaration", required=False),),
        (asked("x", "text", required=required_when("nobody", "a")),),
        (asked("x", "text", required=required_when("x", "a")),),
        (
            asked("x", "text", required=required_when("y", "pink")),
            asked("y", "choice", options=COLOURS),
        ),
        (asked("x", "text", required=required_when("y", "true")), asked("y", "boolean")),
        (asked("x", "text", required=required_when("y", True)), asked("y", "integer")),
    ],
)
def test_a_field_that_cannot_work_is_named(fields: tuple[dict[str, Any], ...]):
    assert faults(*fields) == ["main.x"]


def test_a_field_of_the_whole_form_cannot_depend_on_a_row():
    field = asked("x", "text", required=required_when("role", "head"))
    assert faults(field, rows={"min": 0, "max": 3}) == ["main.x"]


def test_two_fields_of_one_name_are_found_across_sections():
    assert faults(asked("birth", "date"), rows={"min": 0, "max": 3}) == ["birth"]


def test_rows_that_must_be_more_than_they_may_be_are_found():
    assert faults(asked("x", "text"), rows={"min": 4, "max": 3}) == ["people"]


def test_a_list_without_its_codes_is_found():
    definition = form(asked("x", "address"), asked("y", "gender")).model_copy(update={"codes": {}})
    assert [fault.where for fault in check_definition(definition)] == ["main.x", "main.y"]


def test_a_form_too_big_to_be_one_is_found():
    assert faults(*(asked(f"x{n}", "text") for n in range(501))) == ["sections"]


UNSOUND: list[dict[str, Any]] = [
    {"sections": []},
    {"code": "a/b"},
    {"code": ""},
    {"name_vi": ""},
    {"sections": [{"key": "Main", "title_vi": "a", "title_en": "a", "fields": []}]},
    {"rules": [{"check": "x" * 1001, "message_vi": "a", "message_en": "a"}]},
    {"rules": [{"check": "x", "message_vi": "a", "message_en": "a", "severity": "fatal"}]},
]


@pytest.mark.parametrize("change", UNSOUND)
def test_what_has_not_the_shape_of_a_definition_is_refused(change: dict[str, Any]):
    whole = form(asked("x", "text")).model_dump(mode="json")
    with pytest.raises(ValidationError):
        FormDefinition.model_validate(whole | change)


AN = KnownApplicant(
    full_name="Phạm Thu An",
    birth_date="1988-04-17",
    gender="female",
    ethnicity="01",
    nationality="VN",
    citizen_id="030188004417",
    id_issued_on="2022-05-18",
    residence={"country": "VN", "province": "Thành phố Hải Phòng", "commune": "Xã Bình Lãng"},
    phone="+84 912 345 678",
    email="an@xa.vn",
)
BINH_LANG = KnownAgency(name_vi="UBND xã Bình Lãng", commune="xã Bình Lãng")


def test_what_is_known_is_filled_in():
    filled = prefill(official_forms()["GENERAL"], AN, BINH_LANG, TODAY)
    assert filled["header"] == {"addressee": "UBND xã Bình Lãng"}
    assert filled["applicant"]["phone"] == "0912345678"
    assert filled["applicant"]["citizen_id"] == "030188004417"
    assert filled["closing"] == {"made_at": "xã Bình Lãng", "made_on": "2026-03-02"}


@pytest.mark.parametrize("code", official_forms())
def test_what_is_filled_in_beforehand_is_never_wrong(code: str):
    definition = official_forms()[code]
    filled = prefill(definition, AN, BINH_LANG, TODAY)
    errors = check_filled(definition, filled, TODAY).errors
    assert {error.code for error in errors} <= {"required", "declaration", "rule", "too_few_rows"}


def test_what_is_known_but_does_not_fit_is_left_empty():
    stranger = KnownApplicant(full_name="R2-D2", ethnicity="99", birth_date="soon", phone="1")
    filled = prefill(official_forms()["GENERAL"], stranger, BINH_LANG, TODAY)
    assert "applicant" not in filled


def valid(definition: FormDefinition, filled: Any) -> bool:
    return jsonschema_rs.Draft202012Validator(json_schema(definition)).is_valid(filled)


def test_the_schema_knows_conditions_inside_a_section_and_between_two():
    organisation = official_forms()["ND20-04"]
    filled = {key: dict(value) for key, value in organisation.sample.items()}
    assert valid(organisation, filled)
    filled["payer_kind"] = {"arranger_kind": "organisation"}
    assert not valid(organisation, filled)
    inside = form(
        asked("kind", "choice", options=COLOURS),
        asked("x", "text", required=required_when("kind", "red")),
    )
    assert valid(inside, {"main": {"kind": "green"}})
    assert not valid(inside, {"main": {"kind": "red"}})


def test_the_schema_knows_rows_bounds_lists_and_nothing_else():
    definition = form(
        asked("x", "integer", min=1, max=9), asked("y", "gender"), rows={"min": 1, "max": 2}
    )
    people = [{"full_name": "An"}]
    assert valid(definition, {"main": {"x": 9, "y": "male"}, "people": people})
    unsound: list[dict[str, Any]] = [
        {"people": []},
        {"people": people * 3},
        {"people": people, "main": {"x": 10}},
        {"people": people, "main": {"y": "x"}},
        {"people": people, "main": {"z": 1}},
        {"people": people, "more": {}},
        {"people": [{}]},
        {},
    ]
    for wrong in unsound:
        assert not valid(definition, wrong), wrong
