"""Forms for tests: the official ones of the catalogue, and small ones made on the spot."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from contracts.form_definition import FieldType, FormDefinition
from services.catalogue.importing import FILES, Catalogue, read_catalogue

FOLDER = Path(__file__).parents[2] / "deploy" / "catalogue"
TODAY = date(2026, 3, 2)

CODES: dict[FieldType, tuple[str, ...]] = {
    FieldType.COUNTRY: ("VN", "US"),
    FieldType.ETHNICITY: ("01", "02"),
    FieldType.GENDER: ("male", "female"),
}


def contents() -> dict[str, bytes]:
    """Give the five files as they are."""
    return {name: (FOLDER / name).read_bytes() for name in FILES}


@cache
def catalogue() -> Catalogue:
    """Give the catalogue of the five files."""
    read = read_catalogue(contents())
    assert read.catalogue is not None, read.bad
    return read.catalogue


@cache
def official_forms() -> dict[str, FormDefinition]:
    """Give every form that some procedure offers."""
    return {form.code: form for version in catalogue().procedures for form in version.forms}


def asked(key: str, type: str, **more: Any) -> dict[str, Any]:  # noqa: A002
    """Give a field."""
    return {"key": key, "type": type, "label_vi": f"Mục {key}", "label_en": f"Item {key}", **more}


def form(
    *fields: dict[str, Any], rules: tuple[Any, ...] = (), rows: dict[str, int] | None = None
) -> FormDefinition:
    """Give a form of one section `main`, and a repeating one `people` if asked for."""
    sections: list[dict[str, Any]] = [section("main", *fields)]
    if rows is not None:
        people = (asked("full_name", "person_name", required=True), asked("birth", "partial_date"))
        chosen = asked("role", "choice", options=[option("head"), option("member")])
        sections.append({**section("people", *people, chosen), "repeat": rows})
    return FormDefinition.model_validate(
        {
            "code": "F",
            "name_vi": "Biểu mẫu",
            "name_en": "Form",
            "sections": sections,
            "rules": [rule(r) if isinstance(r, str) else r for r in rules],
            "codes": CODES,
        }
    )


def section(key: str, *fields: dict[str, Any]) -> dict[str, Any]:
    """Give a section."""
    return {"key": key, "title_vi": f"Phần {key}", "title_en": f"Part {key}", "fields": fields}


def option(value: str) -> dict[str, str]:
    """Give an option."""
    return {"value": value, "label_vi": f"Chọn {value}", "label_en": f"Choose {value}"}


def rule(check: str, **more: str) -> dict[str, str]:
    """Give a rule."""
    return {"check": check, "message_vi": "Chưa đúng.", "message_en": "Not so.", **more}
