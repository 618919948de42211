"""A form as data: sections, fields, options, rules; `ProcedurePublished` carries it whole.

Plain values only. What they mean is in `chassis/forms/`; filling one in, in the submission service.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from .values import Value

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""The name of a section or field inside a form."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
FormCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\s/?#%]+$")]
Bound = int | Decimal | Literal["today"]


class FieldType(StrEnum):
    """What a field holds, and so how its value is written and checked."""

    TEXT = "text"
    LONGTEXT = "longtext"
    PERSON_NAME = "person_name"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    ADDRESS = "address"
    CITIZEN_ID = "citizen_id"
    PHONE = "phone"
    EMAIL = "email"
    GENDER = "gender"
    ETHNICITY = "ethnicity"
    COUNTRY = "country"
    CHOICE = "choice"
    MULTICHOICE = "multichoice"
    BOOLEAN = "boolean"
    DECLARATION = "declaration"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    FILE_REF = "file_ref"


class Option(Value):
    """One answer that may be chosen."""

    value: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    label_vi: Label
    label_en: Label


class Condition(Value):
    """True when that field holds exactly this value."""

    field: Key
    equals: bool | int | str


class RequiredWhen(Value):
    """The field must be filled while the condition holds."""

    when: Condition


class FormField(Value):
    """One question. `line_vi` names the line of the paper form that several fields share."""

    key: Key
    label_vi: Label
    label_en: Label
    type: FieldType
    required: bool | RequiredWhen = False
    help_vi: str = ""
    help_en: str = ""
    line_vi: str = ""
    max_length: Annotated[int, Field(ge=1, le=20_000)] | None = None
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    min: Bound | None = None
    max: Bound | None = None
    options: tuple[Option, ...] = ()
    prefill: str | None = None


class Rows(Value):
    """How often a section may repeat."""

    min: Annotated[int, Field(ge=0, le=500)] = 0
    max: Annotated[int, Field(ge=1, le=500)]


class Section(Value):
    """A part of a form; with `repeat`, its value is a list of rows."""

    key: Key
    title_vi: Label
    title_en: Label
    help_vi: str = ""
    help_en: str = ""
    repeat: Rows | None = None
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]


class FormRule(Value):
    """A check across fields. `scope` names a repeating section: then it is asked of every row."""

    check: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    message_vi: Label
    message_en: Label
    severity: Literal["error", "warning"] = "error"
    scope: Key | None = None


class FormDefinition(Value):
    """A whole form. `sample` is a filled one with invented people.

    `codes` holds the accepted codes of the list types it uses, so that a filled form can be checked
    with the definition alone.
    """

    code: FormCode
    name_vi: Label
    name_en: Label
    legal_basis: str = ""
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    rules: tuple[FormRule, ...] = ()
    codes: dict[FieldType, tuple[str, ...]] = Field(
        default_factory=dict[FieldType, tuple[str, ...]]
    )
    prints: bool = False
    sample: dict[str, Any] = Field(default_factory=dict[str, Any])
