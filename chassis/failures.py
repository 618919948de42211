"""What is told of a failure, in logs and tables: what it was and where, never anybody's values."""

import traceback
from typing import cast

import asyncpg
from pydantic import ValidationError

_QUOTING = (ValueError, LookupError, TypeError)
"""Python's own say what they stumbled over."""


def cause_in_words(cause: BaseException) -> str:
    """Tell what went wrong in one line, which is kept and logged: without anybody's values."""
    words = " ".join(_bare(cause).split()).replace("\0", "")
    name = type(cause).__name__
    return (f"{name}: {words}" if words else name)[:500]


def cause_with_frames(cause: BaseException) -> str:
    """Tell what went wrong and where, and what that came of: a traceback with places alone."""
    told: list[str] = []
    pending, seen = [cause], {id(cause)}
    while pending:
        current = pending.pop()
        told.append(cause_in_words(current))
        for frame, line in traceback.walk_tb(current.__traceback__):
            told.append(f"  {frame.f_code.co_filename}:{line} in {frame.f_code.co_name}")
        behind = [inner for inner in _behind(current) if id(inner) not in seen]
        seen.update(map(id, behind))
        pending += reversed(behind)
    return "\n".join(told)


def _behind(cause: BaseException) -> list[BaseException]:
    context = None if cause.__suppress_context__ else cause.__context__
    before = cause.__cause__ or context
    found = [before] if before else []
    if isinstance(cause, BaseExceptionGroup):
        together = cast("BaseExceptionGroup[BaseException]", cause)
        return [*together.exceptions, *found]
    return found


def _bare(cause: BaseException) -> str:
    """Leave out what these quote: the row that was refused, the text that was not understood."""
    if isinstance(cause, asyncpg.DataError):
        return str(cause.sqlstate)
    if isinstance(cause, asyncpg.PostgresError):
        return str(cause.args[0]) if cause.args else ""
    if isinstance(cause, ValidationError):
        found = cause.errors(include_input=False, include_url=False, include_context=False)
        return "; ".join(f"{'.'.join(map(str, one['loc']))} {one['type']}" for one in found)
    if isinstance(cause, _QUOTING) and not _is_ours(cause):
        return ""
    return str(cause)


def _is_ours(cause: BaseException) -> bool:
    return type(cause).__module__.startswith(("chassis.", "contracts.", "services.", "motcua."))
