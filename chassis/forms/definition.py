"""Whether a form definition can be used: every fault at once, its place and its reason.

Shape and types are the contract's; here stands what only the whole can tell.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from contracts.form_definition import (
    Condition,
    FieldType,
    FormDefinition,
    FormField,
    FormRule,
    RequiredWhen,
    Section,
)

from .patterns import BadPattern, check_pattern
from .rules import BadRule, read_rule
from .vocabulary import DATES, KIND_OF, LIST_TYPES, Kind, vocabulary_of

MOST_FIELDS = 500
MOST_RULES = 200

WRITTEN = frozenset({FieldType.TEXT, FieldType.LONGTEXT, FieldType.PERSON_NAME})
PATTERNED = WRITTEN | {FieldType.CITIZEN_ID, FieldType.PHONE, FieldType.EMAIL}
CHOSEN = frozenset({FieldType.CHOICE, FieldType.MULTICHOICE})

PREFILLS: Mapping[str, frozenset[FieldType]] = {
    "applicant.full_name": frozenset({FieldType.PERSON_NAME, FieldType.TEXT}),
    "applicant.birth_date": frozenset({FieldType.DATE, FieldType.PARTIAL_DATE}),
    "applicant.gender": frozenset({FieldType.GENDER}),
    "applicant.ethnicity": frozenset({FieldType.ETHNICITY}),
    "applicant.nationality": frozenset({FieldType.COUNTRY}),
    "applicant.citizen_id": frozenset({FieldType.CITIZEN_ID}),
    "applicant.id_issued_on": frozenset({FieldType.DATE, FieldType.PARTIAL_DATE}),
    "applicant.id_issued_by": frozenset({FieldType.TEXT}),
    "applicant.residence": frozenset({FieldType.ADDRESS}),
    "applicant.phone": frozenset({FieldType.PHONE}),
    "applicant.email": frozenset({FieldType.EMAIL}),
    "agency.name_vi": frozenset({FieldType.TEXT}),
    "agency.commune": frozenset({FieldType.TEXT}),
    "today": frozenset({FieldType.DATE, FieldType.PARTIAL_DATE}),
}
"""What a field may be filled with beforehand, and the types it fits."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in a definition: where, and why."""

    where: str
    vi: str
    en: str


def check_definition(definition: FormDefinition) -> tuple[Fault, ...]:
    """Find everything that makes a definition unusable."""
    return (
        *_repeated_names(definition),
        *_size(definition),
        *(
            fault
            for section in definition.sections
            for asked in section.fields
            for fault in _field_faults(definition, section, asked)
        ),
        *_bad_rows(definition),
        *(
            fault
            for number, rule in enumerate(definition.rules)
            for fault in _rule_faults(definition, number, rule)
        ),
    )


def _repeated_names(definition: FormDefinition) -> Iterator[Fault]:
    sections = [section.key for section in definition.sections]
    fields = [asked.key for section in definition.sections for asked in section.fields]
    for name in sorted({key for key in sections if sections.count(key) > 1}):
        yield Fault(name, "Mã mục bị trùng.", "Two sections have this key.")
    for name in sorted({key for key in fields if fields.count(key) > 1}):
        yield Fault(name, "Mã trường bị trùng trong biểu mẫu.", "Two fields have this key.")


def _size(definition: FormDefinition) -> Iterator[Fault]:
    if sum(len(section.fields) for section in definition.sections) > MOST_FIELDS:
        yield Fault("sections", "Biểu mẫu có quá nhiều trường.", "The form has too many fields.")
    if len(definition.rules) > MOST_RULES:
        yield Fault("rules", "Biểu mẫu có quá nhiều quy tắc.", "The form has too many rules.")


def _bad_rows(definition: FormDefinition) -> Iterator[Fault]:
    for section in definition.sections:
        if section.repeat and section.repeat.min > section.repeat.max:
            yield Fault(section.key, "Số dòng tối thiểu lớn hơn tối đa.", "min is above max.")


def _field_faults(
    definition: FormDefinition, section: Section, asked: FormField
) -> Iterator[Fault]:
    where = f"{section.key}.{asked.key}"
    checks: tuple[Callable[[], tuple[str, str] | None], ...] = (
        lambda: _options(asked),
        lambda: _codes(definition, asked),
        lambda: _pattern(asked),
        lambda: _length(asked),
        lambda: _bounds(asked),
        lambda: _prefill(asked),
        lambda: _declaration(asked),
        lambda: _condition(definition, section, asked),
    )
    for check in checks:
        if fault := check():
            yield Fault(where, *fault)


def _options(asked: FormField) -> tuple[str, str] | None:
    values = [option.value for option in asked.options]
    if bool(values) != (asked.type in CHOSEN):
        return (
            "Chỉ trường lựa chọn mới có, và phải có, lựa chọn.",
            "Options belong to choices only.",
        )
    if len(set(values)) != len(values):
        return "Có hai lựa chọn trùng giá trị.", "Two options have the same value."
    return None


def _codes(definition: FormDefinition, asked: FormField) -> tuple[str, str] | None:
    needed = FieldType.COUNTRY if asked.type is FieldType.ADDRESS else asked.type
    if needed in LIST_TYPES and not definition.codes.get(needed):
        return f"Thiếu danh mục “{needed}”.", f"The form lacks the codes of “{needed}”."
    return None


def _pattern(asked: FormField) -> tuple[str, str] | None:
    if asked.pattern is None:
        return None
    if asked.type not in PATTERNED:
        return "Kiểu này không dùng mẫu ký tự.", "This type takes no pattern."
    try:
        check_pattern(asked.pattern)
    except BadPattern:
        return "Mẫu ký tự không dùng được.", "The pattern cannot be used."
    return None


def _length(asked: FormField) -> tuple[str, str] | None:
    if asked.max_length is not None and asked.type not in WRITTEN:
        return "Kiểu này không có độ dài tối đa.", "This type takes no max_length."
    return None


def _bounds(asked: FormField) -> tuple[str, str] | None:
    bounds = [bound for bound in (asked.min, asked.max) if bound is not None]
    kind = KIND_OF.get(asked.type, Kind.TEXT)
    for bound in bounds:
        fits = kind in DATES if bound == "today" else kind is Kind.NUMBER
        if not fits:
            return f"Giới hạn “{bound}” không hợp với kiểu.", f"“{bound}” does not fit the type."
    numbers = [bound for bound in bounds if not isinstance(bound, str)]
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        return "Giá trị tối thiểu lớn hơn tối đa.", "min is above max."
    return None


def _prefill(asked: FormField) -> tuple[str, str] | None:
    if asked.prefill is None or asked.type in PREFILLS.get(asked.prefill, ()):
        return None
    return f"Không điền sẵn được “{asked.prefill}”.", f"“{asked.prefill}” cannot be filled in here."


def _declaration(asked: FormField) -> tuple[str, str] | None:
    if asked.type is FieldType.DECLARATION and asked.required is not True:
        return "Lời cam đoan luôn bắt buộc.", "A declaration is always required."
    return None


def _condition(
    definition: FormDefinition, section: Section, asked: FormField
) -> tuple[str, str] | None:
    if not isinstance(asked.required, RequiredWhen):
        return None
    condition = asked.required.when
    for home in definition.sections:
        if home.repeat is not None and home.key != section.key:
            continue
        for other in home.fields:
            if other.key == condition.field and other.key != asked.key:
                return _never(other, condition)
    return f"Không có trường “{condition.field}”.", f"There is no field “{condition.field}” here."


def _never(other: FormField, condition: Condition) -> tuple[str, str] | None:
    match KIND_OF.get(other.type, Kind.TEXT), condition.equals:
        case Kind.TRUTH, bool():
            return None
        case Kind.NUMBER, int() as number if not isinstance(number, bool):
            return None
        case Kind.TEXT, str() as text if not other.options or text in _values(other):
            return None
        case _:
            return (
                f"“{other.key}” không bao giờ có giá trị này.",
                f"“{other.key}” never equals this.",
            )


def _values(asked: FormField) -> set[str]:
    return {option.value for option in asked.options}


def _rule_faults(definition: FormDefinition, number: int, rule: FormRule) -> Iterator[Fault]:
    where = f"rules.{number}"
    repeating = {section.key for section in definition.sections if section.repeat}
    if rule.scope is not None and rule.scope not in repeating:
        yield Fault(where, f"Không có mục lặp “{rule.scope}”.", f"“{rule.scope}” does not repeat.")
        return
    try:
        read_rule(rule.check, vocabulary_of(definition, rule.scope))
    except BadRule as bad:
        yield Fault(where, bad.vi, bad.en)
