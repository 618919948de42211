"""Bodies that are not what a door takes, each wrong in one way."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

DEEP = 100_000
"""Nested further than any parser goes."""

HUGE = 10**400


def bad_bodies(good: Any) -> dict[str, bytes]:
    """Give them by what is wrong with each, made from what the door would take."""
    bodies = {
        "empty": b"",
        "cut off": json.dumps(good).encode()[:-1],
        "not text": b"\xff\xfe\x00{",
        "a list": b"[]",
        "a word": b'"' + b"x" * 50 + b'"',
        "a number nobody can read": b'{"a": ' + b"9" * 5000 + b"}",
        "nested too deep": b'{"a": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        "with something unknown": json.dumps({**good, "is_admin": True}).encode(),
        "with something else at its end": json.dumps(good).encode() + b"{}",
        "over the limit": json.dumps(good).encode() + b" " * (1024 * 1024),
    }
    for path, value in _leaves(good):
        for name, wrong in _wrongs(value).items():
            bodies[f"{name} at {path}"] = json.dumps(_put(good, path, wrong)).encode()
    return bodies


def _wrongs(value: Any) -> dict[str, Any]:
    """Say what may stand in a value's place and must not."""
    wrongs: dict[str, Any] = {"a thing": {"a": [{}]}, "a list of things": [[{}]]}
    if isinstance(value, str):
        wrongs["NUL"] = f"{value}\0"
        wrongs["half a character"] = f"{value}\ud800"
        wrongs["too much"] = value * 100_000
    if not isinstance(value, str):
        wrongs["words"] = "several"
    return wrongs | {"a huge number": HUGE, "no number": float("nan")}


def _leaves(good: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for key, value in _inside(good):
        if isinstance(value, dict | list) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _inside(good: Any) -> Iterable[tuple[Any, Any]]:
    return good.items() if isinstance(good, dict) else enumerate(good)  # pyright: ignore[reportUnknownVariableType]


def _put(good: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy: Any = good.copy()
    copy[path[0]] = _put(good[path[0]], path[1:], value)
    return copy
