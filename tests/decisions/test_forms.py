"""The official forms, filled: every sample is accepted, every way of spoiling one is named."""

import copy
from typing import Any

import jsonschema_rs
import orjson
import pytest
from forms_at_hand import TODAY, catalogue, official_forms
from hypothesis import given, settings
from hypothesis import strategies as some

from chassis.forms import check_definition, json_schema
from contracts.form_definition import FieldType, FormDefinition, FormField
from services.submission.forms.filled import check_filled

FORMS = official_forms()
EVERY_FORM = pytest.mark.parametrize("definition", FORMS.values(), ids=FORMS.keys())

Place = tuple[str, FormField, tuple[str | int, ...]]


def places() -> list[Place]:
    """Give every filled field of every sample: the form, the field, and where it stands."""
    found: list[Place] = []
    for code, definition in FORMS.items():
        for section in definition.sections:
            value = definition.sample.get(section.key, {})
            rows: list[tuple[tuple[str | int, ...], dict[str, Any]]] = (
                [((section.key, n), row) for n, row in enumerate(value)]
                if section.repeat
                else [((section.key,), value)]
            )
            found += [
                (code, asked, (*path, asked.key))
                for path, row in rows
                for asked in section.fields
                if asked.key in row
            ]
    return found


SCHEMAS = {
    code: jsonschema_rs.Draft202012Validator(json_schema(definition))
    for code, definition in FORMS.items()
}
PLACES = places()
A_PLACE = some.sampled_from(PLACES)

WRONG: dict[FieldType, tuple[Any, ...]] = {
    FieldType.TEXT: (5, ["x"], "a\u202eb", "a\x00b", "dòng\nmới", "x" * 20_001),
    FieldType.LONGTEXT: (5, {}, "a\u2066b", "a\x07b", "x" * 20_001),
    FieldType.PERSON_NAME: (5, "Nguyễn 1", "a@b", "x" * 101, "\u200eAn", "—"),
    FieldType.DATE: ("2026-02-30", "20260101", "2026-1-1", "01/01/2026", "2026-03-03", 2026),
    FieldType.PARTIAL_DATE: ("2026-13", "26", "2026-W01", "2027", "2026-04", "0199", 2026),
    FieldType.ADDRESS: (
        "Hà Nội",
        [],
        {"country": "XX", "province": "A", "commune": "B", "detail": ""},
        {"country": "VN", "province": "A", "commune": "", "detail": "số 1"},
        {"country": "VN", "province": "A", "commune": "B", "detail": "", "street": "C"},
        {"country": "US", "province": "A", "commune": "", "detail": ""},
    ),
    FieldType.CITIZEN_ID: (
        "03109100773",
        "0310910077345",
        "03109100773x",
        "٠٣١٠٩١٠٠٧٧٣٤",
        31091007734,
    ),
    FieldType.PHONE: ("12345", "01234567890", "0912 345 67x", 912345678),
    FieldType.EMAIL: ("an", "an@", "an@xa", "an@@xa.vn", "an@xa.vn\nBcc: b@c.vn", 5),
    FieldType.GENDER: ("Nam", "MALE", 1),
    FieldType.ETHNICITY: ("Kinh", "55", 1),
    FieldType.COUNTRY: ("Việt Nam", "vn", "ZZ", 84),
    FieldType.CHOICE: ("no such choice", 1, True, ["x"], {"x": 1}),
    FieldType.MULTICHOICE: ("x", ["no such choice"], [1], {"x": 1}, [["x"]]),
    FieldType.BOOLEAN: ("true", 1, 0, [True]),
    FieldType.DECLARATION: (False, "true", 1),
    FieldType.INTEGER: ("3", 1.5, True, 10**400, -(10**400)),
    FieldType.DECIMAL: ("1,5", "1e3", True, float("nan"), float("inf"), 10**400, 0.00000001, "½"),
    FieldType.MONEY: ("5000", 0.5, -1, 10**13, True),
    FieldType.FILE_REF: ("x", "../../etc/passwd", 5),
}
"""For every type, what is never a value of it in these forms."""


def spoiled(sample: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Give a copy of a sample with one value replaced."""
    spoilt: Any = copy.deepcopy(sample)
    holder = spoilt
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    return spoilt


def without(sample: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Give a copy of a sample with one field left empty."""
    return spoiled(sample, path, None)


def dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path)


def test_the_catalogue_offers_all_31_official_forms_and_the_general_one():
    assert len(FORMS) == 32
    assert "GENERAL" in FORMS


@EVERY_FORM
def test_every_sample_is_accepted(definition: FormDefinition):
    assert check_filled(definition, definition.sample, TODAY).errors == ()


@EVERY_FORM
def test_what_is_kept_of_a_sample_is_json_and_is_kept_the_same_again(definition: FormDefinition):
    kept = check_filled(definition, definition.sample, TODAY).values
    assert orjson.loads(orjson.dumps(kept)) == kept
    again = check_filled(definition, kept, TODAY)
    assert (again.values, again.errors) == (kept, ())


@EVERY_FORM
def test_every_definition_is_sound(definition: FormDefinition):
    assert check_definition(definition) == ()


@EVERY_FORM
def test_every_definition_survives_the_wire(definition: FormDefinition):
    assert FormDefinition.model_validate_json(definition.model_dump_json()) == definition


@EVERY_FORM
def test_every_schema_is_valid_and_accepts_the_sample(definition: FormDefinition):
    schema = json_schema(definition)
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.Draft202012Validator(orjson.loads(orjson.dumps(schema)))
    assert [error.message for error in validator.iter_errors(definition.sample)] == []


def test_every_type_of_field_is_among_the_spoiled_ones():
    """Three types stand in no sample; `test_forms_values` has them."""
    filled = {asked.type for _, asked, _ in PLACES}
    assert set(WRONG) == set(FieldType)
    assert set(FieldType) - filled == {
        FieldType.EMAIL,
        FieldType.FILE_REF,
        FieldType.MONEY,
    }


@given(A_PLACE, some.data())
@settings(max_examples=300)
def test_a_spoiled_value_is_named_by_its_place(place: Place, data: some.DataObject):
    code, asked, path = place
    value = data.draw(some.sampled_from(WRONG[asked.type]))
    found = check_filled(FORMS[code], spoiled(FORMS[code].sample, path, value), TODAY)
    named = [
        e for e in found.errors if e.path == dotted(path) or e.path.startswith(dotted(path) + ".")
    ]
    assert named, (code, path, value)
    assert all(error.vi and error.en for error in named)


@given(A_PLACE)
@settings(max_examples=300)
def test_a_required_field_left_empty_is_named_and_an_optional_one_is_not(place: Place):
    code, asked, path = place
    found = check_filled(FORMS[code], without(FORMS[code].sample, path), TODAY)
    codes = [error.code for error in found.errors if error.path == dotted(path)]
    assert ("declaration" in codes or "required" in codes) or asked.required is not True
    assert asked.required is not False or set(codes) <= {"rule"}


@given(A_PLACE, some.text(min_size=1, max_size=80))
def test_a_field_the_form_does_not_have_is_refused(place: Place, name: str):
    code, _, path = place
    definition = FORMS[code]
    known = {asked.key for section in definition.sections for asked in section.fields}
    if name in known:
        return
    found = check_filled(definition, spoiled(definition.sample, (*path[:-1], name), 1), TODAY)
    assert [error.code for error in found.errors] == ["unknown_field"]
    assert found.errors[0].path.isprintable()


JSON = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=30)
    | some.sampled_from(["\ud800", "\x00", "2026-01-01", "VN", "01", "", " ", "\u202e"]),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner),
    max_leaves=12,
)


@given(A_PLACE, JSON)
@settings(max_examples=150)
def test_whatever_stands_in_a_field_the_answer_is_an_answer(place: Place, value: Any):
    code, _, path = place
    for depth in range(1, len(path) + 1):
        filled = spoiled(FORMS[code].sample, path[:depth], value)
        found = check_filled(FORMS[code], filled, TODAY)
        assert all(error.vi and error.en for error in found.errors)
        kept = orjson.loads(orjson.dumps(found.values))
        assert kept == found.values
        if not found.errors:
            assert check_filled(FORMS[code], kept, TODAY).values == kept


@given(JSON)
def test_whatever_is_sent_as_a_form_the_answer_is_an_answer(value: Any):
    found = check_filled(FORMS["TKDKKS"], value, TODAY)
    assert found.errors


@given(A_PLACE, some.data())
@settings(max_examples=300)
def test_what_the_server_keeps_its_schema_accepts(place: Place, data: some.DataObject):
    code, asked, path = place
    value = data.draw(some.sampled_from(WRONG[asked.type]) | JSON)
    found = check_filled(FORMS[code], spoiled(FORMS[code].sample, path, value), TODAY)
    if not found.errors:
        assert list(SCHEMAS[code].iter_errors(found.values)) == []


def test_several_things_are_told_at_once_in_the_order_of_the_paper():
    filled = copy.deepcopy(FORMS["TKDKKS"].sample)
    filled["requester"]["requester_full_name"] = ""
    filled["child"]["child_gender"] = "x"
    filled["closing"]["declaration"] = False
    assert [error.path for error in check_filled(FORMS["TKDKKS"], filled, TODAY).errors] == [
        "requester.requester_full_name",
        "child.child_gender",
        "closing.declaration",
    ]


def test_a_rule_names_the_field_to_mend_and_speaks_in_its_own_words():
    filled = copy.deepcopy(FORMS["TKDKKS"].sample)
    del filled["requester"]["requester_citizen_id"]
    found = check_filled(FORMS["TKDKKS"], filled, TODAY)
    first = found.errors[0]
    assert (first.path, first.code) == ("requester.requester_citizen_id", "rule")
    assert first.also == ("requester.requester_other_id",)
    assert first.vi == "Phải ghi giấy tờ tùy thân của người yêu cầu."


def test_a_warning_stops_nothing():
    filled = copy.deepcopy(FORMS["TKDKKS"].sample)
    filled["closing"]["made_on"] = "2026-01-15"
    found = check_filled(FORMS["TKDKKS"], filled, TODAY)
    assert found.errors == ()
    assert "60" in found.warnings[0].vi


def test_a_rule_about_a_wrong_answer_is_not_asked():
    filled = copy.deepcopy(FORMS["TKDKKH"].sample)
    bride = next(
        s.key
        for s in FORMS["TKDKKH"].sections
        if any(f.key == "bride_birth_date" for f in s.fields)
    )
    filled[bride]["bride_birth_date"] = "not a date"
    codes = {error.code for error in check_filled(FORMS["TKDKKH"], filled, TODAY).errors}
    assert codes == {"partial_date"} or codes == {"date"}


def test_a_bride_under_eighteen_is_told_so():
    filled = copy.deepcopy(FORMS["TKDKKH"].sample)
    bride = next(
        s.key
        for s in FORMS["TKDKKH"].sections
        if any(f.key == "bride_birth_date" for f in s.fields)
    )
    filled[bride]["bride_birth_date"] = "2015-01-01"
    found = check_filled(FORMS["TKDKKH"], filled, TODAY)
    assert f"{bride}.bride_birth_date" in [error.path for error in found.errors]


def test_a_rule_of_a_repeating_section_names_its_row():
    filled = copy.deepcopy(FORMS["QD24-01"].sample)
    filled["members"][-1]["member_birth_date"] = "2026-03"
    filled["closing"]["made_on"] = "2026-02-28"
    last = len(filled["members"]) - 1
    found = check_filled(FORMS["QD24-01"], filled, TODAY)
    assert [error.path for error in found.errors] == [f"members.{last}.member_birth_date"]


@pytest.mark.parametrize("rows", [0, 51])
def test_too_few_and_too_many_rows_are_told_of_the_section(rows: int):
    filled = copy.deepcopy(FORMS["ND126-BVD"].sample)
    filled["committee"] = filled["committee"][:1] * rows
    errors = check_filled(FORMS["ND126-BVD"], filled, TODAY).errors
    assert [error.path for error in errors] == ["committee"]


def test_every_procedure_offers_a_form_to_fill_in():
    for version in catalogue().procedures:
        assert any(component.forms for component in version.components), version.key
