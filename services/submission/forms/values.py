"""The value of one field, by its type: read, checked against the field's limits, and normalised.

A reader takes what was written and gives it as it is kept, and as rules see it; or raises Wrong.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, cast

from chassis.forms.partial_dates import (
    PartialDate,
    earliest_day,
    latest_day,
    read_date,
    read_partial_date,
)
from chassis.forms.patterns import matches
from chassis.forms.schema import LARGEST, LONGEST
from contracts.form_definition import FieldType, FormDefinition, FormField

from .addresses import read_address
from .errors import Wrong
from .texts import clean, clean_name

CITIZEN_ID = re.compile(r"[0-9]{12}")
PHONE = re.compile(r"0[0-9]{9,10}|\+[0-9]{8,15}")
PHONE_GAPS = re.compile(r"[\s.()-]")
EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62})+"
)
FILE_REF = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WRITTEN_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
MOST_MONEY = 10**12


@dataclass(frozen=True)
class Asking:
    """A field, with what its value is held against."""

    field: FormField
    definition: FormDefinition
    today: date


@dataclass(frozen=True)
class Answer:
    """A value as it is kept, and as rules see it."""

    kept: Any
    seen: Any


def read_value(asking: Asking, given: object) -> Answer | None:
    """Read what was written in a field; None when that is nothing."""
    if given is None or given == "":
        return None
    answer = READERS[asking.field.type](asking, given)
    if answer.kept is None or answer.kept == "" or answer.kept == []:
        return None
    pattern = asking.field.pattern
    if pattern and not matches(pattern, str(answer.kept)):
        raise Wrong("pattern")
    return answer


def _same(value: Any) -> Answer:
    return Answer(value, value)


def _longest(field: FormField) -> int:
    return field.max_length or LONGEST[field.type]


def _text(asking: Asking, given: object) -> Answer:
    return _same(clean(given, _longest(asking.field)))


def _longtext(asking: Asking, given: object) -> Answer:
    return _same(clean(given, _longest(asking.field), lines=True))


def _person_name(asking: Asking, given: object) -> Answer:
    return _same(clean_name(given, _longest(asking.field)))


def _shaped(code: str, shape: re.Pattern[str], given: object) -> Answer:
    text = clean(given, 300)
    if text and not shape.fullmatch(text):
        raise Wrong(code)
    return _same(text)


def _phone(_: Asking, given: object) -> Answer:
    number = PHONE_GAPS.sub("", clean(given, 40))
    return _shaped("phone", PHONE, re.sub(r"^\+84", "0", number))


def _email(_: Asking, given: object) -> Answer:
    return _shaped("email", EMAIL, clean(given, LONGEST[FieldType.EMAIL]))


def _file_ref(_: Asking, given: object) -> Answer:
    return _shaped("file_ref", FILE_REF, clean(given, 40).lower())


def _date(asking: Asking, given: object) -> Answer:
    text = clean(given, 40)
    when = read_date(text)
    if when is None:
        raise Wrong("date")
    return Answer(text, _in_time(asking, when))


def _partial_date(asking: Asking, given: object) -> Answer:
    text = clean(given, 40)
    when = read_partial_date(text)
    if when is None:
        raise Wrong("partial_date")
    return Answer(text, _in_time(asking, when))


def _in_time(asking: Asking, when: date | PartialDate) -> date | PartialDate:
    """Refuse a date only when no day it may have been fits."""
    if asking.field.max == "today" and earliest_day(when) > asking.today:
        raise Wrong("after_today")
    if asking.field.min == "today" and latest_day(when) < asking.today:
        raise Wrong("before_today")
    return when


def _listed(asking: Asking, given: object) -> Answer:
    code = clean(given, 60)
    if code and code not in asking.definition.codes.get(asking.field.type, ()):
        raise Wrong("not_listed")
    return _same(code)


def _choice(asking: Asking, given: object) -> Answer:
    if given not in [option.value for option in asking.field.options]:
        raise Wrong("option")
    return _same(given)


def _multichoice(asking: Asking, given: object) -> Answer:
    if not isinstance(given, list):
        raise Wrong("options")
    chosen = cast(list[object], given)
    known = [option.value for option in asking.field.options]
    if any(value not in known for value in chosen):
        raise Wrong("option")
    kept = [value for value in known if value in chosen]
    if len(kept) != len(chosen):
        raise Wrong("repeated")
    return Answer(kept, tuple(kept))


def _boolean(_: Asking, given: object) -> Answer:
    if not isinstance(given, bool):
        raise Wrong("boolean")
    return _same(given)


def _declaration(_: Asking, given: object) -> Answer:
    if given is not True:
        raise Wrong("declaration")
    return _same(True)


def _integer(asking: Asking, given: object) -> Answer:
    return _same(_whole(asking.field, given, -LARGEST, LARGEST))


def _money(asking: Asking, given: object) -> Answer:
    return _same(_whole(asking.field, given, 0, MOST_MONEY))


def _whole(field: FormField, given: object, least: int, most: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise Wrong("whole")
    _within(given, least, most)
    _within(given, field.min, field.max)
    return given


def _decimal(asking: Asking, given: object) -> Answer:
    number = _number(given)
    if abs(number) >= 10**15 or number != round(number, 6):
        raise Wrong("precision")
    _within(number, asking.field.min, asking.field.max)
    return Answer(f"{number.normalize():f}" if number else "0", number)


def _number(given: object) -> Decimal:
    if isinstance(given, str):
        given = given.strip()
        if not WRITTEN_NUMBER.fullmatch(given):
            raise Wrong("number")
        return Decimal(given)
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        raise Wrong("number")
    if isinstance(given, int):
        return Decimal(given)
    if not isfinite(given):
        raise Wrong("number")
    return Decimal(str(given))


def _within(number: int | Decimal, least: Any, most: Any) -> None:
    if least is not None and number < least:
        raise Wrong("too_small", limit=str(least))
    if most is not None and number > most:
        raise Wrong("too_large", limit=str(most))


def _address(asking: Asking, given: object) -> Answer:
    return _same(read_address(asking.definition.codes.get(FieldType.COUNTRY, ()), given))


READERS: Mapping[FieldType, Callable[[Asking, object], Answer]] = {
    FieldType.TEXT: _text,
    FieldType.LONGTEXT: _longtext,
    FieldType.PERSON_NAME: _person_name,
    FieldType.DATE: _date,
    FieldType.PARTIAL_DATE: _partial_date,
    FieldType.ADDRESS: _address,
    FieldType.CITIZEN_ID: lambda _, given: _shaped("citizen_id", CITIZEN_ID, given),
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
    FieldType.GENDER: _listed,
    FieldType.ETHNICITY: _listed,
    FieldType.COUNTRY: _listed,
    FieldType.CHOICE: _choice,
    FieldType.MULTICHOICE: _multichoice,
    FieldType.BOOLEAN: _boolean,
    FieldType.DECLARATION: _declaration,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.MONEY: _money,
    FieldType.FILE_REF: _file_ref,
}
