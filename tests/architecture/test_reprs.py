"""Secrets and what is personal stay out of every repr: one in a log or a trace shows neither."""

import importlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECRET = {"data_key", "password", "refresh_token", "secret"}
PERSONAL = {"birth_date", "details", "email", "full_name", "phone", "receiver", "values"}


def ours() -> Iterator[type[Any]]:
    """Give every dataclass of the house."""
    for package in ("chassis", "services", "motcua"):
        for path in (ROOT / package).rglob("[!_]*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for one in vars(importlib.import_module(name)).values():
                if isinstance(one, type) and is_dataclass(one) and one.__module__ == name:
                    yield one


def test_no_repr_shows_a_secret_or_what_is_personal() -> None:
    shown = {
        f"{one.__module__}.{one.__qualname__}.{field.name}"
        for one in ours()
        if "__repr__" in vars(one)
        for field in fields(one)
        if field.repr
        and (field.name in SECRET | PERSONAL or (field.name == "hash" and "str" in str(field.type)))
    }
    assert not shown
