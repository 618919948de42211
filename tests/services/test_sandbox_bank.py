"""The sandbox bank over real HTTP: it pays, calls, answers, and misbehaves exactly as told.

The customer here is a small web server that reads calls with the payment service's own code.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from motcua.local.bank import BankConfig, make_bank
from services.payment.advice import Credit, read_note
from services.payment.gateway import ATTEMPT, Addresses, BankNotBelieved, BankUnreachable, Gateway
from services.payment.references import reference_from
from services.payment.vnpay import (
    Answer,
    BankWord,
    NotGenuine,
    Order,
    Outcome,
    Terminal,
    read_call,
)
from services.payment.vnpay_api import Asked

TERMINAL = Terminal("TESTCODE", "TESTSECRET")
ACCOUNT = ("970436", "0011001234567")
FEE = 8_000
FIRST = reference_from(b"the first")
SECOND = reference_from(b"the 2nd..")


@dataclass
class Customer:
    """Whom the bank calls: keeps what it believed, answers as the documents say."""

    calls: list[str] = field(default_factory=list[str])
    words: list[BankWord] = field(default_factory=list[BankWord])
    notes: list[Credit] = field(default_factory=list[Credit])
    forged: int = 0
    deaf: bool = False

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/vnpay/ipn")
        async def ipn(request: Request) -> dict[str, str]:
            self.calls.append(request.url.query)
            if self.deaf:
                return Answer.TROUBLE.body
            try:
                self.words.append(read_call(TERMINAL, request.url.query))
            except NotGenuine:
                self.forged += 1
                return Answer.WRONG_SIGNATURE.body
            return Answer.CONFIRMED.body

        @app.post("/vietqr/note")
        async def note(request: Request) -> dict[str, str]:
            told = request.headers.get("X-Bank-Signature", "")
            try:
                self.notes.append(read_note(TERMINAL.secret, await request.body(), told))
            except NotGenuine:
                self.forged += 1
                return Answer.WRONG_SIGNATURE.body
            return Answer.CONFIRMED.body

        return app


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncGenerator[str, None]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@dataclass
class World:
    """A bank, its customer, and a client to reach both."""

    customer: Customer
    config: BankConfig
    http: httpx.AsyncClient
    bank: str = ""

    @property
    def gateway(self) -> Gateway:
        addresses = Addresses(
            page=f"{self.bank}/paymentv2/vpcpay.html",
            api=f"{self.bank}/merchant_webapi/api/transaction",
            statement=f"{self.bank}/statement",
            bank=ACCOUNT[0],
            account=ACCOUNT[1],
        )
        return Gateway(TERMINAL, addresses, self.http)

    def pay_url(self, transaction: str = FIRST, at: datetime | None = None) -> str:
        return self.gateway.pay_url(order(transaction, at or datetime.now(UTC)))

    async def pay(self, transaction: str = FIRST, outcome: str = "paid") -> dict[str, str]:
        body = {"pay_url": self.pay_url(transaction), "outcome": outcome}
        return (await self.post("/api/pay", body)).json()

    async def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        response = await self.http.post(self.bank + path, json=body)
        assert response.status_code < 300, response.text
        return response

    async def query(self, transaction: str = FIRST) -> BankWord | None:
        return await self.gateway.query(transaction, datetime.now(UTC), asked())

    @asynccontextmanager
    async def open(self) -> AsyncGenerator["World", None]:
        async with serving(make_bank(self.config)) as self.bank:
            yield self


@pytest.fixture
async def closed(tmp_path: Path) -> AsyncIterator[World]:
    """A customer waiting for calls; the bank is not open yet."""
    customer = Customer()
    async with serving(customer.app()) as url, httpx.AsyncClient(trust_env=False) as http:
        config = BankConfig(
            terminal=TERMINAL.code,
            secret=TERMINAL.secret,
            call_url=f"{url}/vnpay/ipn",
            note_url=f"{url}/vietqr/note",
            books=tmp_path / "books.sqlite",
        )
        yield World(customer, config, http)


@pytest.fixture
async def world(closed: World) -> AsyncIterator[World]:
    async with closed.open():
        yield closed


def order(transaction: str, at: datetime) -> Order:
    return Order(
        transaction=transaction,
        amount=FEE,
        purpose="Le phi ho so NHS-260305-7K2M",
        return_url="http://127.0.0.1:1/vnpay/return?lang=vi",
        address="127.0.0.1",
        at=at,
        expires=at + ATTEMPT,
    )


def asked() -> Asked:
    return Asked(os.urandom(16).hex(), datetime.now(UTC))


async def until(happened: Callable[[], object], seconds: float = 5) -> None:
    for _ in range(int(seconds * 100)):
        if happened():
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"did not happen within {seconds} s")


async def long_enough_for_a_call() -> None:
    await asyncio.sleep(0.4)


# The payer


async def test_a_payer_sees_what_to_pay_pays_and_is_sent_back(world: World) -> None:
    page = await world.http.get(world.pay_url())
    assert page.status_code == 200
    assert (
        "8.000 đ" in page.text and "Thanh toán / Pay" in page.text and "Hủy / Cancel" in page.text
    )
    assert "<script" not in page.text
    decided = await world.http.post(
        f"{world.bank}/paymentv2/decide", data={"reference": FIRST, "wish": "paid"}
    )
    assert decided.status_code == 303
    back = urlsplit(decided.headers["location"])
    assert back.path == "/vnpay/return" and back.query.startswith("lang=vi&")
    told = read_call(TERMINAL, back.query)
    assert (told.transaction, told.amount, told.outcome) == (FIRST, FEE, Outcome.SUCCESS)


async def test_the_customer_is_called_with_a_genuine_signature(world: World) -> None:
    await world.pay()
    await until(lambda: world.customer.words)
    told = world.customer.words[0]
    assert (told.transaction, told.amount, told.outcome) == (FIRST, FEE, Outcome.SUCCESS)
    assert told.paid_at and abs(told.paid_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_payer_who_breaks_off_pays_nothing(world: World) -> None:
    told = await world.pay(outcome="cancelled")
    assert (told["state"], told["code"]) == ("cancelled", "24")
    await until(lambda: world.customer.words)
    assert world.customer.words[0].outcome is Outcome.FAILURE


async def test_an_order_is_decided_once(world: World) -> None:
    await world.pay(outcome="cancelled")
    again = await world.post("/api/pay", {"transaction": FIRST, "outcome": "paid"})
    assert again.json()["state"] == "cancelled"
    page = await world.http.get(world.pay_url())
    assert "Đã hủy / Cancelled" in page.text and "<form" not in page.text
    await long_enough_for_a_call()
    assert len(world.customer.calls) == 1


@pytest.mark.parametrize("name", ["vnp_Amount", "vnp_ReturnUrl", "vnp_TxnRef", "vnp_SecureHash"])
async def test_a_forged_order_is_refused(world: World, name: str) -> None:
    url = urlsplit(world.pay_url())
    told = dict(parse_qsl(url.query)) | {name: "1"}
    page = await world.http.get(f"{world.bank}{url.path}", params=told)
    assert page.status_code == 400 and "97" in page.text
    assert await world.query() is None


async def test_an_order_whose_time_is_over_cannot_be_paid(world: World) -> None:
    late = world.pay_url(at=datetime.now(UTC) - timedelta(minutes=20))
    told = await world.post("/api/pay", {"pay_url": late, "outcome": "paid"})
    assert (told.json()["state"], told.json()["code"]) == ("expired", "11")


async def test_what_a_payer_types_is_shown_as_text(world: World) -> None:
    await world.post("/api/transfers", {"text": "<script>alert(1)</script>", "amount": 1})
    page = await world.http.get(f"{world.bank}/")
    assert "&lt;script&gt;" in page.text and "<script" not in page.text


# Transfers


async def test_a_qr_code_becomes_a_credit_note(world: World) -> None:
    await world.post("/api/transfers", {"qr": world.gateway.qr_text(FIRST, FEE)})
    await until(lambda: world.customer.notes)
    credit = world.customer.notes[0]
    assert (credit.transaction, credit.matched, credit.amount) == (FIRST, True, FEE)


async def test_a_transfer_typed_by_hand_is_matched_by_its_reference(world: World) -> None:
    typed = f"nop le phi {FIRST.lower()} cam on"
    await world.post("/api/transfers", {"text": typed, "amount": 5_000})
    await until(lambda: world.customer.notes)
    assert (world.customer.notes[0].transaction, world.customer.notes[0].amount) == (FIRST, 5_000)


async def test_a_transfer_without_a_reference_is_a_stray(world: World) -> None:
    await world.post("/api/transfers", {"text": "ung ho", "amount": 1_000})
    await until(lambda: world.customer.notes)
    credit = world.customer.notes[0]
    assert not credit.matched and credit.transaction == f"STRAY-{credit.bank_reference}"


async def test_a_damaged_qr_code_moves_no_money(world: World) -> None:
    text = world.gateway.qr_text(FIRST, FEE).replace("8000", "9000")
    response = await world.http.post(f"{world.bank}/api/transfers", json={"qr": text})
    assert response.status_code == 400
    assert await world.gateway.statement(*today()) == []


# Questions


async def test_a_query_finds_what_was_paid(world: World) -> None:
    await world.pay()
    told = await world.query()
    assert told and (told.transaction, told.amount, told.outcome) == (FIRST, FEE, Outcome.SUCCESS)


async def test_a_query_of_an_open_order_is_pending_and_of_no_order_none(world: World) -> None:
    assert await world.query() is None
    await world.http.get(world.pay_url())
    told = await world.query()
    assert told and told.outcome is Outcome.PENDING


async def test_a_question_under_another_secret_is_not_answered(world: World) -> None:
    await world.pay()
    world_of_a_thief = Gateway(
        Terminal(TERMINAL.code, "GUESSED"),
        Addresses("", f"{world.bank}/merchant_webapi/api/transaction", "", *ACCOUNT),
        world.http,
    )
    with pytest.raises(BankNotBelieved):
        await world_of_a_thief.query(FIRST, datetime.now(UTC), asked())
    with pytest.raises(BankNotBelieved):
        word = BankWord(FIRST, FEE, Outcome.SUCCESS, "00", "", None)
        await world_of_a_thief.refund(word, datetime.now(UTC), "thief", asked())
    assert [credit.refunded for credit in await world.gateway.statement(*today())] == [False]


async def test_money_goes_back_once(world: World) -> None:
    await world.pay()
    paid = await world.query()
    assert paid
    for _ in range(2):
        told = await world.gateway.refund(paid, datetime.now(UTC), "officer", asked())
        assert told.outcome is Outcome.SUCCESS
    assert [credit.refunded for credit in await world.gateway.statement(*today())] == [True]


async def test_money_that_never_came_does_not_go_back(world: World) -> None:
    await world.pay(outcome="cancelled")
    word = BankWord(FIRST, FEE, Outcome.SUCCESS, "00", "", None)
    told = await world.gateway.refund(word, datetime.now(UTC), "officer", asked())
    assert told.outcome is Outcome.FAILURE


async def test_a_statement_lists_what_reached_the_account(world: World) -> None:
    await world.pay(FIRST)
    await world.pay(SECOND, "cancelled")
    await world.post("/api/transfers", {"text": SECOND, "amount": 3_000})
    lines = await world.gateway.statement(*today())
    assert [(c.transaction, c.amount, c.method) for c in lines] == [
        (FIRST, FEE, "vnpay"),
        (SECOND, 3_000, "vietqr"),
    ]
    assert len({credit.bank_reference for credit in lines}) == 2
    tomorrow = today()[1]
    assert await world.gateway.statement(tomorrow, tomorrow + timedelta(days=1)) == []


async def test_a_statement_that_was_changed_on_the_way_is_not_believed(world: World) -> None:
    await world.pay()
    true = await world.http.get(f"{world.bank}/statement")
    cheat = FastAPI()

    @cheat.get("/statement")
    async def statement() -> Any:  # pyright: ignore[reportUnusedFunction]
        return json.loads(true.content) | {"lines": []}

    async with serving(cheat) as url:
        gateway = Gateway(TERMINAL, Addresses("", "", f"{url}/statement", *ACCOUNT), world.http)
        with pytest.raises(BankNotBelieved):
            await gateway.statement(*today())


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"[" * 60_000, b"x" * 100_000, b'{"a":1}'])
async def test_an_answer_that_is_no_answer_is_not_believed(world: World, body: bytes) -> None:
    cheat = FastAPI()

    @cheat.post("/api")
    async def api() -> Any:  # pyright: ignore[reportUnusedFunction]
        return Response(body, media_type="application/json")

    async with serving(cheat) as url:
        gateway = Gateway(TERMINAL, Addresses("", f"{url}/api", "", *ACCOUNT), world.http)
        with pytest.raises(BankNotBelieved):
            await gateway.query(FIRST, datetime.now(UTC), asked())


async def test_a_bank_that_is_not_there_is_unreachable(closed: World) -> None:
    closed.bank = "http://127.0.0.1:1"
    with pytest.raises(BankUnreachable):
        await closed.query()


# Knobs


async def test_a_late_bank_settles_at_once_and_calls_later(world: World) -> None:
    await world.post("/knobs", {"late": 0.8})
    await world.pay()
    told = await world.query()
    assert told and told.outcome is Outcome.SUCCESS
    await long_enough_for_a_call()
    assert world.customer.calls == []
    await until(lambda: world.customer.words)


async def test_a_stuttering_bank_calls_ten_times_with_the_same_words(world: World) -> None:
    await world.post("/knobs", {"times": 10})
    await world.pay()
    await until(lambda: len(world.customer.words) == 10)
    assert len(set(world.customer.words)) == 1


async def test_a_silent_bank_never_calls_but_answers_questions(world: World) -> None:
    await world.post("/knobs", {"silent": True})
    await world.pay()
    await long_enough_for_a_call()
    assert world.customer.calls == []
    told = await world.query()
    assert told and told.outcome is Outcome.SUCCESS


async def test_a_wrong_amount_is_claimed_under_a_right_signature(world: World) -> None:
    await world.post("/knobs", {"amount": 1})
    await world.pay()
    await until(lambda: world.customer.words)
    told = await world.query()
    assert world.customer.words[0].amount == 1 and told and told.amount == FEE


async def test_a_forged_call_does_not_pass_for_the_banks(world: World) -> None:
    await world.post("/knobs", {"forged": True})
    await world.pay()
    await world.post("/api/transfers", {"text": FIRST, "amount": 1})
    await until(lambda: world.customer.forged == 2)
    assert world.customer.words == [] and world.customer.notes == []


async def test_a_bank_that_is_away_cannot_be_asked(world: World) -> None:
    await world.pay()
    await world.post("/knobs", {"away": True})
    with pytest.raises(BankUnreachable):
        await world.query()
    with pytest.raises(BankUnreachable):
        await world.gateway.statement(*today())
    await world.http.delete(f"{world.bank}/knobs")
    assert await world.query()


async def test_a_bank_that_refuses_refunds_keeps_the_money(world: World) -> None:
    await world.post("/knobs", {"refunds": "refused"})
    await world.pay()
    paid = await world.query()
    assert paid
    told = await world.gateway.refund(paid, datetime.now(UTC), "officer", asked())
    assert (told.outcome, told.code) == (Outcome.FAILURE, "95")


async def test_a_knob_for_the_next_transaction_leaves_the_one_after_alone(world: World) -> None:
    await world.post("/knobs", {"scope": "next", "silent": True})
    await world.pay(FIRST)
    await world.pay(SECOND)
    await until(lambda: world.customer.words)
    await long_enough_for_a_call()
    assert [word.transaction for word in world.customer.words] == [SECOND]


async def test_a_knob_for_one_reference_leaves_others_alone(world: World) -> None:
    await world.post("/knobs", {"scope": FIRST, "silent": True})
    await world.pay(FIRST)
    await world.pay(SECOND)
    await until(lambda: world.customer.words)
    assert [word.transaction for word in world.customer.words] == [SECOND]


async def test_an_unknown_knob_is_refused(world: World) -> None:
    response = await world.http.post(f"{world.bank}/knobs", json={"generous": True})
    assert response.status_code == 422


# Persistence


async def test_a_customer_who_does_not_understand_is_called_again(world: World) -> None:
    world.customer.deaf = True
    await world.pay()
    await until(lambda: len(world.customer.calls) == 1)
    world.customer.deaf = False
    await until(lambda: world.customer.words)
    await long_enough_for_a_call()
    assert len(world.customer.calls) == 2
    made = (await world.http.get(f"{world.bank}/calls")).json()
    assert [(call["tries"], call["left"]) for call in made] == [(2, 0)]


async def test_a_bank_closed_and_opened_again_has_its_books_and_still_calls(closed: World) -> None:
    async with closed.open():
        await closed.post("/knobs", {"late": 1})
        await closed.pay()
    assert closed.customer.calls == []
    async with closed.open():
        told = await closed.query()
        assert told and told.outcome is Outcome.SUCCESS
        await until(lambda: closed.customer.words)


def test_there_is_no_sandbox_bank_outside_one_s_own_machine(tmp_path: Path) -> None:
    settings = {"MOTCUA_ENV": "production", "MOTCUA_HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "motcua.local.bank"],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr == "The sandbox bank exists only with MOTCUA_ENV=local.\n"
    assert list(tmp_path.iterdir()) == []


def today() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(hours=1), now + timedelta(hours=1)
