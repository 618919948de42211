"""How commands speak: tables for people, one JSON document with `--json`, or one sentence."""

import asyncio
import functools
import json
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, ParamSpec, TypeVar

import typer
from rich.console import Console

from .local.trouble import Trouble

console = Console(stderr=False)
errors = Console(stderr=True)

P = ParamSpec("P")
T = TypeVar("T")

JSON = typer.Option("--json", help="Print one JSON document instead of text.")


def command(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Make an async function a command; Trouble becomes its sentence and exit code 2."""

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return asyncio.run(work(*args, **kwargs))
        except Trouble as trouble:
            fail(str(trouble))

    return run


def fail(sentence: str) -> NoReturn:
    """Say what is in the way and leave."""
    errors.print(sentence, style="bold red", highlight=False, soft_wrap=True)
    raise typer.Exit(2)


def print_json(document: object) -> None:
    """Print a document for other programs."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
