"""Dates as people know them: a day, a month of a year, or only a year."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

EARLIEST_YEAR = 1800
"""Nobody's papers are older; a smaller year is a slip of the hand."""

_WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """The days it may have been, first and last included."""

    earliest: date
    latest: date


def earliest_day(when: date | PartialDate) -> date:
    """Give the first day it may have been."""
    return when.earliest if isinstance(when, PartialDate) else when


def latest_day(when: date | PartialDate) -> date:
    """Give the last day it may have been."""
    return when.latest if isinstance(when, PartialDate) else when


def read_partial_date(text: str) -> PartialDate | None:
    """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None when it is no such date."""
    written = _WRITTEN.fullmatch(text)
    if not written or not written[1].isascii():
        return None
    year, month, day = int(written[1]), written[2], written[3]
    try:
        first = date(year, int(month or 1), int(day or 1))
    except ValueError:
        return None
    if year < EARLIEST_YEAR:
        return None
    if day:
        return PartialDate(first, first)
    last_month = first.month if month else 12
    return PartialDate(first, date(year, last_month, monthrange(year, last_month)[1]))


def read_date(text: str) -> date | None:
    """Read `YYYY-MM-DD`; None when it is no such date."""
    read = read_partial_date(text) if len(text) == len("YYYY-MM-DD") else None
    return read.earliest if read else None


def whole_years(birth: date, on: date) -> int:
    """Count birthdays passed; somebody born on 29 February has theirs on 1 March of other years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
