"""The answers of a filled form, section by section and row by row, with what is wrong in each."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from contracts.form_definition import FieldType, FormDefinition, FormField, RequiredWhen, Section

from .errors import FieldError, Wrong, field_error, form_error, section_error
from .values import Asking, read_value

MOST_UNKNOWN = 20
LONGEST_UNKNOWN = 60


@dataclass
class Row:
    """The answers of one section, or of one row of it: as kept, as rules see them, and errors."""

    section: Section
    path: str
    kept: dict[str, Any] = field(default_factory=dict[str, Any])
    seen: dict[str, Any] = field(default_factory=dict[str, Any])
    errors: dict[str, FieldError] = field(default_factory=dict[str, FieldError])
    unknown: tuple[FieldError, ...] = ()

    def in_order(self) -> Iterator[FieldError]:
        """Give the errors in the order of the paper."""
        yield from (self.errors[f.key] for f in self.section.fields if f.key in self.errors)
        yield from self.unknown


@dataclass
class SectionRead:
    """One section as it was read; `error` says what is wrong with it as a whole."""

    section: Section
    rows: list[Row] = field(default_factory=list[Row])
    error: FieldError | None = None

    def unsure(self) -> set[str]:
        """Give the names a rule should not rely on, because something is wrong with them."""
        if self.section.repeat:
            return {self.section.key} if self.error else set()
        if self.error:
            return {asked.key for asked in self.section.fields}
        return {name for row in self.rows for name in row.errors}


def read_sections(
    definition: FormDefinition, filled: Mapping[Any, Any], today: date
) -> list[SectionRead]:
    """Read all sections, and demand what must be filled in."""
    read = [
        _section(definition, section, filled.get(section.key), today)
        for section in definition.sections
    ]
    single: dict[str, Any] = {}
    for part in read:
        if not part.section.repeat:
            single |= {key: value for row in part.rows for key, value in row.seen.items()}
    for part in read:
        for row in part.rows:
            _demand(row, ChainMap(row.seen, single))
    return read


def unknown_sections(definition: FormDefinition, filled: Mapping[Any, Any]) -> list[FieldError]:
    """Name the sections the form does not have."""
    known = {section.key for section in definition.sections}
    return [form_error(name, "unknown_section") for name in _unknown(filled, known)]


def _unknown(given: Iterable[Any], known: set[str]) -> list[str]:
    """Name what is not known, in a form that is safe to repeat."""
    strange = [str(name)[:LONGEST_UNKNOWN] for name in given if name not in known]
    return ["".join(c if c.isprintable() else "?" for c in name) for name in strange[:MOST_UNKNOWN]]


def _section(
    definition: FormDefinition, section: Section, given: object, today: date
) -> SectionRead:
    if section.repeat:
        return _rows(definition, section, given, today)
    if given is None:
        given = {}
    if not isinstance(given, dict):
        return SectionRead(section, error=section_error(section.key, section, "section"))
    filled = cast(dict[Any, Any], given)
    return SectionRead(section, [_row(definition, section, section.key, filled, today)])


def _rows(definition: FormDefinition, section: Section, given: object, today: date) -> SectionRead:
    assert section.repeat
    if given is None:
        given = []
    if not isinstance(given, list):
        return SectionRead(section, error=section_error(section.key, section, "rows"))
    rows = cast(list[object], given)
    read = SectionRead(section)
    if len(rows) < section.repeat.min:
        read.error = section_error(section.key, section, "too_few_rows", section.repeat.min)
    if len(rows) > section.repeat.max:
        read.error = section_error(section.key, section, "too_many_rows", section.repeat.max)
    for number, row in enumerate(rows[: section.repeat.max]):
        path = f"{section.key}.{number}"
        if isinstance(row, dict):
            filled = cast(dict[Any, Any], row)
            read.rows.append(_row(definition, section, path, filled, today))
        else:
            read.error = read.error or section_error(path, section, "section")
    return read


def _row(
    definition: FormDefinition, section: Section, path: str, filled: dict[Any, Any], today: date
) -> Row:
    row = Row(section, path)
    for asked in section.fields:
        try:
            answer = read_value(Asking(asked, definition, today), filled.get(asked.key))
        except Wrong as wrong:
            row.errors[asked.key] = field_error(f"{path}.{asked.key}", asked, wrong)
            continue
        if answer is not None:
            row.kept[asked.key], row.seen[asked.key] = answer.kept, answer.seen
    strange = _unknown(filled, {asked.key for asked in section.fields})
    row.unknown = tuple(
        section_error(f"{path}.{name}", section, "unknown_field") for name in strange
    )
    return row


def _demand(row: Row, seen: Mapping[str, Any]) -> None:
    """Add an error for every field that must be filled in and is not.

    A wrong answer is not seen, so it never meets a condition.
    """
    for asked in row.section.fields:
        if asked.key in row.seen or asked.key in row.errors:
            continue
        if _is_required(asked, seen):
            code = "declaration" if asked.type is FieldType.DECLARATION else "required"
            row.errors[asked.key] = field_error(f"{row.path}.{asked.key}", asked, Wrong(code))


def _is_required(asked: FormField, seen: Mapping[str, Any]) -> bool:
    if not isinstance(asked.required, RequiredWhen):
        return asked.required
    condition = asked.required.when
    return seen.get(condition.field) == condition.equals
