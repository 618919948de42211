"""The citizen's number: twelve digits that tell province or country, century, sex and year. Pure.

It has no check digit, and the registers hold errors: what does not fit is doubted, not refused.
"""

import re
from datetime import date

_SHAPE = re.compile(r"[0-9]{12}")
_PROVINCES = range(1, 97)
_COUNTRIES = range(101, 1000)


def is_citizen_id(number: str) -> bool:
    """Tell whether this can be a citizen's number at all."""
    if not _SHAPE.fullmatch(number):
        return False
    place = int(number[:3])
    return place in _PROVINCES or place in _COUNTRIES


def year_of_birth(number: str) -> int:
    """Read the year: the digit of the century counts two for each, from the twentieth."""
    return 1900 + int(number[3]) // 2 * 100 + int(number[4:6])


def doubts(number: str, birth_date: date | None, gender: str | None, today: date) -> list[str]:
    """Name what the number says otherwise than its holder."""
    year, says = year_of_birth(number), ("male", "female")[int(number[3]) % 2]
    found: list[str] = []
    if year > today.year or (birth_date is not None and birth_date.year != year):
        found.append("birth_date")
    if gender is not None and gender != says:
        found.append("gender")
    return found
