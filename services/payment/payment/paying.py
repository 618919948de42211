"""How money comes in: attempts at the bank, the bank's word about them, cash at the desk.

The bank's word is a fact: it is booked, whatever the obligation has come to meanwhile.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from contracts.payment import (
    FeePaid,
    PaymentFailed,
    PaymentMismatchFound,
    PaymentStarted,
    ReceiptIssued,
)
from contracts.values import PaymentMethod
from services.payment.receipt import DrawnNumber, write_receipt

from .commands import Paying, RecordMoneyReceived, RecordPaymentFailed, StartPayment, TakeCash
from .entries import BankSource, MoneyReceived, MoneyUnmatched, ReceiptWritten
from .refunding import proposed
from .refusals import (
    AlreadyPaid,
    AmountDiffers,
    NoSuchFee,
    NothingOwed,
    OwnFee,
    PayAtTheDesk,
    TooLateToPay,
)
from .state import Obligation, Payment, PaymentEvent, Standing


def decide_paying(command: Paying, payment: Payment) -> list[PaymentEvent]:
    """Answer payers, cashiers and the bank."""
    match command:
        case StartPayment():
            return _start(command, payment)
        case RecordMoneyReceived():
            return _receive(command, payment)
        case RecordPaymentFailed():
            return _fail(command, payment)
        case TakeCash():
            return _take_cash(command, payment)
        case _:
            assert_never(command)


def _start(command: StartPayment, payment: Payment) -> list[PaymentEvent]:
    if command.transaction in payment.started:
        return []
    owed = _open_to_payment(payment)
    if owed.where == "desk":
        raise PayAtTheDesk
    if owed.pay_by is not None and command.at > owed.pay_by:
        raise TooLateToPay(owed.pay_by.isoformat())
    return [
        PaymentStarted(
            payment_id=owed.payment_id,
            dossier_id=owed.dossier_id,
            transaction=command.transaction,
            method=command.method,
            at=command.at,
        )
    ]


def _fail(command: RecordPaymentFailed, payment: Payment) -> list[PaymentEvent]:
    owed, transaction = payment.obligation, command.transaction
    answered = transaction in payment.captures or transaction in payment.failed
    if owed is None or answered or transaction not in payment.started:
        return []
    return [
        PaymentFailed(
            payment_id=owed.payment_id,
            dossier_id=owed.dossier_id,
            transaction=transaction,
            code=command.code,
            at=command.at,
        )
    ]


def _receive(told: RecordMoneyReceived, payment: Payment) -> list[PaymentEvent]:
    money = _told_apart(told, payment)
    owed, known = payment.obligation, payment.captures.get(money.transaction)
    if known is not None:
        return [] if known.amount == money.amount else _mismatch(money, payment)
    if owed is None:
        return [_unmatched(money)]
    differs = money.amount != owed.amount
    if differs and money.source is BankSource.CALL:
        return _mismatch(money, payment)  # a claim about an amount nobody owes: the bank is asked
    entry = _received(money)
    if payment.standing is Standing.OPEN and not differs:
        return [entry, *_settle(owed, money.transaction, money.method, money.receipt, money.at)]
    cause = "duplicate" if payment.standing is Standing.PAID else "not-owed"
    mismatch = _mismatch(money, payment) if differs else []
    return [
        entry,
        *mismatch,
        proposed(owed, money.transaction, money.amount, cause, money.at),
    ]


def _told_apart(money: RecordMoneyReceived, payment: Payment) -> RecordMoneyReceived:
    """Give money a name of its own when other money came under our reference: a code paid twice."""
    known = payment.captures.get(money.transaction)
    if known is None or not money.bank_reference or known.bank_reference == money.bank_reference:
        return money
    return replace(money, transaction=f"{money.transaction}-{money.bank_reference}")


def _unmatched(money: RecordMoneyReceived) -> MoneyUnmatched:
    return MoneyUnmatched(
        payment_id=money.payment_id,
        transaction=money.transaction,
        amount=money.amount,
        method=money.method,
        source=money.source,
        bank_reference=money.bank_reference,
        at=money.at,
    )


def _received(money: RecordMoneyReceived) -> MoneyReceived:
    return MoneyReceived(
        transaction=money.transaction,
        amount=money.amount,
        method=money.method,
        source=money.source,
        bank_reference=money.bank_reference,
        at=money.at,
    )


def _mismatch(money: RecordMoneyReceived, payment: Payment) -> list[PaymentEvent]:
    owed = payment.obligation
    if owed is None or (money.transaction, money.amount) in payment.mismatches:
        return []
    return [
        PaymentMismatchFound(
            payment_id=owed.payment_id,
            dossier_id=owed.dossier_id,
            transaction=money.transaction,
            expected=owed.amount,
            told=money.amount,
            at=money.at,
        )
    ]


def _take_cash(command: TakeCash, payment: Payment) -> list[PaymentEvent]:
    owed = _open_to_payment(payment)
    if command.cashier == owed.payer:
        raise OwnFee
    if command.amount != owed.amount:
        raise AmountDiffers(owed.amount)
    transaction = f"CASH-{command.receipt.written_at(owed.agency.code)}"
    entry = MoneyReceived(
        transaction=transaction,
        amount=command.amount,
        method=PaymentMethod.CASH,
        source=BankSource.DESK,
        bank_reference="",
        at=command.at,
    )
    return [entry, *_settle(owed, transaction, PaymentMethod.CASH, command.receipt, command.at)]


def _settle(
    owed: Obligation, transaction: str, method: PaymentMethod, drawn: DrawnNumber, at: datetime
) -> list[PaymentEvent]:
    receipt = write_receipt(
        drawn, agency=owed.agency, reference=owed.reference, amount=owed.amount, at=at
    )
    paid = FeePaid(
        payment_id=owed.payment_id,
        dossier_id=owed.dossier_id,
        payer=owed.payer,
        amount=owed.amount,
        method=method,
        at=at,
    )
    issued = ReceiptIssued(
        payment_id=owed.payment_id,
        dossier_id=owed.dossier_id,
        payer=owed.payer,
        agency=owed.agency.code,
        number=receipt.written,
        amount=owed.amount,
        at=at,
    )
    return [paid, ReceiptWritten(transaction=transaction, receipt=receipt), issued]


def _open_to_payment(payment: Payment) -> Obligation:
    if payment.obligation is None:
        raise NoSuchFee
    match payment.standing:
        case Standing.PAID:
            raise AlreadyPaid
        case Standing.WAIVED | Standing.CLOSED:
            raise NothingOwed
        case _:
            return payment.obligation
