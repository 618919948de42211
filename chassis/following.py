"""What follows, decided in memory: commands and rows → the units of one commit. No rules here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .changes import Origin, Put, Row, Unit
from .command_handling import CommandHandler
from .event_store import EventStore
from .reactions import Effect, To


async def units_of(
    store: EventStore,
    commands: CommandHandler[Any, Any, Any],
    asked: Sequence[tuple[Sequence[Effect], Origin]],
) -> list[Unit]:
    """Load every stream that is asked for in one query, then decide in order.

    Several commands to one stream build on each other. A Refusal passes through: what is asked
    for here answers a fact, and facts are not refused.
    """
    targets = {_stream(commands, e) for effects, _ in asked for e in effects if isinstance(e, To)}
    histories = await store.load(sorted(targets)) if targets else {}
    units: list[Unit] = []
    for effects, origin in asked:
        rows: list[Row] = []
        for effect in effects:
            if isinstance(effect, To):
                stream = _stream(commands, effect)
                unit, after = commands.follow(histories[stream], effect.command, origin)
                histories[stream] = after
                units.append(unit)
            else:
                rows.append(_with_origin(effect, origin))
        if rows:
            units.append(Unit(rows=tuple(rows)))
    return units


def _stream(commands: CommandHandler[Any, Any, Any], to: To) -> str:
    return commands.stream(to.aggregate)


def _with_origin(row: Row, origin: Origin) -> Row:
    """Tell an errand what it answers, so that its traces and its events join the others."""
    if isinstance(row, Put) and row.table == "errands" and not row.values["correlation"]:
        cause = {"correlation": origin.correlation, "traceparent": origin.traceparent}
        return replace(row, values={**row.values, **cause})
    return row
