"""Whose fault a failure is: the server's and the moment's, to be tried again without limit, or the
record's and our code's, where trying again does not help.
"""

import asyncpg

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
