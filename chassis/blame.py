"""Whose fault a failure is: the server's and the moment's, to be tried again without limit, or the
record's and our code's, where trying again does not help.
"""

import asyncpg
from pydantic import ValidationError

from .event_store import Rebuilding, StoreUnavailable, StreamMoved, database_is_away

_OURS = ("0A", "21", "22", "23", "42", "44", "54", "P0")
"""SQLSTATE classes that blame the statement or its values."""


def is_trouble(cause: Exception) -> bool:
    """Tell whether the database or a race is to blame, rather than the record or our code."""
    if isinstance(cause, Rebuilding | StoreUnavailable | StreamMoved) or database_is_away(cause):
        return True
    if isinstance(cause, asyncpg.PostgresError):
        return not str(getattr(cause, "sqlstate", "")).startswith(_OURS)
    return False


def cause_in_words(cause: Exception) -> str:
    """Tell what went wrong in one line, which is kept and logged: without anybody's values."""
    words = " ".join(_bare(cause).split()).replace("\0", "")
    name = type(cause).__name__
    return (f"{name}: {words}" if words else name)[:500]


def _bare(cause: Exception) -> str:
    """Leave out what these quote: the row that was refused, the text that was not understood."""
    if isinstance(cause, asyncpg.PostgresError):
        return str(cause.args[0]) if cause.args else ""
    if isinstance(cause, ValidationError):
        found = cause.errors(include_input=False, include_url=False, include_context=False)
        return "; ".join(f"{'.'.join(map(str, one['loc']))} {one['type']}" for one in found)
    return str(cause)
