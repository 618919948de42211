"""`motcua replay`: a dossier's state and timeline at any instant, folded from its log alone."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import httpx
import typer
from rich.table import Table

from contracts.values import VIETNAM

from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json
from .service_settings import settings_from
from .signing_in import auditor_of
from .walking.checks import Broken, verify_chain
from .walking.province import Province, Unexpected


@command
async def replay(
    dossier: Annotated[str, typer.Argument(help="its code, its reference or its id")],
    as_of: Annotated[
        str | None, typer.Option(help="an instant, as 2026-03-02T10:00:00+07:00; without it: now")
    ] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Show where a dossier stood at an instant, and the steps to it; exit 1 on a broken chain."""
    settings = settings_from()
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        history = await _history(Province(settings, http), dossier, _instant(as_of))
    try:
        verify_chain(history["events"])
        broken = ""
    except Broken as cause:
        broken = str(cause)
    if as_json:
        print_json({"ok": not broken, "broken": broken, **history})
    else:
        _show(history, broken)
    if broken:
        raise typer.Exit(1)


async def _history(province: Province, dossier: str, as_of: datetime | None) -> dict[str, Any]:
    at = {"as_of": as_of.isoformat()} if as_of else {}
    try:
        path = f"/audit/dossiers/{quote(dossier, safe='')}"
        return await auditor_of(province).get("submission", path, **at)
    except Unexpected as cause:
        raise Trouble(f"There is no dossier {dossier} here at that time ({cause}).") from cause


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as cause:
        raise Trouble(f"{text} is no instant: write it as 2026-03-02T10:00:00+07:00.") from cause
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _show(history: dict[str, Any], broken: str) -> None:
    name = history["code"] or history["reference"]
    table = Table("at", "who", "what", "why", "due", title=f"{name} at {_short(history['as_of'])}")
    for entry in history["timeline"]:
        why = " ".join(filter(None, [entry["reason"], *entry["items"].values(), entry["law"]]))
        due = _short(entry["due"]) if entry["due"] else ""
        table.add_row(_short(entry["at"]), entry["actor"], entry["what"]["vi"], why, due)
    console.print(table)
    due = f", due {_short(history['due'])}" if history["due"] else ""
    console.print(
        f"status {history['status']} ({history['status_words']['vi']}), step {history['step']}, "
        f"payment {history['payment']}, delivery {history['delivery']}{due}",
        highlight=False,
    )
    verdict = f"[red]{broken}[/red]" if broken else f"holds, {len(history['events'])} events"
    console.print(f"chain: {verdict}", highlight=False)


def _short(instant: str) -> str:
    """Write an instant as people here read it."""
    return f"{datetime.fromisoformat(instant).astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"
