"""The functions a rule may call. Each reads its arguments, checks their kinds and gives a closure.

All but `filled`, `any_of`, `all_of`, `implies`, `count`, `count_if` are empty when an argument is.
"""

import ast
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from .expressions import Answers, Expression, Reading, check_possible, refuse
from .partial_dates import PartialDate, earliest_day, latest_day, whole_years
from .vocabulary import DATES, Kind

TEXT_OR_NUMBER = (Kind.TEXT, Kind.NUMBER)


def _any_of(reading: Reading, args: list[ast.expr]) -> Expression:
    names = [reading.field(arg)[0] for arg in args]
    return Expression(Kind.TRUTH, lambda a: any(a.value(name) is not None for name in names))


def _all_of(reading: Reading, args: list[ast.expr]) -> Expression:
    names = [reading.field(arg)[0] for arg in args]
    return Expression(Kind.TRUTH, lambda a: all(a.value(name) is not None for name in names))


def _implies(reading: Reading, args: list[ast.expr]) -> Expression:
    given, then = (reading.wanted(arg, Kind.TRUTH).run for arg in args)
    return Expression(Kind.TRUTH, lambda a: given(a) is not True or then(a) is True)


def _of_dates(
    kind: Kind, answer: Callable[..., Any], *kinds: Kind
) -> Callable[[Reading, list[ast.expr]], Expression]:
    """Make a reader for a function of dates that is empty when one of them is."""

    def read(reading: Reading, args: list[ast.expr]) -> Expression:
        parts = [reading.wanted(arg, *kinds).run for arg in args]

        def run(answers: Answers) -> Any:
            days = [part(answers) for part in parts]
            return None if None in days else answer(*days)

        return Expression(kind, run)

    return read


def _age(birth: date | PartialDate, on: date | PartialDate) -> int:
    return whole_years(earliest_day(birth), latest_day(on))


def _days(start: date, end: date) -> int:
    return (end - start).days


def _year(when: date | PartialDate) -> int:
    return earliest_day(when).year


def _contains(reading: Reading, args: list[ast.expr]) -> Expression:
    chosen, looked_for = reading.wanted(args[0], Kind.LIST), reading.wanted(args[1], Kind.TEXT)
    if looked_for.literal is not None:
        check_possible(looked_for.literal, chosen.among)

    def run(answers: Answers) -> bool | None:
        values, value = chosen.run(answers), looked_for.run(answers)
        return None if values is None or value is None else value in values

    return Expression(Kind.TRUTH, run)


def _count(reading: Reading, args: list[ast.expr]) -> Expression:
    section, _ = reading.section(args[0])
    return Expression(Kind.NUMBER, lambda a: len(a.rows(section)))


def _count_if(reading: Reading, args: list[ast.expr]) -> Expression:
    section, terms = reading.section(args[0])
    field = args[1].id if isinstance(args[1], ast.Name) else ""
    if field not in terms:
        refuse(f"Mục “{section}” không có trường này.", f"“{section}” has no such field.")
    wanted = reading.wanted(args[2], *TEXT_OR_NUMBER)
    if wanted.kind is not terms[field].kind:
        refuse("Giá trị khác kiểu với trường.", "The value is of another kind than the field.")
    if wanted.literal is not None:
        check_possible(wanted.literal, terms[field].among)

    def run(answers: Answers) -> int:
        value = wanted.run(answers)
        return sum(value is not None and row.get(field) == value for row in answers.rows(section))

    return Expression(Kind.NUMBER, run)


FUNCTIONS: Mapping[str, tuple[int, int, Callable[[Reading, list[ast.expr]], Expression]]] = {
    "filled": (1, 1, _all_of),
    "any_of": (1, 50, _any_of),
    "all_of": (1, 50, _all_of),
    "implies": (2, 2, _implies),
    "age": (2, 2, _of_dates(Kind.NUMBER, _age, *DATES)),
    "days": (2, 2, _of_dates(Kind.NUMBER, _days, Kind.DATE)),
    "year": (1, 1, _of_dates(Kind.NUMBER, _year, *DATES)),
    "earliest": (1, 1, _of_dates(Kind.DATE, earliest_day, *DATES)),
    "latest": (1, 1, _of_dates(Kind.DATE, latest_day, *DATES)),
    "contains": (2, 2, _contains),
    "count": (1, 1, _count),
    "count_if": (3, 3, _count_if),
}
"""Name → least and most arguments, and how they are read."""
