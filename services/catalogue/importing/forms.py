"""Rows of forms: definitions that can be used, with the codes their fields take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from chassis.forms import check_definition
from contracts.form_definition import FieldType, FormDefinition

from .json_rows import JsonFile, validated
from .lists import CODES_OF, ListEntry


class FormRow(FormDefinition):
    """A form, with where it was read and what is unsure about it."""

    source: str
    confidence: Literal["sourced", "memory", "ours"]
    doubts: tuple[str, ...] = ()


@dataclass
class Forms:
    """The forms that can be used, and the codes of those that were named but cannot."""

    usable: dict[str, FormDefinition] = field(default_factory=dict[str, FormDefinition])
    broken: set[str] = field(default_factory=set[str])
    whole: bool = True


def read_forms(
    file: JsonFile, lists: Mapping[str, Sequence[ListEntry]], *, lists_whole: bool
) -> Forms:
    """Read the forms; complaints go to the file."""
    forms = Forms(whole=file.whole and lists_whole)
    for row in file.rows:
        read = validated(FormRow, row, file.bad)
        if read is None:
            forms.broken.add(_named(row.value))
            continue
        form = _with_codes(read, lists)
        faults = check_definition(form) if lists_whole else ()
        file.bad.extend(row.bad(f"{form.code}.{f.where}", f.vi, f.en) for f in faults)
        if form.code in forms.usable:
            file.bad.append(row.bad("code", "Mã biểu mẫu bị trùng.", "The code stands twice."))
        if faults:
            forms.broken.add(form.code)
        forms.usable[form.code] = form
    return forms


def _named(value: object) -> str:
    return str(cast(dict[str, Any], value).get("code")) if isinstance(value, dict) else ""


def _with_codes(row: FormRow, lists: Mapping[str, Sequence[ListEntry]]) -> FormDefinition:
    """Give the form the codes of the list types it uses; an address has a country."""
    types = {asked.type for section in row.sections for asked in section.fields}
    if FieldType.ADDRESS in types:
        types.add(FieldType.COUNTRY)
    codes = {
        kind: tuple(entry.value for entry in lists.get(name, ()))
        for kind, name in CODES_OF.items()
        if kind in types
    }
    form = FormDefinition.model_validate(row.model_dump())
    return form.model_copy(update={"codes": codes})
