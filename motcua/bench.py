"""`motcua bench`: our figures beside their bare references, in one run, and the bars to meet."""

from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from .benching.bus import consuming, relaying
from .benching.figures import Figure
from .benching.ground import Ground, ground
from .benching.log import appending
from .benching.reading import reading
from .reporting import JSON, command, console, print_json


@command
async def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="a tenth of the work, rough figures")
    ] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Measure; never fails for being slow: missed bars are told, with both figures beside them."""
    async with ground() as servers:
        figures = await _measured(servers, quick=quick, quiet=as_json)
    if as_json:
        print_json({"figures": [_plain(one) for one in figures]})
    else:
        _show(figures)


async def _measured(servers: Ground, *, quick: bool, quiet: bool) -> list[Figure]:
    rounds, seconds, events = (1, 1.0, 12_000) if quick else (3, 5.0, 120_000)
    figures: list[Figure] = []
    unseen = quiet or not console.is_terminal
    with Progress(transient=True, disable=unseen, console=console) as bar:
        task = bar.add_task("append", total=5)
        figures.append(await appending(servers, 1, seconds, rounds))
        figures.append(await appending(servers, 32, seconds, rounds))
        bar.update(task, completed=1, description="read")
        figures += await reading(servers, events, rounds)
        bar.update(task, completed=2, description="relay")
        figures.append(await relaying(servers, events, rounds))
        bar.update(task, completed=3, description="consume")
        figures.append(await consuming(servers, events, rounds))
    return figures


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
