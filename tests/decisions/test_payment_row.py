"""A payment's row is its history, read by people."""

from datetime import timedelta
from typing import Any

from hypothesis import given as laws
from hypothesis import strategies as some
from test_payment import (
    BINH,
    DOSSIER,
    EXEMPTION_GRANTED,
    FACTS,
    FEE,
    FEE_REQUIRED,
    FIRST,
    LATER,
    NOON,
    NUMBER,
    PAYMENT,
    REQUESTS,
    SECOND,
    fold,
    money,
)

from chassis.decider import Refusal
from contracts.values import PaymentMethod
from services.payment.payment import PaymentCommand, PaymentEvent, decider
from services.payment.payment.commands import (
    ApproveRefund,
    CancelObligation,
    RecordMoneyReceived,
    RecordPaymentFailed,
    RecordRefunded,
    StartPayment,
    TakeCash,
)
from services.payment.payment.entries import BankSource
from services.payment.payment.state import Standing
from services.payment.projections import payment_row
from services.payment.receipt import DrawnNumber


def after(*commands: PaymentCommand) -> dict[str, Any]:
    history: list[PaymentEvent] = []
    for command in commands:
        history += decider.decide(command, fold(history))
    return payment_row(history).row()


STARTED = StartPayment(FIRST, PaymentMethod.VNPAY, NOON)


def test_an_open_fee_shows_what_is_owed_and_until_when() -> None:
    row = after(FEE_REQUIRED)
    assert (row["payment_id"], row["dossier_id"], row["version"]) == (PAYMENT, DOSSIER, 2)
    assert (row["status"], row["amount"], row["place"]) == ("open", FEE, "online")
    assert row["agency_vi"] == "UBND xã Bình Lãng"
    assert row["pay_by"] == NOON + timedelta(days=10)


def test_an_attempt_is_found_by_its_reference_and_waits_for_an_answer() -> None:
    row = after(FEE_REQUIRED, STARTED)
    assert (row["transactions"], row["unanswered_since"]) == ([FIRST], NOON)


def test_an_answered_attempt_waits_no_longer() -> None:
    assert after(FEE_REQUIRED, STARTED, money())["unanswered_since"] is None
    failed = after(FEE_REQUIRED, STARTED, RecordPaymentFailed(FIRST, "24", LATER))
    assert failed["unanswered_since"] is None
    assert failed["attempts"][0]["code"] == "24"


def test_a_second_attempt_leaves_the_first_waiting() -> None:
    row = after(FEE_REQUIRED, STARTED, StartPayment(SECOND, PaymentMethod.VNPAY, LATER))
    assert (row["transactions"], row["unanswered_since"]) == ([FIRST, SECOND], NOON)


def test_a_transfer_by_qr_code_is_not_asked_about() -> None:
    row = after(FEE_REQUIRED, StartPayment(FIRST, PaymentMethod.VIETQR, NOON))
    assert row["unanswered_since"] is None


def test_a_paid_fee_shows_its_receipt() -> None:
    row = after(FEE_REQUIRED, STARTED, money())
    assert (row["status"], row["method"], row["paid_at"]) == ("paid", "vnpay", LATER)
    assert row["receipt_number"] == "H23.40.09-26E-00000001"
    assert row["receipt"]["total_words_vi"] == "Tám nghìn đồng"
    assert row["money"][0]["bank_reference"] == "14226112"


def test_a_duplicate_waits_for_somebody_to_approve_it() -> None:
    row = after(FEE_REQUIRED, STARTED, money(), money(SECOND))
    assert (row["status"], row["refund"]) == ("paid", "proposed")
    assert row["refunds"][0]["transaction"] == SECOND


def test_a_refund_that_arrived_worries_nobody() -> None:
    row = after(
        FEE_REQUIRED,
        TakeCash(BINH, FEE, NUMBER, NOON),
        money(),
        ApproveRefund(BINH, FIRST, LATER),
        RecordRefunded(FIRST, LATER),
    )
    assert (row["status"], row["refund"]) == ("paid", "")
    assert row["refunds"][0]["decided_by"] == BINH


def test_a_closed_and_a_waived_fee_say_so() -> None:
    assert after(FEE_REQUIRED, CancelObligation("lapsed", LATER))["closed_for"] == "lapsed"
    assert after(FEE_REQUIRED, EXEMPTION_GRANTED)["status"] == "waived"


def test_money_for_nobody_has_a_row_too() -> None:
    drawn = DrawnNumber(year=2026, number=1)
    stray = RecordMoneyReceived(
        PAYMENT, "UNKNOWN", 1, PaymentMethod.VIETQR, BankSource.STATEMENT, "b", drawn, NOON
    )
    row = after(stray)
    assert (row["payment_id"], row["status"], row["dossier_id"]) == (PAYMENT, "unmatched", None)
    assert row["transactions"] == ["UNKNOWN"]


@laws(some.lists(FACTS | REQUESTS, max_size=25))
def test_the_row_says_what_the_rules_remember(commands: list[PaymentCommand]) -> None:
    history: list[PaymentEvent] = []
    for command in commands:
        try:
            history += decider.decide(command, fold(history))
        except Refusal:
            continue
    if history:
        row, state = payment_row(history).row(), fold(history)
        known = "unmatched" if state.standing is Standing.UNKNOWN else state.standing.value
        assert row["status"] == known
        assert row["settled_by"] == state.settled_by
        assert {m["transaction"] for m in row["money"]} == set(state.captures)
        assert {r["transaction"]: r["stage"] for r in row["refunds"]} == {
            transaction: refund.stage for transaction, refund in state.refunds.items()
        }
