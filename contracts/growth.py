"""Whether a contract only grew: what strangers wrote must still be read, and theirs read ours.

A published schema may gain optional fields. Anything else is a new version under a new name.
"""

from collections.abc import Iterator
from typing import Any, cast

Schema = dict[str, Any]

_WORDS = {"title", "description"}
"""What a schema says to people only."""


def not_by_addition(old: Schema, new: Schema, path: str = "") -> Iterator[str]:
    """Name the changes from one schema to another that are more than an addition."""
    for key in sorted((old.keys() | new.keys()) - _WORDS - {"properties", "required", "$defs"}):
        if old.get(key) != new.get(key):
            yield from _changed(old.get(key), new.get(key), f"{path}/{key}")
    yield from _fields(old, new, path)
    for name, definition in old.get("$defs", {}).items():
        if name in new.get("$defs", {}):
            yield from not_by_addition(definition, new["$defs"][name], f"{path}/{name}")


def _changed(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from not_by_addition(cast("Schema", old), cast("Schema", new), path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _changed_list(cast("list[Any]", old), cast("list[Any]", new), path)
    elif old != new:
        yield f"{path} was {old!r}, is {new!r}"


def _changed_list(old: list[Any], new: list[Any], path: str) -> Iterator[str]:
    if len(old) != len(new):
        yield f"{path} was {old!r}, is {new!r}"
        return
    for number, (one, other) in enumerate(zip(old, new, strict=True)):
        yield from _changed(one, other, f"{path}/{number}")


def _fields(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, now = old.get("properties", {}), new.get("properties", {})
    needed_before, needed_now = set(old.get("required", ())), set(new.get("required", ()))
    for name, field in before.items():
        if name not in now:
            yield f"{path}/{name} is gone"
        elif (name in needed_before) != (name in needed_now):
            yield f"{path}/{name} {'must' if name in needed_now else 'need not'} be given now"
        else:
            yield from not_by_addition(field, now[name], f"{path}/{name}")
    for name in sorted(needed_now - before.keys()):
        yield f"{path}/{name} is new and must be given"
