"""`motcua accounts add`: the first administrator, auditor or officer of a province.

Everybody after the first is invited by an administrator, through the service's own doors.
"""

import os
import sys
from getpass import getpass
from typing import Annotated, Literal

import asyncpg
import typer

from chassis.clock import utc_now
from chassis.decider import Refusal
from chassis.service import open_tools
from services.accounts.main import accounts
from services.accounts.staffing import enlist

from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json
from .service_settings import settings_of

commands = typer.Typer(help="Who may run and audit the province.", no_args_is_help=True)

PASSWORD = "MOTCUA_NEW_PASSWORD"


@commands.callback()
def accounts_commands() -> None:
    """Who may run and audit the province."""


@commands.command("add")
@command
async def add(
    email: Annotated[str, typer.Argument(help="the address the person signs in with")],
    name: Annotated[str, typer.Argument(help="the person's full name")],
    kind: Annotated[
        Literal["administrator", "auditor", "staff"], typer.Option(help="what they are here")
    ],
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Give somebody an account, ready to sign in; one that exists is granted the kind.

    The password is asked for, read from standard input, or taken from MOTCUA_NEW_PASSWORD.
    """
    settings, password = settings_of("accounts"), _password()
    try:
        async with open_tools(accounts, settings) as tools:
            person = await enlist(
                tools, kind=kind, email=email, full_name=name, password=password, now=utc_now()
            )
    except Refusal as refusal:
        raise Trouble(refusal.sentences()[1]) from None
    except (OSError, asyncpg.PostgresError) as cause:
        raise Trouble(
            f"The database does not answer ({cause}): is the province running?"
        ) from cause
    if as_json:
        print_json({"ok": True, "person_id": str(person), "kind": kind})
    else:
        console.print(f"{kind} {person} can sign in.")


@commands.command("samples")
@command
async def samples() -> None:
    """Make the sample people of one's own machine, where they are missing (MOTCUA_ENV=local)."""
    from .local.people import ensure_people

    people = await ensure_people(settings_of("accounts"))
    console.print(f"{len(people)} sample people can sign in.")


def _password() -> str:
    """Take the new password from where it is not seen and not kept."""
    if given := os.environ.get(PASSWORD):
        return given
    if sys.stdin.isatty():
        return getpass("New password: ")
    return sys.stdin.readline().rstrip("\r\n")
