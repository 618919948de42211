"""Writes `schemas/` and `asyncapi/`: what is published, for readers in any language.

`python -m contracts.export` writes them, and refuses a schema that did more than grow. With
`--check` it only says whether they are fresh (exit 1 if not).
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from .asyncapi import asyncapi
from .event import Event
from .growth import not_by_addition

PUBLISHERS = ("accounts", "catalogue", "submission", "payment", "notification")
HERE = Path(__file__).parent


def published_events(*services: str) -> dict[str, type[Event]]:
    """Give every published event class by its wire name; of some services or of all."""
    modules = [importlib.import_module(f"contracts.{name}") for name in services or PUBLISHERS]
    found = [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Event)
        and thing.__module__ == module.__name__
    ]
    return {event.wire_name: event for event in sorted(found, key=lambda event: event.wire_name)}


def texts() -> dict[str, str]:
    """Give the text of every file by its place here."""
    schemas = {
        f"schemas/{name}.json": _text(event.model_json_schema())
        for name, event in published_events().items()
    }
    documents = {
        f"asyncapi/{service}.json": _text(asyncapi(service, published_events(service)))
        for service in PUBLISHERS
    }
    return schemas | documents


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def stale(folder: Path = HERE) -> list[str]:
    """List the files that are missing, too many, or not what the classes say."""
    wanted = texts()
    paths = [*folder.glob("schemas/*.json"), *folder.glob("asyncapi/*.json")]
    there = {path.relative_to(folder).as_posix(): path.read_text() for path in paths}
    return sorted(
        name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
    )


def overgrown(folder: Path = HERE) -> list[str]:
    """List how published schemas changed other than by addition."""
    return [
        f"{name}: {change}"
        for name, event in published_events().items()
        if (file := folder / "schemas" / f"{name}.json").exists()
        for change in not_by_addition(json.loads(file.read_text()), event.model_json_schema())
    ]


def write(folder: Path = HERE) -> None:
    """Write every file; one whose event is gone stays for a reviewer to remove."""
    for name, text in texts().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def main(folder: Path = HERE, *, check: bool) -> int:
    """Write or check; the exit code."""
    if changes := overgrown(folder):
        print(
            "More than an addition; give the event a new version on the wire, or, if it was never "
            "published, remove its schema first:",
            *changes,
            sep="\n  ",
            file=sys.stderr,
        )
        return 1
    if not check:
        write(folder)
    elif names := stale(folder):
        print("Stale:", ", ".join(names), "— run: make schemas", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
