"""`motcua walkthrough`: one dossier from registration to the result, then a look at the outcome."""

import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import httpx
import typer
from rich.table import Table

from chassis.settings import Settings
from contracts.values import AgencyCode

from .local.sample_people import AGENCY
from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json
from .service_settings import settings_from
from .signing_in import auditor_of
from .walking.checks import Checks
from .walking.citizen import Citizen, choose
from .walking.desk import Desk
from .walking.plot import plot
from .walking.province import Caller, Province, Unexpected
from .walking.story import Check, Ear, Report, Told, tell


@dataclass(frozen=True)
class Wanted:
    """Which dossier to walk; what is left open is chosen."""

    procedure: str | None = None
    agency: AgencyCode = AGENCY
    channel: str | None = None


async def _silent(_: Told) -> None:
    """Say nothing."""


async def walk(
    settings: Settings,
    wanted: Wanted | None = None,
    after_each: Callable[[Told], Awaitable[None]] = _silent,
) -> Report:
    """Walk one dossier through a running province; what went wrong stands in the report."""
    report, began, wanted = Report(), time.monotonic(), wanted or Wanted()
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        province = Province(settings, http)
        citizen = Citizen(
            province, await choose(province, wanted.procedure, wanted.agency, wanted.channel)
        )
        auditor = auditor_of(province)
        try:
            await _walked(province, citizen, auditor, report, after_each)
        except Unexpected as cause:
            report.checks.append(Check("every step was done", ok=False, detail=str(cause)))
        report.seconds = time.monotonic() - began
    return report


async def _walked(
    province: Province,
    citizen: Citizen,
    auditor: Caller,
    report: Report,
    after_each: Callable[[Told], Awaitable[None]],
) -> None:
    desk = Desk(province, citizen)
    ear = Ear(auditor, lambda: (str(citizen.errand.dossier), citizen.account))
    await desk.appointed()
    await ear.begin()

    async def told(step: Told) -> None:
        report.steps.append(step)
        report.dossier = desk.code or citizen.errand.reference
        await after_each(step)

    await tell(plot(citizen, desk), ear, told)
    report.checks = await Checks(citizen, auditor).all()


@command
async def walkthrough(
    procedure: Annotated[
        str | None, typer.Option(help="its code or key; without one: level 4 with a fee")
    ] = None,
    agency: Annotated[str, typer.Option(help="the agency that settles it")] = AGENCY,
    channel: Annotated[
        str | None, typer.Option(help="online, desk or post; without one: the first offered")
    ] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Drive one dossier through the public APIs of a running province; exit 0 if all of it held."""
    if os.environ.get("MOTCUA_ENV", "local") != "local":
        raise Trouble("The walkthrough uses sample people: it runs with MOTCUA_ENV=local only.")
    settings = settings_from()
    wanted = Wanted(procedure, AgencyCode(agency), channel)
    report = await walk(settings, wanted, _silent if as_json else _say)
    if as_json:
        print_json(report.document())
    else:
        show(report)
    if not report.ok:
        raise typer.Exit(1)


async def _say(step: Told) -> None:
    console.print(f"[dim]{step.ms:>6} ms[/dim]  [bold]{step.actor}[/bold] {step.did}")


def _in_short(events: Sequence[str]) -> str:
    """Name each kind of event once, without its service and version, and how often it came."""
    times = Counter(name.partition(".")[2].rpartition(".v")[0] for name in events)
    return ", ".join(f"{name} ×{n}" if n > 1 else name for name, n in times.items())


def show(report: Report) -> None:
    """Print a walk as a table, and what was checked after it."""
    table = Table("who", "did", "events", "ms", title=f"{report.dossier}: {report.seconds:.1f} s")
    for step in report.steps:
        table.add_row(step.actor, step.did, _in_short(step.events), str(step.ms))
    console.print(table)
    for check in report.checks:
        mark = "[green]holds[/green]" if check.ok else "[red]BROKEN[/red]"
        console.print(f"{mark}  {check.name}: [dim]{check.detail}[/dim]", highlight=False)
