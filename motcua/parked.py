"""`motcua parked`: what a service could not do by itself, for a person to look at.

Records that could not be applied are retried when their cause is gone, or dropped for a reason;
errands past their deadline or given up are listed beside them.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import asyncpg
import typer
from rich.table import Table

from chassis.database import open_pool
from chassis.inbox import Inbox
from chassis.parking import (
    NotWaiting,
    Parked,
    Retried,
    drop_parked,
    list_parked,
    retry_parked,
    show_parked,
)
from chassis.reactions import Reactions, publisher_of
from chassis.service import open_tools

from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json
from .service_settings import WITH_LOG, service_named, settings_of

commands = typer.Typer(
    help="What a service could not do by itself, for a person to look at.", no_args_is_help=True
)

Service = Annotated[str, typer.Argument(help="whose database is looked at")]
Number = Annotated[
    int, typer.Argument(help="the record's number, from `list`", min=1, max=2**63 - 1)
]

_RECORD = ("id", "parked_at", "type", "key", "state", "cause")
_ERRAND = ("kind", "subject", "owner", "deadline", "state", "outcome")
_ERRANDS = """
    select errand_id, kind, subject, owner, state, due_at, deadline, attempts, outcome
    from errands where state = 'failed' or (state = 'waiting' and deadline < now())
    order by deadline
"""


async def overdue_errands(pool: "asyncpg.Pool[Any]") -> list[dict[str, Any]]:
    """List the errands that passed their deadline or were given up, the oldest deadline first."""
    return [dict(row) for row in await pool.fetch(_ERRANDS)]


@commands.command("list")
@command
async def list_command(
    service: Annotated[
        str | None, typer.Argument(help="one service; without it, each in turn")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="also what was retried or dropped")
    ] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """List the records that wait, oldest first, and the errands that are overdue."""
    found: list[tuple[str, list[Parked], list[dict[str, Any]]]] = []
    for name in [service] if service else WITH_LOG:
        async with _database(name) as pool:
            parked = await list_parked(pool, everything=everything)
            found.append((name, parked, await overdue_errands(pool)))
    if as_json:
        print_json(
            [
                {"service": name, "parked": [_line(one) for one in parked], "errands": errands}
                for name, parked, errands in found
            ]
        )
    else:
        for name, parked, errands in found:
            _print(name, parked, errands)


@commands.command("show")
@command
async def show_command(
    service: Service, number: Number, as_json: Annotated[bool, JSON] = False
) -> None:
    """Show one record whole: what came, from where, and why it could not be applied."""
    async with _database(service) as pool:
        parked = await show_parked(pool, number)
    if parked is None:
        raise Trouble(f"{service} has no parked record {number}.")
    whole = _whole(parked)
    if as_json:
        print_json(whole)
        return
    table = Table(show_header=False)
    for name, value in whole.items():
        table.add_row(name, _text(value))
    console.print(table, markup=False)


@commands.command("retry")
@command
async def retry_command(
    service: Service,
    number: Number,
    note: Annotated[str, typer.Option(help="what was mended; stays with the records")] = "",
) -> None:
    """Apply a record and those of its aggregate that wait behind it; exit 1 if one still fails."""
    async with _database(service) as pool:
        parked = await show_parked(pool, number)
    if parked is None:
        raise _not_waiting(service, number)
    retried = await _retried(service, parked, note)
    console.print(f"{service}: {retried.applied} applied")
    if retried.stuck:
        stuck = f"record {retried.stuck.id} still cannot be applied: {retried.stuck.cause}"
        console.print(stuck, markup=False, soft_wrap=True)
        raise typer.Exit(1)


async def _retried(service: str, parked: Parked, note: str) -> Retried:
    assembly = service_named(service)
    publisher, reactions = publisher_of(parked.delivery.topic), assembly.reactions or Reactions()
    async with open_tools(assembly, settings_of(service)) as tools:
        inbox = Inbox(service, publisher, reactions, tools.store, tools.commands)
        try:
            return await retry_parked(inbox, parked.id, note)
        except NotWaiting as cause:
            raise _not_waiting(service, parked.id) from cause


@commands.command("drop")
@command
async def drop_command(
    service: Service,
    number: Number,
    reason: Annotated[str, typer.Option(help="why it is given up; stays with the record")],
) -> None:
    """Give one record up for good. Those behind it wait for a retry."""
    if not reason.strip():
        raise Trouble("Say why: a record is dropped for a reason.")
    async with _database(service) as pool:
        try:
            await drop_parked(pool, number, reason)
        except NotWaiting as cause:
            raise _not_waiting(service, number) from cause
    console.print(f"{service}: record {number} dropped")


@asynccontextmanager
async def _database(service: str) -> AsyncGenerator["asyncpg.Pool[Any]"]:
    if service not in WITH_LOG:
        raise Trouble(f"{service} has no database: choose one of {', '.join(WITH_LOG)}.")
    url = settings_of(service).database_url.get_secret_value()
    try:
        pool = await open_pool(url, 1)
    except (OSError, asyncpg.PostgresError) as cause:
        raise Trouble(
            f"The database of {service} does not answer ({cause}): is the province running?"
        ) from cause
    async with pool:
        yield pool


def _not_waiting(service: str, number: int) -> Trouble:
    return Trouble(f"No record {number} waits at {service}: see `motcua parked list --all`.")


def _line(parked: Parked) -> dict[str, Any]:
    return {
        "id": parked.id,
        "parked_at": parked.parked_at,
        "place": parked.delivery.place,
        "type": parked.type,
        "key": parked.key,
        "state": parked.state,
        "cause": parked.cause,
        "note": parked.note,
    }


def _whole(parked: Parked) -> dict[str, Any]:
    delivery = parked.delivery
    headers = {name: value.decode(errors="backslashreplace") for name, value in delivery.headers}
    value = None if delivery.value is None else delivery.value.decode(errors="backslashreplace")
    return {**_line(parked), "headers": headers, "value": value}


def _print(service: str, parked: list[Parked], errands: list[dict[str, Any]]) -> None:
    if not parked and not errands:
        console.print(f"{service}: nothing waits for anybody")
        return
    if parked:
        _print_rows(f"{service}: records", _RECORD, [_line(one) for one in parked])
    if errands:
        _print_rows(f"{service}: errands", _ERRAND, errands)


def _print_rows(title: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*(_text(row[column]) for column in columns))
    console.print(table, markup=False)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
