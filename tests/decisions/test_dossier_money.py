"""Stories of what the dossier is told of its fee. Money is never refused, lost or doubled."""

from dataclasses import replace
from uuid import UUID

import pytest
from dossiers_at_hand import (
    ASK,
    ASK_LATER,
    BINH,
    CALENDAR,
    CLAIM,
    DOSSIER,
    DUNG,
    FORWARD,
    GIVE,
    PAID_AT_RECEIPT,
    PAID_FIRST,
    REASON,
    RECEIVE,
    STOP,
    SUBMIT,
    WITHDRAW,
    after,
    lived,
    march,
    submit,
)

from chassis.testing import Spec
from contracts.identity import fee_of
from contracts.submission import FeeSettled
from contracts.values import PaymentId, PaymentStatus, Status
from services.submission.dossier import DossierCommand, decider
from services.submission.dossier import commands as do
from services.submission.dossier.events import FeeNotExpected, WaiverRecorded

given = Spec(decider)

PAYMENT = fee_of(DOSSIER)
PAID = do.RecordFeePaid(PAYMENT, 8_000, march(3))
WAIVED = do.RecordFeeWaived(PAYMENT, march(3))
ONLINE = submit(PAID_FIRST)
AT_DESK = submit(PAID_AT_RECEIPT, level=3)


def test_a_paid_fee_frees_the_dossier_for_intake() -> None:
    given(*lived(ONLINE)).when(PAID).then(settled(Status.SUBMITTED))
    assert after(ONLINE, PAID, RECEIVE).status is Status.RECEIVED


def test_the_same_payment_told_twice_counts_once() -> None:
    given(*lived(ONLINE, PAID)).when(PAID).then()


@pytest.mark.parametrize(
    ("so_far", "status"),
    [
        ((), Status.RECEIVED),
        ((FORWARD,), Status.PROCESSING),
        ((FORWARD, ASK_LATER), Status.SUPPLEMENT_REQUIRED),
        ((WITHDRAW,), Status.WITHDRAWAL_REQUESTED),
    ],
)
def test_cash_at_the_desk_settles_the_fee_wherever_the_dossier_is(
    so_far: tuple[DossierCommand, ...], status: Status
) -> None:
    given(*lived(AT_DESK, RECEIVE, *so_far)).when(PAID).then(settled(status))
    assert after(AT_DESK, RECEIVE, *so_far, PAID).payment is PaymentStatus.PAID


def test_a_wrong_amount_settles_nothing_and_the_right_one_still_does() -> None:
    short = replace(PAID, amount=5_000)
    given(*lived(ONLINE)).when(short).then(unexpected(5_000, PaymentStatus.DUE_ONLINE))
    given(*lived(ONLINE, short)).when(short).then()
    given(*lived(ONLINE, short)).when(PAID).then(settled(Status.SUBMITTED))


def test_money_under_another_name_is_not_ours() -> None:
    strange = replace(PAID, payment_id=PaymentId(UUID(int=9)))
    given(*lived(ONLINE)).when(strange).then(
        unexpected(8_000, PaymentStatus.DUE_ONLINE, strange.payment_id)
    )


def test_money_for_a_dossier_that_owes_nothing_is_answered() -> None:
    given(*lived(SUBMIT)).when(PAID).then(unexpected(8_000, PaymentStatus.NOTHING_DUE))
    given().when(PAID).then(unexpected(8_000, PaymentStatus.NOTHING_DUE))


def test_money_that_comes_after_the_dossier_was_withdrawn_goes_back() -> None:
    given(*lived(ONLINE, WITHDRAW)).when(PAID).then(unexpected(8_000, PaymentStatus.PAID))
    assert after(ONLINE, WITHDRAW, PAID).payment is PaymentStatus.REFUND_DUE


def test_money_that_came_while_the_dossier_was_stopped_counts_when_it_goes_on() -> None:
    resume = do.ResumeProcessing(DUNG, REASON, CALENDAR, march(4))
    stopped = (AT_DESK, RECEIVE, STOP, PAID)
    assert after(*stopped).payment is PaymentStatus.REFUND_DUE
    assert after(*stopped, resume).payment is PaymentStatus.PAID


def test_a_fee_nobody_paid_ends_with_the_dossier() -> None:
    assert after(ONLINE).payment is PaymentStatus.DUE_ONLINE
    assert after(ONLINE, WITHDRAW).payment is PaymentStatus.NOTHING_DUE


def test_a_supplement_leaves_a_paid_fee_paid() -> None:
    assert after(ONLINE, PAID, replace(ASK, at=march(4)), GIVE).payment is PaymentStatus.PAID


# Waivers


def test_a_waiver_frees_a_dossier_that_waited_for_its_fee() -> None:
    recorded = WaiverRecorded(payment_id=PAYMENT, to=Status.SUBMITTED, at=march(3))
    given(*lived(ONLINE)).when(WAIVED).then(recorded)
    assert after(ONLINE, WAIVED).payment is PaymentStatus.WAIVED


def test_a_waiver_of_a_fee_at_the_desk_leaves_the_dossier_where_it_is() -> None:
    recorded = WaiverRecorded(payment_id=PAYMENT, to=Status.RECEIVED, at=march(3))
    given(*lived(AT_DESK, RECEIVE)).when(WAIVED).then(recorded)


def test_a_waiver_after_payment_is_remembered() -> None:
    assert after(ONLINE, PAID, WAIVED).payment is PaymentStatus.WAIVED


def test_a_waiver_told_twice_counts_once() -> None:
    given(*lived(ONLINE, WAIVED)).when(WAIVED).then()


def test_an_exemption_the_desk_granted_needs_no_telling() -> None:
    grant = do.DecideExemption(BINH, True, REASON, CALENDAR, march(2, 10))
    given(*lived(submit(PAID_FIRST, CLAIM), grant)).when(WAIVED).then()


def test_a_waiver_of_something_else_changes_nothing() -> None:
    given(*lived(ONLINE)).when(replace(WAIVED, payment_id=PaymentId(UUID(int=9)))).then()
    given().when(WAIVED).then()


def settled(to: Status) -> FeeSettled:
    return FeeSettled(dossier_id=DOSSIER, payment_id=PAYMENT, amount=8_000, to=to, at=march(3))


def unexpected(
    amount: int, payment: PaymentStatus, payment_id: PaymentId = PAYMENT
) -> FeeNotExpected:
    return FeeNotExpected(payment_id=payment_id, amount=amount, payment=payment, at=march(3))
