r"""Patterns of fields, matched whole and in time linear in the text.

A definition comes from outside, so its patterns go to an engine without backtracking (the one
inside pydantic): no pattern can hang a service. `\d` means the digits 0 to 9 only.
"""

import re
from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import SchemaError


class BadPattern(ValueError):
    """The text is no pattern that can be matched in linear time."""


def ascii_digits(pattern: str) -> str:
    r"""Write `\d` out, so that every engine reads it alike."""
    return re.sub(r"\\(.)", lambda escape: "[0-9]" if escape[1] == "d" else escape[0], pattern)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> TypeAdapter[str]:
    whole = StringConstraints(pattern=rf"\A(?:{ascii_digits(pattern)})\z")
    try:
        return TypeAdapter(Annotated[str, whole])
    except SchemaError as refusal:
        raise BadPattern(pattern) from refusal


def check_pattern(pattern: str) -> None:
    """Raise BadPattern unless the pattern can be used."""
    _compiled(pattern)


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole text fits the pattern."""
    try:
        _compiled(pattern).validate_python(text)
    except ValidationError:
        return False
    return True
