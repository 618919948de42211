"""HTTP in from the bank: its calls and notes, believed by their signature alone, answered as it expects."""

from collections.abc import Callable
from datetime import datetime

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel

from chassis.auth import Anyone
from chassis.problems import Problem
from contracts.values import PaymentId

from .advice import SIGNATURE_HEADER, read_note
from .asking import Asking
from .gateway import Gateway
from .payment.entries import BankSource
from .queries import PaymentView, Queries
from .vnpay import Answer, BankWord, KnownOrder, NotGenuine, answer, read_call

log = structlog.get_logger()


class BankAnswer(BaseModel):
    """What the bank's call is answered with."""

    RspCode: str
    Message: str


class Shown(BaseModel):
    """What the browser that comes back from the bank is shown: our own state, not the bank's claim."""

    payment_id: str | None
    status: str
    note_vi: str
    note_en: str


def bank_routes(
    asking: Asking, queries: Queries, gateway: Gateway, now: Callable[[], datetime]
) -> APIRouter:
    """Take the bank's word."""
    router = APIRouter(tags=["bank"], dependencies=[Anyone])

    @router.get("/vnpay/ipn")
    async def ipn(request: Request) -> BankAnswer:
        """Take VNPAY's call: verified, looked up, compared, then written down. Repeating it changes nothing."""  # noqa: E501
        word = _word(gateway, request.url.query)
        payment = await queries.by_transaction(word.transaction) if word else None
        told = answer(word, _known(payment, word) if word and payment else None)
        if word and payment and told in (Answer.CONFIRMED, Answer.WRONG_AMOUNT):
            try:
                await asking.record(payment, word, BankSource.CALL, now())
            except Exception as cause:
                log.error("bank_call_not_recorded", cause=type(cause).__name__)
                told = Answer.TROUBLE
        return BankAnswer(**told.body)

    @router.get("/vnpay/return")
    async def come_back(request: Request) -> Shown:
        """Show where a payment stands to the browser that comes back; it settles nothing."""
        word = _word(gateway, request.url.query)
        payment = await queries.by_transaction(word.transaction) if word else None
        if payment is None:
            raise Problem(404, "not-found")
        if payment.status == "paid":
            vi, en = "Đã nhận được tiền. Cảm ơn bạn.", "The money has arrived. Thank you."
        else:
            vi = "Đang chờ ngân hàng xác nhận. Bạn không cần trả lại; trang hồ sơ sẽ tự cập nhật."
            en = "Waiting for the bank to confirm. Do not pay again; your dossier will show it."
        return Shown(
            payment_id=str(payment.payment_id), status=payment.status, note_vi=vi, note_en=en
        )

    @router.post("/vietqr/note")
    async def note(request: Request) -> BankAnswer:
        """Take the bank's note of a transfer to our account."""
        body = await request.body()
        try:
            secret = gateway.terminal.secret
            credit = read_note(secret, body, request.headers.get(SIGNATURE_HEADER, ""))
        except NotGenuine:
            return BankAnswer(**Answer.WRONG_SIGNATURE.body)
        payment = await queries.by_transaction(credit.transaction)
        payment_id = PaymentId(payment.payment_id if payment else credit.stray)
        await asking.record_money(payment_id, payment, credit, BankSource.CALL, now())
        return BankAnswer(**Answer.CONFIRMED.body)

    return router


def _word(gateway: Gateway, query: str) -> BankWord | None:
    try:
        return read_call(gateway.terminal, query)
    except NotGenuine:
        log.warning("bank_call_not_genuine")
        return None


def _known(payment: PaymentView, word: BankWord) -> KnownOrder:
    states = {a["transaction"]: a["state"] for a in payment.attempts}
    confirmed = states.get(word.transaction) != "started"
    return KnownOrder(amount=payment.amount, confirmed=confirmed)
