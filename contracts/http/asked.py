"""What every request has in common, whoever it is sent to."""

from collections.abc import Iterable
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, model_validator

DEEPEST = 32
"""Levels of a request; forms have five."""


class Request(BaseModel):
    """What is sent: unknown fields are refused, so that a misspelt one is not silently lost.

    No text may hold a NUL: databases, mails and printers each do something else with it.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _can_be_kept(cls, sent: object) -> object:
        level: list[object] = [sent]
        for _ in range(DEEPEST):
            if any(isinstance(one, str) and "\0" in one for one in level):
                raise ValueError("text with a NUL character")
            level = [inner for one in level for inner in _within(one)]
        if level:
            raise ValueError("nested too deep")
        return sent


def _within(one: object) -> Iterable[object]:
    if isinstance(one, dict):
        known = cast("dict[Any, Any]", one)
        return [*known.keys(), *known.values()]
    return cast("list[Any]", one) if isinstance(one, list) else ()
