"""A filled form held against its definition: everything wrong at once, and the values as kept."""

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, cast

from chassis.forms.rules import Rule, read_rule
from chassis.forms.vocabulary import vocabulary_of
from contracts.form_definition import FormDefinition, FormRule

from .errors import FieldError, form_error, rule_error
from .rows import Row, SectionRead, read_sections, unknown_sections


@dataclass(frozen=True)
class FilledForm:
    """What came of reading a filled form.

    `values` are normalised, ready to be kept as JSON: decimals as text, money as integers.
    Warnings tell the filler something and stop nothing.
    """

    values: dict[str, Any] = field(repr=False)
    errors: tuple[FieldError, ...]
    warnings: tuple[FieldError, ...] = ()


def check_filled(definition: FormDefinition, filled: object, today: date) -> FilledForm:
    """Read a filled form: section → object, or → list of rows where the section repeats."""
    if not isinstance(filled, dict):
        return FilledForm({}, (form_error("", "form"),))
    given = cast(dict[Any, Any], filled)
    read = read_sections(definition, given, today)
    unkept = list(_unkept_rules(definition, read))
    errors = [*unknown_sections(definition, given), *_errors(read), *_those(unkept, "error")]
    return FilledForm(_values(read), tuple(errors), tuple(_those(unkept, "warning")))


def _errors(read: Sequence[SectionRead]) -> Iterator[FieldError]:
    for part in read:
        if part.error:
            yield part.error
        for row in part.rows:
            yield from row.in_order()


def _those(
    unkept: Sequence[tuple[FormRule, FieldError]], severity: Literal["error", "warning"]
) -> Iterator[FieldError]:
    return (error for rule, error in unkept if rule.severity == severity)


def _values(read: Sequence[SectionRead]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for part in read:
        kept = [row.kept for row in part.rows]
        if part.section.repeat and kept:
            values[part.section.key] = kept
        elif not part.section.repeat and kept and kept[0]:
            values[part.section.key] = kept[0]
    return values


@dataclass(frozen=True)
class _Answers:
    """The answers as one rule sees them, and where they stand."""

    seen: Mapping[str, Any]
    repeated: Mapping[str, Sequence[Mapping[str, Any]]]
    unsure: set[str]
    paths: Mapping[str, str]

    def value(self, field: str) -> Any:
        """Give the answer to one field."""
        return self.seen.get(field)

    def rows(self, section: str) -> Sequence[Mapping[str, Any]]:
        """Give the rows of a repeating section."""
        return self.repeated.get(section, ())

    def within(self, row: Row) -> "_Answers":
        """Give the answers as a rule about this row sees them."""
        return _Answers(
            ChainMap(row.seen, dict(self.seen)),
            self.repeated,
            self.unsure | row.errors.keys(),
            ChainMap(_paths([row]), dict(self.paths)),
        )


def _paths(rows: Sequence[Row]) -> dict[str, str]:
    return {asked.key: f"{row.path}.{asked.key}" for row in rows for asked in row.section.fields}


def _answers(read: Sequence[SectionRead]) -> _Answers:
    single = [row for part in read if not part.section.repeat for row in part.rows]
    return _Answers(
        seen={key: value for row in single for key, value in row.seen.items()},
        repeated={p.section.key: [r.seen for r in p.rows] for p in read if p.section.repeat},
        unsure={name for part in read for name in part.unsure()},
        paths=_paths(single),
    )


def _unkept_rules(
    definition: FormDefinition, read: Sequence[SectionRead]
) -> Iterator[tuple[FormRule, FieldError]]:
    """Ask every rule; those about an answer that is wrong anyway are not asked."""
    whole = _answers(read)
    named = {rule.scope for rule in definition.rules}
    scopes = {scope: vocabulary_of(definition, scope) for scope in named}
    rows = {part.section.key: part.rows for part in read}
    for rule in definition.rules:
        compiled = read_rule(rule.check, scopes[rule.scope])
        asked = [whole.within(row) for row in rows[rule.scope]] if rule.scope else [whole]
        for answers in asked:
            sure = answers.unsure.isdisjoint((*compiled.fields, *compiled.sections))
            if sure and not compiled.holds(answers):
                yield rule, _unkept(rule, compiled, answers)


def _unkept(rule: FormRule, compiled: Rule, answers: _Answers) -> FieldError:
    """Point at the first empty field the rule names, or else at the first it names."""
    named = sorted(compiled.fields, key=lambda name: answers.value(name) is not None)
    paths = [*(answers.paths[name] for name in named), *compiled.sections]
    return rule_error(paths[0] if paths else "", rule, tuple(paths[1:]))
