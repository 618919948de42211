"""`motcua parked` on a real database: what waits for a person is seen, mended, or given up."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from at_hand import settings_of
from servers_at_hand import MASTER_KEYS, Database
from typer.testing import CliRunner, Result

from chassis.deliveries import Delivery
from chassis.inbox import Inbox
from chassis.service import open_tools
from contracts.envelope import Envelope
from contracts.identity import fee_of
from contracts.submission import FeeRequired
from contracts.values import AgencyCode, AgencyName, DossierId, PersonId
from motcua.parked import commands
from motcua.reporting import console
from services.payment.main import payment

NOON = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)
BINH_LANG = AgencyName(
    code=AgencyCode("H23.39.02"), name_vi="UBND xã Bình Lãng", name_en="Binh Lang"
)
OVERDUE = """
    insert into errands (errand_id, kind, subject, payload, owner, due_at, deadline, state, outcome)
    select gen_random_uuid(), 'refund', kind, '{}', 'cashier', now(), now() + late, state, ''
    from (values
      ('overdue', interval '-1 hour', 'waiting'), ('given up', interval '-2 hours', 'failed'),
      ('in time', interval '1 hour', 'waiting'), ('done', interval '-1 hour', 'done')
    ) errand (kind, late, state)
"""


@pytest.fixture
async def place(database: Callable[..., Awaitable[Any]]) -> Database:
    """A database of the payment service."""
    return await database("payment")


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give tables room for whole sentences."""
    monkeypatch.setattr(console, "width", 200)


async def run(place: Database, *words: str) -> Result:
    """Give a command at the command line, with the service's own settings."""
    environment = {
        "MOTCUA_DATABASE_URL": place.url("app"),
        "MOTCUA_MASTER_KEYS": MASTER_KEYS,
        "MOTCUA_ENV": "local",
    }
    return await asyncio.to_thread(CliRunner().invoke, commands, list(words), env=environment)


async def listed(place: Database, *words: str) -> dict[str, Any]:
    """Read what `list` says of the payment service."""
    told = await run(place, "list", "payment", "--json", *words)
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)[0]


async def park(place: Database, *records: tuple[UUID, int]) -> None:
    """Let the fees that dossiers require arrive while a bug keeps them from being applied."""
    async with open_tools(payment, settings_of("payment", place)) as tools:
        assert payment.reactions
        inbox = Inbox("payment", "submission", payment.reactions, tools.store, tools.commands)
        batch = [_delivery(n, *record) for n, record in enumerate(records)]
        assert await inbox.apply(batch, condemned="Bug: [red] a bug of ours")


def _delivery(offset: int, dossier: UUID, amount: int) -> Delivery:
    required = FeeRequired(
        dossier_id=DossierId(dossier),
        payment_id=fee_of(DossierId(dossier)),
        payer=PersonId(uuid4()),
        agency=BINH_LANG,
        reference="NHS-1",
        amount=amount,
        where="desk",
        pay_by=None,
        at=NOON,
    )
    envelope = Envelope(
        event_id=uuid4(),
        type=FeeRequired.wire_name,
        service="submission",
        stream=f"dossier-{dossier}",
        version=1,
        position=offset + 1,
        time=NOON,
        correlation="test",
    )
    key, value = envelope.key.encode(), required.model_dump_json().encode()
    return Delivery("motcua.submission", 0, offset, key, envelope.headers(), value)


async def amounts(place: Database) -> list[int]:
    """List what is owed."""
    connection = await asyncpg.connect(place.url("app"))
    rows = await connection.fetch("select amount from payments order by amount")
    await connection.close()
    return [row["amount"] for row in rows]


async def test_what_waits_is_listed_with_its_cause_and_so_are_overdue_errands(
    place: Database,
) -> None:
    dossier = uuid4()
    await park(place, (dossier, 8_000), (dossier, 8_000))
    connection = await asyncpg.connect(place.url("app"))
    await connection.execute(OVERDUE)
    await connection.close()

    found = await listed(place)
    assert [(one["id"], one["key"], one["cause"]) for one in found["parked"]] == [
        (1, str(dossier), "Bug: [red] a bug of ours"),
        (2, str(dossier), "waits behind motcua.submission/0/0"),
    ]
    assert [errand["subject"] for errand in found["errands"]] == ["given up", "overdue"]
    for_people = await run(place, "list", "payment")
    for words in ("[red] a bug", "waits behind", "cashier"):
        assert words in for_people.stdout
    whole = json.loads((await run(place, "show", "payment", "1", "--json")).stdout)
    assert json.loads(whole["value"])["amount"] == 8_000
    assert whole["headers"]["ce_type"] == FeeRequired.wire_name
    assert "NHS-1" in (await run(place, "show", "payment", "1")).stdout


async def test_a_retry_applies_a_record_and_those_behind_it_and_no_one_elses(
    place: Database,
) -> None:
    mine, other = uuid4(), uuid4()
    await park(place, (mine, 8_000), (mine, 8_000), (other, 5_000))
    assert await amounts(place) == []
    done = await run(place, "retry", "payment", "1", "--note", "mended")
    assert (done.exit_code, done.stdout) == (0, "payment: 2 applied\n")
    assert await amounts(place) == [8_000]
    assert [one["id"] for one in (await listed(place))["parked"]] == [3]
    kept = (await listed(place, "--all"))["parked"]
    assert [(one["state"], one["note"]) for one in kept[:2]] == [("retried", "mended")] * 2
    again = await run(place, "retry", "payment", "1")
    assert again.exit_code == 2 and "No record 1 waits" in again.stderr


async def test_a_record_that_still_fails_says_why_until_it_is_dropped_for_a_reason(
    place: Database,
) -> None:
    dossier = uuid4()
    await park(place, (dossier, 8_000))
    connection = await asyncpg.connect(place.url("app"))
    await connection.execute("update parked set value = $1", b'{"amount": "much"}')
    await connection.close()
    tried = await run(place, "retry", "payment", "1")
    assert tried.exit_code == 1 and "cannot be applied" in tried.stdout
    assert "the content is not" in (await listed(place))["parked"][0]["cause"]

    assert (await run(place, "drop", "payment", "1")).exit_code == 2
    assert (await run(place, "drop", "payment", "1", "--reason", " ")).exit_code == 2
    assert (await listed(place))["parked"]
    dropped = await run(place, "drop", "payment", "1", "--reason", "entered by hand")
    assert dropped.exit_code == 0
    assert (await listed(place))["parked"] == []
    kept = (await listed(place, "--all"))["parked"]
    assert [(one["state"], one["note"]) for one in kept] == [("dropped", "entered by hand")]
    again = await run(place, "drop", "payment", "1", "--reason", "once more")
    assert again.exit_code == 2


async def test_what_cannot_be_looked_at_is_said_in_a_sentence(place: Database) -> None:
    for words, said in (
        (("show", "payment", "7"), "no parked record 7"),
        (("list", "portal"), "portal has no database"),
        (("list", "nobody"), "nobody has no database"),
    ):
        told = await run(place, *words)
        assert told.exit_code == 2 and said in told.stderr, told.output
