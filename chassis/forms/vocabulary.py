"""The names a rule of a form may use, and what kind of thing each stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from contracts.form_definition import FieldType, FormDefinition, FormField, Section


class Kind(Enum):
    """What an expression yields."""

    TEXT = auto()
    NUMBER = auto()
    DATE = auto()
    PARTIAL_DATE = auto()
    TRUTH = auto()
    LIST = auto()
    THING = auto()


DATES = (Kind.DATE, Kind.PARTIAL_DATE)

KIND_OF: Mapping[FieldType, Kind] = {
    FieldType.DATE: Kind.DATE,
    FieldType.PARTIAL_DATE: Kind.PARTIAL_DATE,
    FieldType.INTEGER: Kind.NUMBER,
    FieldType.DECIMAL: Kind.NUMBER,
    FieldType.MONEY: Kind.NUMBER,
    FieldType.BOOLEAN: Kind.TRUTH,
    FieldType.DECLARATION: Kind.TRUTH,
    FieldType.MULTICHOICE: Kind.LIST,
    FieldType.ADDRESS: Kind.THING,
    FieldType.FILE_REF: Kind.THING,
}
"""Every other type holds text."""

LIST_TYPES = frozenset({FieldType.GENDER, FieldType.ETHNICITY, FieldType.COUNTRY})


@dataclass(frozen=True)
class Term:
    """What a name stands for; `among` holds the only values it may have, when those are known."""

    kind: Kind
    among: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Vocabulary:
    """The fields a rule sees one value of, and the repeating sections it may count.

    Hashable, so that a rule read once with it is not read again.
    """

    fields: tuple[tuple[str, Term], ...]
    sections: tuple[tuple[str, tuple[tuple[str, Term], ...]], ...] = field(default=())


def term_of(asked: FormField, definition: FormDefinition) -> Term:
    """Give the term of one field."""
    if asked.type in LIST_TYPES:
        return Term(Kind.TEXT, frozenset(definition.codes.get(asked.type, ())))
    among = frozenset(option.value for option in asked.options)
    return Term(KIND_OF.get(asked.type, Kind.TEXT), among)


def _terms(section: Section, definition: FormDefinition) -> tuple[tuple[str, Term], ...]:
    return tuple((asked.key, term_of(asked, definition)) for asked in section.fields)


def vocabulary_of(definition: FormDefinition, scope: str | None = None) -> Vocabulary:
    """Give what a rule may name: the fields of every single section, and of its own row."""
    seen = [s for s in definition.sections if s.repeat is None or s.key == scope]
    return Vocabulary(
        fields=tuple(pair for section in seen for pair in _terms(section, definition)),
        sections=tuple((s.key, _terms(s, definition)) for s in definition.sections if s.repeat),
    )
