"""`motcua`: the map of all commands. Each lives in the module of its group.

Only the module of the command that is asked for is loaded: a service's process carries nothing of
the others.
"""

import sys
from collections.abc import Mapping
from importlib import import_module

import typer

COMMANDS: Mapping[str, str] = {
    "up": "province:up",
    "walkthrough": "walkthrough:walkthrough",
    "serve": "serving:serve",
    "schema": "schema:commands",
    "topics": "topics:commands",
    "catalogue": "catalogue:commands",
    "accounts": "accounts:commands",
    "secrets": "making_secrets:secrets_",
    "replay": "replay:replay",
    "verify": "log:verify",
    "rebuild": "log:rebuild_command",
    "doctor": "doctor:doctor",
    "parked": "parked:commands",
    "bench": "bench:bench",
}


def commands_for(asked: str | None) -> typer.Typer:
    """Give the command that is asked for, or all of them to choose from."""
    found = typer.Typer(
        name="motcua",
        help="Một Cửa: run a province, follow a dossier, prove a history.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    found.callback()(lambda: None)  # a single command keeps its name too
    for name in [asked] if asked and asked in COMMANDS else COMMANDS:
        module, attribute = COMMANDS[name].split(":")
        command = getattr(import_module(f"motcua.{module}"), attribute)
        if isinstance(command, typer.Typer):
            found.add_typer(command, name=name)
        else:
            found.command(name)(command)
    return found


def app() -> None:
    """Run the command line."""
    commands_for(next(iter(sys.argv[1:]), None))()
