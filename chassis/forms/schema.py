"""A form as JSON Schema (draft 2020-12), so that outsiders can check before they send.

It promises less than the server checks: rules and bounds of "today" stand in `x-` keys.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from contracts.form_definition import FieldType, FormDefinition, FormField, RequiredWhen, Section

from .patterns import ascii_digits

Schema = dict[str, Any]

PARTIAL_DATE = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
DECIMAL = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"
LARGEST = 2**53 - 1
"""The largest whole number every JSON reader keeps exactly."""


def json_schema(definition: FormDefinition) -> Schema:
    """Describe a filled form."""
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:motcua:form:{quote(definition.code)}",
        "title": definition.name_vi,
        "x-title-en": definition.name_en,
        "type": "object",
        "properties": {section.key: _section(section) for section in definition.sections},
        "required": [section.key for section in definition.sections if _needed(section)],
        "additionalProperties": False,
        "$defs": _definitions(definition),
        "x-rules": [rule.model_dump(mode="json") for rule in definition.rules],
    }
    if conditions := _conditions_between(definition):
        schema["allOf"] = conditions
    if definition.sample:
        schema["examples"] = [definition.sample]
    return schema


def _needed(section: Section) -> bool:
    if section.repeat:
        return section.repeat.min > 0
    return any(asked.required is True for asked in section.fields)


def _section(section: Section) -> Schema:
    row: Schema = {
        "type": "object",
        "properties": {asked.key: _field(asked) for asked in section.fields},
        "required": [asked.key for asked in section.fields if asked.required is True],
        "additionalProperties": False,
    }
    if conditions := _conditions_within(section):
        row["allOf"] = conditions
    titles = {"title": section.title_vi, "x-title-en": section.title_en}
    if not section.repeat:
        return {**titles, **row}
    rows = {"minItems": section.repeat.min, "maxItems": section.repeat.max}
    return {**titles, "type": "array", "items": row, **rows}


def _field(asked: FormField) -> Schema:
    schema: Schema = {
        "title": asked.label_vi,
        "x-title-en": asked.label_en,
        **_TYPES[asked.type](asked),
    }
    if asked.help_vi:
        schema["description"] = asked.help_vi
    if asked.pattern:
        schema["pattern"] = f"^(?:{ascii_digits(asked.pattern)})$"
    for name, bound, word in (("min", asked.min, "minimum"), ("max", asked.max, "maximum")):
        if bound == "today":
            schema[f"x-{name}"] = "today"
        elif bound is not None and asked.type is not FieldType.DECIMAL:
            schema[word] = int(bound)
        elif bound is not None:
            schema["anyOf"][0][word] = float(bound)
    return schema


def _text(longest: int) -> Callable[[FormField], Schema]:
    def schema(asked: FormField) -> Schema:
        shortest = {"minLength": 1} if asked.required is True else {}
        return {"type": "string", "maxLength": asked.max_length or longest, **shortest}

    return schema


def _options(asked: FormField) -> list[Schema]:
    return [
        {"const": option.value, "title": option.label_vi, "x-title-en": option.label_en}
        for option in asked.options
    ]


def _multichoice(asked: FormField) -> Schema:
    least = {"minItems": 1} if asked.required is True else {}
    return {"type": "array", "items": {"oneOf": _options(asked)}, "uniqueItems": True, **least}


def _always(**schema: Any) -> Callable[[FormField], Schema]:
    return lambda _: dict(schema)


LONGEST: Mapping[FieldType, int] = {
    FieldType.TEXT: 500,
    FieldType.LONGTEXT: 5000,
    FieldType.PERSON_NAME: 100,
    FieldType.EMAIL: 254,
}
"""How long a text may be where the definition does not say."""

_TYPES: Mapping[FieldType, Callable[[FormField], Schema]] = {
    FieldType.TEXT: _text(LONGEST[FieldType.TEXT]),
    FieldType.LONGTEXT: _text(LONGEST[FieldType.LONGTEXT]),
    FieldType.PERSON_NAME: _text(LONGEST[FieldType.PERSON_NAME]),
    FieldType.EMAIL: _always(type="string", format="email", maxLength=LONGEST[FieldType.EMAIL]),
    FieldType.DATE: _always(type="string", format="date"),
    FieldType.PARTIAL_DATE: _always(type="string", pattern=PARTIAL_DATE),
    FieldType.CITIZEN_ID: _always(type="string", pattern="^[0-9]{12}$"),
    FieldType.PHONE: _always(type="string", pattern=r"^(0[0-9]{9,10}|\+[0-9]{8,15})$"),
    FieldType.GENDER: _always(**{"$ref": "#/$defs/gender"}),
    FieldType.ETHNICITY: _always(**{"$ref": "#/$defs/ethnicity"}),
    FieldType.COUNTRY: _always(**{"$ref": "#/$defs/country"}),
    FieldType.ADDRESS: _always(**{"$ref": "#/$defs/address"}),
    FieldType.CHOICE: lambda asked: {"oneOf": _options(asked)},
    FieldType.MULTICHOICE: _multichoice,
    FieldType.BOOLEAN: _always(type="boolean"),
    FieldType.DECLARATION: _always(const=True),
    FieldType.INTEGER: _always(type="integer", minimum=-LARGEST, maximum=LARGEST),
    FieldType.MONEY: _always(type="integer", minimum=0, maximum=10**12),
    FieldType.DECIMAL: lambda _: {
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": DECIMAL}]
    },
    FieldType.FILE_REF: _always(type="string", format="uuid"),
}


def _definitions(definition: FormDefinition) -> Schema:
    lists = {name.value: {"enum": list(codes)} for name, codes in definition.codes.items()}
    text = {"type": "string", "maxLength": 200}
    address: Schema = {
        "type": "object",
        "properties": {
            "country": {"$ref": "#/$defs/country"},
            "province": text,
            "commune": text,
            "detail": {"type": "string", "maxLength": 500},
            "province_code": {"type": "string", "pattern": "^[0-9]{2}$"},
            "commune_code": {"type": "string", "pattern": "^[0-9]{5}$"},
        },
        "required": ["country"],
        "additionalProperties": False,
        "if": {"properties": {"country": {"const": "VN"}}},
        "then": {"required": ["province", "commune"]},
    }
    return {**lists, "address": address} if FieldType.COUNTRY in definition.codes else lists


def _conditions_within(section: Section) -> list[Schema]:
    """Describe fields required by another answer of the same section or row."""
    own = {asked.key for asked in section.fields}
    return [
        {"if": _equals(asked.required), "then": {"required": [asked.key]}}
        for asked in section.fields
        if isinstance(asked.required, RequiredWhen) and asked.required.when.field in own
    ]


def _conditions_between(definition: FormDefinition) -> list[Schema]:
    """Describe fields required by an answer of another section."""
    home = {asked.key: section.key for section in definition.sections for asked in section.fields}
    return [
        {
            "if": {"properties": {other: _equals(asked.required)}, "required": [other]},
            "then": _demand(section, asked.key),
        }
        for section in definition.sections
        for asked in section.fields
        if isinstance(asked.required, RequiredWhen)
        and (other := home.get(asked.required.when.field, section.key)) != section.key
    ]


def _equals(required: RequiredWhen) -> Schema:
    condition = required.when
    return {
        "properties": {condition.field: {"const": condition.equals}},
        "required": [condition.field],
    }


def _demand(section: Section, key: str) -> Schema:
    """Describe that a field of this section, or of each of its rows, is there."""
    wanted: Schema = {"required": [key]}
    if section.repeat:
        return {"properties": {section.key: {"items": wanted}}}
    return {"properties": {section.key: wanted}, "required": [section.key]}
