"""HTTP in from the bank: calls and notes, believed by their signature alone. No rules here."""

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel

from chassis.auth import Anyone
from chassis.problems import Problem
from contracts.http.payment import PaymentView, Shown

from .advice import SIGNATURE_HEADER, read_note
from .gateway import Gateway
from .office import Office
from .payment.entries import BankSource
from .vnpay import Answer, BankWord, KnownOrder, NotGenuine, Outcome, answer, read_call

log = structlog.get_logger()


class BankAnswer(BaseModel):
    """What the bank's call is answered with."""

    RspCode: str
    Message: str


def bank_routes(office: Office) -> APIRouter:
    """Take the bank's word."""
    router = APIRouter(tags=["bank"], dependencies=[Anyone])
    queries, gateway, asking, now = office.queries, office.gateway, office.asking, office.now

    @router.get("/vnpay/ipn")
    async def ipn(request: Request) -> BankAnswer:
        """Take VNPAY's call: verified, looked up, compared, written down once."""
        word = _word(gateway, request.url.query)
        payment = await queries.by_transaction(word.transaction) if word else None
        told = answer(word, _known(payment, word) if word and payment else None)
        if word and payment and told in (Answer.CONFIRMED, Answer.WRONG_AMOUNT):
            try:
                await asking.record(payment, word, BankSource.CALL, now())
            except Exception:
                log.exception("bank_call_not_recorded")
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
            vi = "Đang chờ ngân hàng xác nhận. Bạn đừng thanh toán lần nữa; hồ sơ sẽ tự cập nhật."
            en = "Waiting for the bank to confirm. Do not pay again; your dossier will show it."
        return Shown(payment_id=payment.payment_id, status=payment.status, note_vi=vi, note_en=en)

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
        await asking.record_money(payment, credit, BankSource.CALL, now())
        return BankAnswer(**Answer.CONFIRMED.body)

    return router


def _word(gateway: Gateway, query: str) -> BankWord | None:
    try:
        return read_call(gateway.terminal, query)
    except NotGenuine:
        log.warning("bank_call_not_genuine")
        return None


def _known(payment: PaymentView, word: BankWord) -> KnownOrder:
    """Tell of the order a call is about; what failed by our book may be paid by the bank's."""
    states = {attempt.transaction: attempt.state for attempt in payment.attempts}
    state = states.get(word.transaction, "paid")
    confirmed = state == "paid" or (state == "failed" and word.outcome is not Outcome.SUCCESS)
    return KnownOrder(amount=payment.amount, confirmed=confirmed)
