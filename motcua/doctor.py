"""`motcua doctor`: where submission, payment, notification and the bank disagree; heals it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import httpx
import typer
from rich.table import Table

from chassis.clock import utc_now

from .doctoring.diagnosis import Disagreement, diagnose
from .doctoring.healing import heal
from .reporting import JSON, command, console, print_json
from .service_settings import settings_from
from .signing_in import administrator_of, auditor_of
from .walking.province import Province

_PATIENCE = 30


@command
async def doctor(
    heal_too: Annotated[
        bool, typer.Option("--heal", help="replay what was missed, and ask the bank")
    ] = False,
    days: Annotated[int, typer.Option(help="look at what changed in the last days")] = 30,
    grace: Annotated[
        int, typer.Option(help="seconds during which a difference may be on its way")
    ] = 60,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Compare logs, read tables, messages and the bank's statement; exit 1 on any disagreement."""
    settings = settings_from()
    done: list[str] = []
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        province = Province(settings, http)
        auditor = auditor_of(province)
        waited = timedelta(seconds=grace)
        found = await diagnose(auditor, utc_now(), days=days, grace=waited)
        if heal_too and found:
            done = await heal(administrator_of(province), found, days)
            found = await _after_healing(province, days, waited)
    if as_json:
        print_json({"ok": not found, "healed": done, "found": [_plain(one) for one in found]})
    else:
        _show(found, done, utc_now())
    if found:
        raise typer.Exit(1)


async def _after_healing(province: Province, days: int, grace: timedelta) -> list[Disagreement]:
    """Look again until what can be healed is well: it still has to travel."""
    auditor, looks = auditor_of(province), 1
    found = await diagnose(auditor, utc_now(), days=days, grace=grace)
    while any(one.remedy for one in found) and looks < _PATIENCE:
        await asyncio.sleep(1)
        found = await diagnose(auditor, utc_now(), days=days, grace=grace)
        looks += 1
    return found


def _plain(one: Disagreement) -> dict[str, object]:
    return {
        "what": one.what,
        "dossier": one.dossier,
        "since": one.since.isoformat(),
        "amount": one.amount,
        "remedy": one.remedy,
    }


def _show(found: Sequence[Disagreement], done: Sequence[str], now: datetime) -> None:
    for line in done:
        console.print(f"[green]healed[/green]  {line}", highlight=False)
    if not found:
        console.print("The services agree with each other and with the bank.")
        return
    table = Table("what", "dossier", "for", "đồng", "remedy", title=f"{len(found)} disagreements")
    for one in found:
        age = str(now - one.since).partition(".")[0]
        amount = f"{one.amount:,}".replace(",", ".") if one.amount else ""
        table.add_row(one.what, one.dossier, age, amount, one.remedy or "somebody has to look")
    console.print(table)
