"""`motcua bench`: our figures beside their bare references, in one run, and the bars to meet."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import structlog
import typer
from rich.progress import Progress
from rich.table import Table

from chassis.garbage import look_seldom

from .benching.bus import consuming, relaying
from .benching.commands import commanding
from .benching.figures import Figure
from .benching.ground import Ground, ground
from .benching.log import appending
from .benching.reading import reading
from .benching.web import handing_in
from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json


@dataclass(frozen=True)
class Size:
    """How much is measured: rounds of each, seconds of a round, events of a log, dossiers."""

    rounds: int
    seconds: float
    events: int
    dossiers: int


USUAL, QUICK = Size(3, 5.0, 120_000, 400), Size(1, 1.0, 12_000, 40)
MANY = 32


@command
async def bench(
    only: Annotated[str, typer.Option(help="one group: log, commands, reading, bus or web")] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="a tenth of the work, rough figures")
    ] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Measure; never fails for being slow: missed bars are told, with both figures beside them."""
    if only and only not in _GROUPS:
        raise Trouble(f"There is no group {only}; there are {', '.join(_GROUPS)}.")
    look_seldom()  # as every process of a service
    _hush()
    figures = await _measured([only] if only else list(_GROUPS), QUICK if quick else USUAL, as_json)
    if as_json:
        print_json({"figures": [_plain(one) for one in figures]})
    else:
        _show(figures)


def _hush() -> None:
    """Keep what servers and clients say in ordinary life out of the table."""
    logging.disable(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


async def _measured(names: Sequence[str], size: Size, quiet: bool) -> list[Figure]:
    figures: list[Figure] = []
    unseen = quiet or not console.is_terminal
    with Progress(transient=True, disable=unseen, console=console) as bar:
        task = bar.add_task("", total=len(names))
        for done, name in enumerate(names):
            bar.update(task, completed=done, description=name)
            figures += await _GROUPS[name](size)
    return figures


async def _log(servers: Ground, size: Size) -> Sequence[Figure]:
    return [await appending(servers, n, size.seconds, size.rounds) for n in (1, MANY)]


async def _commands(servers: Ground, size: Size) -> Sequence[Figure]:
    return [await commanding(servers, n, size.seconds, size.rounds) for n in (1, MANY)]


async def _reading(servers: Ground, size: Size) -> Sequence[Figure]:
    return await reading(servers, size.events, size.rounds)


async def _bus(servers: Ground, size: Size) -> Sequence[Figure]:
    return [
        await relaying(servers, size.events, size.rounds),
        await consuming(servers, size.events, size.rounds),
    ]


async def _web(size: Size) -> Sequence[Figure]:
    return [await handing_in(size.dossiers, size.rounds)]


def _on_servers(
    group: Callable[[Ground, Size], Awaitable[Sequence[Figure]]],
) -> Callable[[Size], Awaitable[Sequence[Figure]]]:
    """Give a group servers of its own: none runs on what another has left behind."""

    async def measured(size: Size) -> Sequence[Figure]:
        async with ground() as servers:
            return await group(servers, size)

    return measured


_GROUPS: dict[str, Callable[[Size], Awaitable[Sequence[Figure]]]] = {
    "log": _on_servers(_log),
    "commands": _on_servers(_commands),
    "reading": _on_servers(_reading),
    "bus": _on_servers(_bus),
    "web": _web,
}


def _plain(one: Figure) -> dict[str, object]:
    return {
        "name": one.name,
        "unit": one.unit,
        "ours": round(one.ours, 1),
        "bare": round(one.bare, 1),
        "against": one.against,
        "ratio": round(one.ratio, 3),
        "bar": one.bar,
        "least": one.least,
        "holds": one.holds,
    }


def _show(figures: list[Figure]) -> None:
    table = Table("what", "ours", "bare", "against", "ratio", "bar", "")
    for one in figures:
        bars = [f"≥ {one.bar:g}×" if one.bar else "", f"≥ {one.least:,.0f}" if one.least else ""]
        table.add_row(
            one.name,
            f"{one.ours:,.0f} {one.unit}",
            f"{one.bare:,.0f}",
            one.against,
            f"{one.ratio:.2f}",
            " and ".join(filter(None, bars)),
            "" if not any(bars) else "met" if one.holds else "[red]missed[/red]",
        )
    console.print(table)
