"""The table of payments on a real database: written with the events, searched, rebuilt."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

import services.payment.payment
from chassis.changes import Origin, Scribe
from chassis.codec import Codec
from chassis.command_handling import CommandHandler
from chassis.database import open_pool
from chassis.event_store import EventStore
from chassis.personal import MasterKeys
from chassis.projecting import rebuild
from contracts.values import AgencyCode, AgencyName, DossierId, PaymentId, PaymentMethod, PersonId
from services.payment.payment import Payment, PaymentCommand, PaymentEvent, decider
from services.payment.payment.commands import (
    ApproveRefund,
    OpenObligation,
    ProposeRefund,
    RecordMoneyReceived,
    RecordPaymentFailed,
    StartPayment,
    WaiveObligation,
)
from services.payment.payment.entries import BankSource
from services.payment.projections import payments
from services.payment.receipt import DrawnNumber

SCHEMA = Path(services.payment.payment.__file__).parents[1] / "schema.sql"
CAUSE = Origin("test", "test")
NOON = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)
AN, BINH, CHI = (PersonId(uuid4()) for _ in range(3))
BINH_LANG = AgencyName(
    code=AgencyCode("H23.40.09"), name_vi="UBND xã Bình Lãng", name_en="Binh Lang"
)

Handler = CommandHandler[PaymentCommand, Payment, PaymentEvent]


@asynccontextmanager
async def writing(url: str) -> AsyncGenerator[tuple[EventStore, Handler], None]:
    async with await open_pool(url, 4) as pool:
        keys = MasterKeys({"test": bytes(32)})
        store = EventStore(pool, Scribe(Codec(decider.events), keys))
        writer = asyncio.create_task(store.run())
        yield store, CommandHandler(store, decider, [payments.row])
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer


@pytest.fixture
async def town(database: Callable[..., Awaitable[Any]]) -> Any:
    """A database of the payment service."""
    return await database("payment", [SCHEMA])


def fee(payment: PaymentId) -> OpenObligation:
    dossier = DossierId(payment)
    until = NOON + timedelta(days=10)
    return OpenObligation(payment, dossier, AN, BINH_LANG, "NHS-1", 8_000, "online", until, NOON)


def paid(payment: PaymentId, transaction: str, number: int) -> RecordMoneyReceived:
    drawn = DrawnNumber(year=2026, number=number)
    return RecordMoneyReceived(
        payment, transaction, 8_000, PaymentMethod.VNPAY, BankSource.CALL, "142", drawn, NOON
    )


async def a_busy_day(handler: Handler) -> dict[str, PaymentId]:
    """Lead payments into every standing there is, one of them through a refund in words."""
    ids = {name: PaymentId(uuid4()) for name in ("open", "paid", "failed", "waived", "refunded")}
    for name in ("open", "paid", "failed", "refunded"):
        await handler.handle(ids[name], fee(ids[name]), CAUSE)
        await handler.handle(ids[name], StartPayment(f"MC{name}", PaymentMethod.VNPAY, NOON), CAUSE)
    waive = WaiveObligation(ids["waived"], DossierId(uuid4()), AN, BINH_LANG, "NHS-2", 8_000, NOON)
    await handler.handle(ids["waived"], waive, CAUSE)
    await handler.handle(ids["paid"], paid(ids["paid"], "MCpaid", 1), CAUSE)
    await handler.handle(ids["failed"], RecordPaymentFailed("MCfailed", "24", NOON), CAUSE)
    refunded = ids["refunded"]
    await handler.handle(refunded, paid(refunded, "MCrefunded", 2), CAUSE)
    await handler.handle(refunded, ProposeRefund(BINH, "MCrefunded", "Thu nhầm", NOON), CAUSE)
    await handler.handle(refunded, ApproveRefund(CHI, "MCrefunded", NOON), CAUSE)
    return ids


async def rows(url: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(url)
    found = await connection.fetch("select p::text from payments p order by payment_id")
    await connection.close()
    return [dict(row) for row in found]


async def test_the_banks_call_finds_its_payment_by_our_reference(town: Any) -> None:
    async with writing(town.url("app")) as (store, handler):
        ids = await a_busy_day(handler)
        found = await store.pool.fetch(
            "select payment_id, status, amount from payments where transactions @> array[$1]",
            "MCpaid",
        )
        assert [tuple(row) for row in found] == [(ids["paid"], "paid", 8_000)]
        waiting = await store.pool.fetch(
            "select payment_id from payments where unanswered_since < $1", NOON + timedelta(hours=1)
        )
        assert [row["payment_id"] for row in waiting] == [ids["open"]]


async def test_the_table_built_from_nothing_is_the_same_table(town: Any) -> None:
    async with writing(town.url("app")) as (store, handler):
        await a_busy_day(handler)
        before = await rows(town.url("app"))
        owner = await asyncpg.connect(town.url("owner"))
        await owner.execute("update payments set amount = 1, refunds = '[]'")
        assert await rows(town.url("app")) != before
        told: list[tuple[int, int]] = []

        def progress(done: int, total: int) -> None:
            told.append((done, total))

        count = await rebuild(store, owner, payments, progress)
        await owner.close()
    assert count == len(before) == 5 and told[-1] == (5, 5)
    assert await rows(town.url("app")) == before


async def test_an_officers_words_stand_nowhere_in_the_clear(town: Any) -> None:
    async with writing(town.url("app")) as (store, handler):
        await a_busy_day(handler)
        stored = [event.data for page in [await store.page(0)] for event in page]
        assert not any("Thu nhầm".encode() in data for data in stored)
    assert not any("Thu nhầm" in str(row) for row in await rows(town.url("app")))


async def test_no_two_receipts_share_a_number(town: Any) -> None:
    async with writing(town.url("app")) as (_, handler):
        first, second = PaymentId(uuid4()), PaymentId(uuid4())
        for payment in (first, second):
            await handler.handle(payment, fee(payment), CAUSE)
        await handler.handle(first, paid(first, "MC1", 1), CAUSE)
        with pytest.raises(asyncpg.UniqueViolationError):
            await handler.handle(second, paid(second, "MC2", 1), CAUSE)
