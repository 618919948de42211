"""Writes `schemas/`: the JSON Schema of every published event, named by its wire name.

`python -m contracts.export` writes them; with `--check` it only says whether they are fresh (exit 1
if not).
"""

import importlib
import json
import sys
from pathlib import Path

from .event import Event

PUBLISHERS = ("accounts", "catalogue", "submission", "payment", "notification")
SCHEMAS = Path(__file__).with_name("schemas")


def published_events() -> dict[str, type[Event]]:
    """Give every published event class by its wire name."""
    modules = [importlib.import_module(f"contracts.{name}") for name in PUBLISHERS]
    found = [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Event)
        and thing.__module__ == module.__name__
    ]
    return {event.wire_name: event for event in sorted(found, key=lambda event: event.wire_name)}


def schema_texts() -> dict[str, str]:
    """Give the text of every schema file by its name."""
    return {
        f"{name}.json": json.dumps(event.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
        for name, event in published_events().items()
    }


def stale() -> list[str]:
    """List the schema files that are missing, too many, or not what the classes say."""
    wanted = schema_texts()
    there = {path.name: path.read_text() for path in SCHEMAS.glob("*.json")}
    return sorted(
        name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
    )


def write() -> None:
    """Write every schema; a file whose event is gone stays for a reviewer to remove."""
    SCHEMAS.mkdir(exist_ok=True)
    for name, text in schema_texts().items():
        (SCHEMAS / name).write_text(text)


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    elif names := stale():
        print("Stale schemas:", ", ".join(names), "— run: make schemas", file=sys.stderr)
        sys.exit(1)
