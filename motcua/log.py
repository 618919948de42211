"""Commands on one service's own log: verify its chains, rebuild its read tables."""

from typing import Annotated, TypedDict

import asyncpg
import typer
from rich.progress import Progress
from rich.table import Table

from chassis.database import open_pool
from chassis.event_store import EventStore
from chassis.projecting import ReadModel, pause_writes, rebuild, resume_writes
from chassis.service import open_tools
from chassis.settings import Settings
from chassis.verifying import verify_log

from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json
from .service_settings import WITH_LOG, service_named, settings_of


class Broken(TypedDict):
    """A place where a log does not hold together."""

    stream: str
    position: int
    cause: str


class Verified(TypedDict):
    """What came of verifying one service's log."""

    service: str
    events: int
    breaks: list[Broken]


@command
async def verify(
    service: Annotated[
        str | None, typer.Argument(help="one service; without it, each in turn")
    ] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Recompute every chain and the order of a log; exit 1 and name each break there is."""
    reports = [
        await _verified(name, quiet=as_json) for name in ([service] if service else WITH_LOG)
    ]
    if as_json:
        print_json({"ok": all(not report["breaks"] for report in reports), "services": reports})
    else:
        _show(reports)
    if any(report["breaks"] for report in reports):
        raise typer.Exit(1)


async def _verified(name: str, *, quiet: bool) -> Verified:
    settings = settings_of(name)
    connection = await _connect(settings.database_url.get_secret_value())
    try:
        with Progress(
            disable=quiet or not console.is_terminal, transient=True, console=console
        ) as bar:
            task = bar.add_task(name, total=None)
            found = await verify_log(
                connection, lambda done, total: bar.update(task, completed=done, total=total)
            )
    finally:
        await connection.close()
    breaks = [Broken(stream=b.stream, position=b.position, cause=b.cause) for b in found.breaks]
    return Verified(service=name, events=found.events, breaks=breaks)


async def _connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    try:
        return await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as cause:
        raise Trouble(
            f"The database does not answer ({cause}): is the province running?"
        ) from cause


def _show(reports: list[Verified]) -> None:
    table = Table("service", "events", "verdict")
    for report in reports:
        breaks = report["breaks"]
        verdict = "holds" if not breaks else f"[red]{len(breaks)} breaks[/red]"
        table.add_row(report["service"], str(report["events"]), verdict)
        for broken in breaks:
            table.add_row(
                "", f"position {broken['position']}", f"{broken['stream']}: {broken['cause']}"
            )
    console.print(table)


@command
async def rebuild_command(
    service: Annotated[str, typer.Argument(help="the service whose read tables are rebuilt")],
    read_model: Annotated[str | None, typer.Argument(help="one table; without it, all")] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Rebuild read tables from the log alone, while the service's writes wait (503, announced)."""
    assembly, settings = service_named(service), settings_of(service)
    models = [m for m in assembly.read_models if read_model in (None, m.table)]
    if not models:
        known = ", ".join(m.table for m in assembly.read_models) or "none"
        raise Trouble(f"{service} has no read table {read_model or ''}: it has {known}.")
    async with open_tools(assembly, settings) as tools:
        rows = await _rebuilt(tools.store, settings, models, quiet=as_json)
    if as_json:
        print_json({"ok": True, "service": service, "rows": rows})
    else:
        console.print(
            f"{service}: " + ", ".join(f"{name} {count} rows" for name, count in rows.items())
        )


async def _rebuilt(
    store: EventStore, settings: Settings, models: list[ReadModel], *, quiet: bool
) -> dict[str, int]:
    owner = await _connect(settings.database_owner_url.get_secret_value())
    pool = await open_pool(settings.database_url.get_secret_value(), 1)
    await pause_writes(pool)
    rows: dict[str, int] = {}
    try:
        with Progress(disable=quiet, console=console) as bar:
            for model in models:
                task = bar.add_task(model.table, total=None)
                rows[model.table] = await rebuild(
                    store,
                    owner,
                    model,
                    lambda done, total, task=task: bar.update(task, completed=done, total=total),
                )
    finally:
        await resume_writes(pool)
        await pool.close()
        await owner.close()
    return rows
