"""Rules across fields: read by Python's own grammar, compiled to a closure, never run as code.

Only the nodes, operators and functions listed here exist. Kinds are checked while reading, so that
a rule cannot fail when it is asked. Where a yes or no is wanted, an empty answer is not yes.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any, NoReturn

from .expressions import Answers, BadRule, Expression, Run, compared, refuse
from .functions import FUNCTIONS
from .vocabulary import Kind, Term, Vocabulary

__all__ = ["Answers", "BadRule", "Rule", "read_rule"]

MAX_LENGTH = 1000
MAX_DEPTH = 40


@dataclass(frozen=True)
class Rule:
    """A rule that was read, with the fields and the sections it names, in their order."""

    fields: tuple[str, ...]
    sections: tuple[str, ...]
    run: Run

    def holds(self, answers: Answers) -> bool:
        """Tell whether the answers keep the rule."""
        return self.run(answers) is True


@lru_cache(maxsize=8192)
def read_rule(check: str, vocabulary: Vocabulary) -> Rule:
    """Read a rule, or raise BadRule."""
    if len(check) > MAX_LENGTH:
        refuse("Quy tắc quá dài.", "The rule is too long.")
    try:
        tree = ast.parse(check.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadRule("Quy tắc sai cú pháp.", "The rule is not an expression.") from None
    reader = _Reader(vocabulary)
    whole = reader.wanted(tree.body, Kind.TRUTH)
    return Rule(tuple(reader.named), tuple(reader.counted), whole.run)


class _Reader:
    """Turns nodes of the grammar into expressions, and remembers the names it met."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._fields = dict(vocabulary.fields)
        self._sections = {name: dict(terms) for name, terms in vocabulary.sections}
        self._depth = 0
        self.named: dict[str, None] = {}
        self.counted: dict[str, None] = {}

    def wanted(self, node: ast.expr, *kinds: Kind) -> Expression:
        """Read a node that must yield one of these kinds."""
        read = self._read(node)
        if read.kind not in kinds:
            names = " / ".join(kind.name.lower() for kind in kinds)
            found = read.kind.name.lower()
            refuse(f"Chỗ này cần {names}, gặp {found}.", f"Expected {names}, found {found}.")
        return read

    def field(self, node: ast.expr) -> tuple[str, Term]:
        """Read a node that must be the name of a field seen from here."""
        if not isinstance(node, ast.Name):
            refuse("Chỗ này phải là tên một trường.", "The name of a field is expected here.")
        term = self._fields.get(node.id)
        if term is None:
            refuse(f"Không có trường “{node.id}” ở đây.", f"There is no field “{node.id}” here.")
        self.named.setdefault(node.id)
        return node.id, term

    def section(self, node: ast.expr) -> tuple[str, Mapping[str, Term]]:
        """Read a node that must be the name of a repeating section."""
        name = node.id if isinstance(node, ast.Name) else ""
        if name not in self._sections:
            refuse(f"Không có mục lặp “{name}”.", f"There is no repeating section “{name}”.")
        self.counted.setdefault(name)
        return name, self._sections[name]

    def _read(self, node: ast.expr) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            refuse("Quy tắc lồng nhau quá sâu.", "The rule is nested too deeply.")
        read = self._node(node)
        self._depth -= 1
        return read

    def _node(self, node: ast.expr) -> Expression:
        match node:
            case ast.Name():
                return self._answer(node)
            case ast.Constant(value=value):
                return _literal(value)
            case ast.BoolOp(op=op, values=values):
                return _joined(op, [self.wanted(value, Kind.TRUTH).run for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.wanted(operand, Kind.TRUTH).run
                return Expression(Kind.TRUTH, lambda answers: inner(answers) is not True)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _sum(self.wanted(left, Kind.NUMBER).run, self.wanted(right, Kind.NUMBER).run)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return compared(type(op), self._read(left), self._read(right))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(name, args)
            case _:
                return _unknown(type(node).__name__)

    def _answer(self, node: ast.Name) -> Expression:
        name, term = self.field(node)
        return Expression(term.kind, lambda answers: answers.value(name), term.among)

    def _call(self, name: str, args: list[ast.expr]) -> Expression:
        if name not in FUNCTIONS:
            refuse(f"Không có hàm “{name}”.", f"There is no function “{name}”.")
        least, most, read = FUNCTIONS[name]
        if not least <= len(args) <= most:
            refuse(f"Hàm “{name}” sai số đối số.", f"“{name}” takes another number of arguments.")
        return read(self, args)


def _unknown(word: str) -> NoReturn:
    refuse(f"Quy tắc không được dùng “{word}”.", f"“{word}” is not allowed.")


def _literal(value: object) -> Expression:
    if isinstance(value, str):
        return Expression(Kind.TEXT, lambda _: value, literal=value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Expression(Kind.NUMBER, lambda _: value)
    if not isinstance(value, float) or not isfinite(value):
        refuse("Chỉ được viết chuỗi hoặc số.", "Only texts and numbers may be written.")
    number = Decimal(repr(value))
    return Expression(Kind.NUMBER, lambda _: number)


def _joined(op: ast.boolop, parts: list[Run]) -> Expression:
    decide = all if isinstance(op, ast.And) else any
    return Expression(Kind.TRUTH, lambda answers: decide(part(answers) is True for part in parts))


def _sum(left: Run, right: Run) -> Expression:
    def run(answers: Answers) -> Any:
        one, other = left(answers), right(answers)
        return None if one is None or other is None else one + other

    return Expression(Kind.NUMBER, run)
