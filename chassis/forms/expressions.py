"""What a rule is made of: expressions with a kind, and how two of them are compared.

An empty answer (None) makes `< <= > >= !=` true and `==` false. A partial date compares in favour
of the filler: an order holds if some day it may have been keeps it; it equals another if surely so.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from .partial_dates import earliest_day, latest_day, read_date
from .vocabulary import DATES, Kind, Term


class BadRule(ValueError):
    """The rule cannot be read; both sentences say why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en


class Answers(Protocol):
    """What a rule is asked about: typed values, None where nothing was written."""

    def value(self, field: str) -> Any:
        """Give the answer to one field."""
        ...

    def rows(self, section: str) -> Sequence[Mapping[str, Any]]:
        """Give the rows of a repeating section."""
        ...


Run = Callable[[Answers], Any]


@dataclass(frozen=True)
class Expression:
    """A part of a rule: what it yields, and how.

    `among` holds the only values it may have, when known; `literal`, text written in the rule.
    """

    kind: Kind
    run: Run
    among: frozenset[str] = frozenset()
    literal: str | None = None


class Reading(Protocol):
    """What a function needs of the reader in order to read its arguments."""

    def wanted(self, node: ast.expr, *kinds: Kind) -> Expression:
        """Read a node that must yield one of these kinds."""
        ...

    def field(self, node: ast.expr) -> tuple[str, Term]:
        """Read a node that must be the name of a field."""
        ...

    def section(self, node: ast.expr) -> tuple[str, Mapping[str, Term]]:
        """Read a node that must be the name of a repeating section."""
        ...


def refuse(vi: str, en: str) -> NoReturn:
    """Give up on the rule."""
    raise BadRule(vi, en)


ORDERINGS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
EQUALITIES: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
BETWEEN_DATES: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda one, other: earliest_day(one) < latest_day(other),
    ast.LtE: lambda one, other: earliest_day(one) <= latest_day(other),
    ast.Gt: lambda one, other: latest_day(one) > earliest_day(other),
    ast.GtE: lambda one, other: latest_day(one) >= earliest_day(other),
    ast.Eq: lambda one, other: _surely_equal(one, other),
    ast.NotEq: lambda one, other: not _surely_equal(one, other),
}


def _surely_equal(one: Any, other: Any) -> bool:
    days = {earliest_day(one), latest_day(one), earliest_day(other), latest_day(other)}
    return len(days) == 1


def compared(op: type[ast.cmpop], left: Expression, right: Expression) -> Expression:
    """Compare two expressions of one kind."""
    left, right = _as_date(left, right), _as_date(right, left)
    compare = _comparison(op, left.kind, right.kind)
    _check_among(left, right)
    _check_among(right, left)
    when_empty = op is not ast.Eq

    def run(answers: Answers) -> bool:
        one, other = left.run(answers), right.run(answers)
        return when_empty if one is None or other is None else compare(one, other)

    return Expression(Kind.TRUTH, run)


def _comparison(op: type[ast.cmpop], left: Kind, right: Kind) -> Callable[[Any, Any], bool]:
    if op not in BETWEEN_DATES:
        refuse("Phép so sánh này không được dùng.", f"“{op.__name__}” is not allowed.")
    if left in DATES and right in DATES:
        return BETWEEN_DATES[op]
    if left is right is Kind.NUMBER and op in ORDERINGS:
        return ORDERINGS[op]
    if left is right and left in (Kind.NUMBER, Kind.TEXT, Kind.TRUTH) and op in EQUALITIES:
        return EQUALITIES[op]
    kinds = f"{left.name.lower()} / {right.name.lower()}"
    refuse(f"Không so sánh được {kinds}.", f"Cannot compare {kinds}.")


def _as_date(side: Expression, other: Expression) -> Expression:
    """Read text written beside a date as a date."""
    if side.literal is None or other.kind not in DATES:
        return side
    read = read_date(side.literal)
    if read is None:
        refuse(f"“{side.literal}” không phải là ngày.", f"“{side.literal}” is not a date.")
    return Expression(Kind.DATE, lambda _: read)


def _check_among(side: Expression, other: Expression) -> None:
    if side.literal is not None:
        check_possible(side.literal, other.among)


def check_possible(value: str, among: frozenset[str]) -> None:
    """Refuse a written value that can never be the answer: a slip of the hand."""
    if among and value not in among:
        refuse(f"“{value}” không phải là một lựa chọn.", f"“{value}” is never an answer here.")
