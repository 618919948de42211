"""Stories of one fee: owed, paid, paid twice, waived, given back. No money is lost or doubled."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given as laws
from hypothesis import strategies as some

from chassis.decider import Refusal
from chassis.testing import Spec
from contracts.payment import (
    FeePaid,
    FeeRefunded,
    FeeRequested,
    FeeWaived,
    PaymentFailed,
    PaymentMismatchFound,
    PaymentStarted,
    ReceiptIssued,
    RefundApproved,
    RefundProposed,
)
from contracts.values import AgencyCode, AgencyName, DossierId, PaymentId, PaymentMethod, PersonId
from services.payment.payment import Payment, PaymentCommand, PaymentEvent, decider
from services.payment.payment.commands import (
    ApproveRefund,
    CancelObligation,
    OpenObligation,
    PayBackByHand,
    ProposeRefund,
    RecordMoneyReceived,
    RecordPaymentFailed,
    RecordRefunded,
    RecordRefundFailed,
    RejectRefund,
    ReopenObligation,
    StartPayment,
    TakeCash,
    WaiveObligation,
)
from services.payment.payment.entries import (
    BankSource,
    MoneyReceived,
    MoneyUnmatched,
    ObligationClosed,
    ObligationOpened,
    ObligationReopened,
    Reason,
    ReceiptCancelled,
    ReceiptWritten,
    RefundAsked,
    RefundFailed,
    RefundRejected,
)
from services.payment.payment.refusals import (
    AlreadyPaid,
    AmountDiffers,
    BankPaysBack,
    NoRefundProposed,
    NoSuchFee,
    NothingOwed,
    NothingToRefund,
    OwnFee,
    OwnProposal,
    PayAtTheDesk,
    RefundMustGoBack,
    RefundUnderWay,
    TooLateToPay,
)
from services.payment.payment.state import Standing
from services.payment.receipt import DrawnNumber, write_receipt

given = Spec(decider)

NOON = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=3)
DEADLINE = NOON + timedelta(days=10)
PAYMENT = PaymentId(UUID("0197c3a1-0000-7000-8000-000000000001"))
DOSSIER = DossierId(UUID("0197c3a1-0000-7000-8000-000000000002"))
AN = PersonId(UUID("0197c3a1-0000-7000-8000-00000000000a"))
BINH = PersonId(UUID("0197c3a1-0000-7000-8000-00000000000b"))
CHI = PersonId(UUID("0197c3a1-0000-7000-8000-00000000000c"))
BINH_LANG = AgencyName(
    code=AgencyCode("H23.40.09"),
    name_vi="UBND xã Bình Lãng",
    name_en="Binh Lang Commune People's Committee",
)
NUMBER = DrawnNumber(year=2026, number=1, tax_code="0800123456")
NEXT_NUMBER = DrawnNumber(year=2026, number=2, tax_code="0800123456")
FEE = 8_000
FIRST, SECOND = "MC0123456789ABCD8", "MCZYXWVTSRQPNMK3"
CASH = "CASH-H23.40.09-26E-00000001"
FEE_REQUIRED = OpenObligation(
    PAYMENT, DOSSIER, AN, BINH_LANG, "NHS-260305-7K2M", FEE, "online", DEADLINE, NOON
)


def money(
    transaction: str = FIRST,
    amount: int = FEE,
    source: Literal[BankSource.CALL, BankSource.QUERY, BankSource.STATEMENT] = BankSource.CALL,
    receipt: DrawnNumber = NUMBER,
    bank_reference: str = "14226112",
) -> RecordMoneyReceived:
    return RecordMoneyReceived(
        PAYMENT, transaction, amount, PaymentMethod.VNPAY, source, bank_reference, receipt, LATER
    )


# Owing


def test_a_required_fee_is_owed() -> None:
    given().when(FEE_REQUIRED).then(OPENED, REQUESTED)


def test_a_fee_required_twice_is_owed_once() -> None:
    given(OPENED, REQUESTED).when(FEE_REQUIRED).then()


def test_an_exemption_granted_before_any_fee_was_asked_for_waives_it() -> None:
    waive = WaiveObligation(PAYMENT, DOSSIER, AN, BINH_LANG, "NHS-260305-7K2M", FEE, NOON)
    given().when(waive).then_kinds(ObligationOpened, FeeWaived)


def test_an_exemption_granted_while_the_fee_is_open_waives_it() -> None:
    given(OPENED, REQUESTED).when(EXEMPTION_GRANTED).then(WAIVED)


def test_an_exemption_granted_after_payment_sends_the_money_back() -> None:
    given(*PAID).when(EXEMPTION_GRANTED).then(WAIVED, refund(FIRST, "not-owed", NOON))


def test_an_exemption_told_twice_counts_once() -> None:
    given(OPENED, REQUESTED, WAIVED).when(EXEMPTION_GRANTED).then()


# Paying at the bank


def test_a_payer_sets_out_to_the_bank() -> None:
    given(OPENED, REQUESTED).when(StartPayment(FIRST, PaymentMethod.VNPAY, NOON)).then(STARTED)


def test_setting_out_again_with_the_same_reference_changes_nothing() -> None:
    given(*STARTED_ONCE).when(StartPayment(FIRST, PaymentMethod.VNPAY, NOON)).then()


def test_a_payer_may_set_out_anew_when_the_first_attempt_led_nowhere() -> None:
    given(*STARTED_ONCE).when(StartPayment(SECOND, PaymentMethod.VIETQR, NOON)).then_kinds(
        PaymentStarted
    )


def test_a_fee_nobody_asked_for_cannot_be_paid() -> None:
    given().when(StartPayment(FIRST, PaymentMethod.VNPAY, NOON)).then_refused(NoSuchFee)


def test_a_paid_fee_cannot_be_paid_again() -> None:
    given(*PAID).when(StartPayment(SECOND, PaymentMethod.VNPAY, LATER)).then_refused(AlreadyPaid)


def test_a_waived_fee_cannot_be_paid() -> None:
    given(OPENED, REQUESTED, WAIVED).when(
        StartPayment(FIRST, PaymentMethod.VNPAY, LATER)
    ).then_refused(NothingOwed)


def test_a_fee_for_the_desk_is_not_paid_online() -> None:
    at_desk = OPENED.model_copy(update={"where": "desk"})
    given(at_desk).when(StartPayment(FIRST, PaymentMethod.VNPAY, NOON)).then_refused(PayAtTheDesk)


def test_nobody_sets_out_after_the_last_day() -> None:
    late = StartPayment(FIRST, PaymentMethod.VNPAY, DEADLINE + timedelta(seconds=1))
    given(OPENED, REQUESTED).when(late).then_refused(TooLateToPay)


# The bank's word


def test_the_banks_word_settles_the_fee_and_issues_a_receipt() -> None:
    given(*STARTED_ONCE).when(money()).then(RECEIVED, PAID_EVENT, WRITTEN, ISSUED)


def test_the_same_payment_told_ten_times_counts_once() -> None:
    for _ in range(10):
        given(*PAID).when(money(receipt=NEXT_NUMBER)).then()


def test_a_query_after_the_call_changes_nothing() -> None:
    given(*PAID).when(money(source=BankSource.QUERY)).then()


def test_a_second_payment_goes_back_as_a_duplicate() -> None:
    given(*PAID).when(money(SECOND)).then(
        RECEIVED.model_copy(update={"transaction": SECOND}), refund(SECOND, "duplicate", LATER)
    )


def test_a_code_scanned_and_paid_twice_is_two_payments() -> None:
    again = money(bank_reference="14229999", source=BankSource.STATEMENT)
    story = given(*PAID).when(again)
    story.then_kinds(MoneyReceived, RefundProposed)
    given(*PAID, *story.decided()).when(again).then()


def test_a_failure_leaves_the_fee_open() -> None:
    given(*STARTED_ONCE).when(RecordPaymentFailed(FIRST, "24", LATER)).then(FAILED)


def test_a_failure_told_after_success_changes_nothing() -> None:
    given(*PAID).when(RecordPaymentFailed(FIRST, "24", LATER)).then()


def test_a_failure_told_twice_counts_once() -> None:
    given(*STARTED_ONCE, FAILED).when(RecordPaymentFailed(FIRST, "24", LATER)).then()


def test_a_failure_of_an_attempt_nobody_made_is_nothing() -> None:
    given(OPENED, REQUESTED).when(RecordPaymentFailed(FIRST, "24", LATER)).then()


def test_success_told_after_failure_settles_the_fee() -> None:
    given(*STARTED_ONCE, FAILED).when(money(source=BankSource.QUERY)).then_kinds(
        MoneyReceived, FeePaid, ReceiptWritten, ReceiptIssued
    )


def test_a_call_with_another_amount_settles_nothing_and_is_noted() -> None:
    given(*STARTED_ONCE).when(money(amount=FEE - 1)).then(mismatch(FEE - 1))


def test_the_same_wrong_amount_is_noted_once() -> None:
    given(*STARTED_ONCE, mismatch(FEE - 1)).when(money(amount=FEE - 1)).then()


def test_a_right_call_after_a_wrong_one_settles_the_fee() -> None:
    given(*STARTED_ONCE, mismatch(FEE - 1)).when(money()).then_kinds(
        MoneyReceived, FeePaid, ReceiptWritten, ReceiptIssued
    )


def test_a_wrong_amount_on_the_banks_statement_is_booked_and_goes_back() -> None:
    told = money(amount=5_000, source=BankSource.STATEMENT)
    given(*STARTED_ONCE).when(told).then_kinds(MoneyReceived, PaymentMismatchFound, RefundProposed)


def test_a_settled_payment_told_with_another_amount_is_only_noted() -> None:
    given(*PAID).when(money(amount=9_000, source=BankSource.STATEMENT)).then(mismatch(9_000))


@pytest.mark.parametrize("cause", ["refused", "withdrawn", "stopped", "lapsed"])
def test_money_for_a_dossier_that_ended_is_booked_and_goes_back(
    cause: Literal["refused", "withdrawn", "stopped", "lapsed"],
) -> None:
    given(*STARTED_ONCE, ObligationClosed(cause=cause, at=NOON)).when(money()).then(
        RECEIVED, refund(FIRST, "not-owed", LATER)
    )


def test_money_for_a_waived_fee_is_booked_and_goes_back() -> None:
    given(*STARTED_ONCE, WAIVED).when(money()).then(RECEIVED, refund(FIRST, "not-owed", LATER))


def test_money_for_no_fee_at_all_is_booked_once() -> None:
    given().when(money()).then_kinds(MoneyUnmatched)
    unmatched = given().when(money()).decided()
    given(*unmatched).when(money()).then()


def test_money_that_was_here_before_its_fee_goes_back_to_its_payer() -> None:
    unmatched = given().when(money()).decided()
    given(*unmatched).when(FEE_REQUIRED).then(OPENED, REQUESTED, refund(FIRST, "not-owed", NOON))


# At the desk


def test_a_cashier_takes_cash_and_gives_a_receipt() -> None:
    given(OPENED, REQUESTED).when(TakeCash(BINH, FEE, NUMBER, LATER)).then_kinds(
        MoneyReceived, FeePaid, ReceiptWritten, ReceiptIssued
    )


def test_cash_is_counted_before_it_is_taken() -> None:
    given(OPENED, REQUESTED).when(TakeCash(BINH, FEE + 1, NUMBER, LATER)).then_refused(
        AmountDiffers, str(FEE)
    )


def test_nobody_takes_their_own_cash() -> None:
    given(OPENED, REQUESTED).when(TakeCash(AN, FEE, NUMBER, LATER)).then_refused(OwnFee)


def test_cash_is_not_taken_twice() -> None:
    given(*PAID_IN_CASH).when(TakeCash(BINH, FEE, NEXT_NUMBER, LATER)).then_refused(AlreadyPaid)


def test_an_online_payment_that_crosses_cash_goes_back() -> None:
    given(*PAID_IN_CASH).when(money()).then(RECEIVED, refund(FIRST, "duplicate", LATER))


def test_a_receipt_says_the_amount_in_figures_and_words() -> None:
    receipt = WRITTEN.receipt
    assert receipt.written == ISSUED.number == "H23.40.09-26E-00000001"
    assert (receipt.total, receipt.total_words_vi) == (FEE, "Tám nghìn đồng")
    assert [(line.amount, line.words_vi) for line in receipt.lines] == [(FEE, "Tám nghìn đồng")]
    assert (receipt.agency, receipt.tax_code) == (BINH_LANG, "0800123456")
    assert "NHS-260305-7K2M" in receipt.lines[0].item_vi


# When the dossier ends


def test_an_unpaid_fee_is_closed_when_the_dossier_ends() -> None:
    given(OPENED, REQUESTED).when(CancelObligation("lapsed", LATER)).then(
        ObligationClosed(cause="lapsed", at=LATER)
    )


def test_a_paid_fee_is_proposed_back_when_the_dossier_is_refused() -> None:
    given(*PAID).when(CancelObligation("refused", LATER)).then(
        ObligationClosed(cause="refused", at=LATER), refund(FIRST, "refused", LATER)
    )


def test_the_end_of_a_dossier_told_twice_counts_once() -> None:
    history = given(*PAID).when(CancelObligation("refused", LATER)).decided()
    given(*PAID, *history).when(CancelObligation("refused", LATER)).then()


def test_the_end_of_a_dossier_without_a_fee_is_nothing() -> None:
    given().when(CancelObligation("refused", LATER)).then()


def test_a_stopped_dossier_that_goes_on_owes_its_fee_again() -> None:
    given(OPENED, REQUESTED, ObligationClosed(cause="stopped", at=NOON)).when(
        ReopenObligation(LATER)
    ).then(ObligationReopened(at=LATER))


def test_a_paid_dossier_that_goes_on_keeps_its_payment() -> None:
    stopped = (ObligationClosed(cause="stopped", at=NOON), refund(FIRST, "stopped", NOON))
    story = given(*PAID, *stopped).when(ReopenObligation(LATER))
    story.then(
        ObligationReopened(at=LATER),
        RefundRejected(transaction=FIRST, officer=None, personal=None, at=LATER),
    )
    assert standing(*PAID, *stopped, *story.decided()) is Standing.PAID


def test_a_dossier_that_goes_on_after_its_money_left_owes_it_again() -> None:
    gone = (ObligationClosed(cause="stopped", at=NOON), refund(FIRST, "stopped", NOON), APPROVED)
    story = given(*PAID, *gone).when(ReopenObligation(LATER))
    assert standing(*PAID, *gone, *story.decided()) is Standing.OPEN


def test_a_refused_dossier_does_not_go_on() -> None:
    given(OPENED, REQUESTED, ObligationClosed(cause="refused", at=NOON)).when(
        ReopenObligation(LATER)
    ).then()


# Money back


def test_an_officer_proposes_a_refund_in_their_own_words() -> None:
    given(*PAID).when(ProposeRefund(BINH, FIRST, "Thu nhầm", NOON)).then(
        refund(FIRST, "asked", NOON), ASKED_BY_BINH
    )


def test_nobody_proposes_a_refund_to_themselves() -> None:
    given(*PAID).when(ProposeRefund(AN, FIRST, "Xin lại", NOON)).then_refused(OwnFee)


def test_what_never_arrived_cannot_go_back() -> None:
    given(*PAID).when(ProposeRefund(BINH, SECOND, "Nhầm", NOON)).then_refused(NothingToRefund)


def test_a_refund_is_proposed_once() -> None:
    given(*PAID, *ASKED).when(ProposeRefund(CHI, FIRST, "Thu nhầm", NOON)).then_refused(
        RefundUnderWay
    )


def test_a_second_officer_approves() -> None:
    given(*PAID, *ASKED).when(ApproveRefund(CHI, FIRST, NOON)).then(
        APPROVED, ObligationClosed(cause="refunded", at=NOON)
    )


def test_who_proposed_does_not_approve() -> None:
    given(*PAID, *ASKED).when(ApproveRefund(BINH, FIRST, NOON)).then_refused(OwnProposal)


def test_who_gets_the_money_does_not_approve() -> None:
    given(*PAID, *ASKED).when(ApproveRefund(AN, FIRST, NOON)).then_refused(OwnFee)


def test_an_automatic_proposal_needs_one_officer() -> None:
    given(*PAID_TWICE).when(ApproveRefund(BINH, SECOND, LATER)).then_kinds(RefundApproved)


def test_a_refund_nobody_proposed_is_not_approved() -> None:
    given(*PAID).when(ApproveRefund(CHI, FIRST, NOON)).then_refused(NoRefundProposed)


def test_a_refund_is_approved_once() -> None:
    given(*PAID, *ASKED, APPROVED).when(ApproveRefund(CHI, FIRST, NOON)).then_refused(
        NoRefundProposed
    )


def test_a_refund_an_officer_asked_for_may_be_rejected() -> None:
    given(*PAID, *ASKED).when(RejectRefund(CHI, FIRST, "Đã giải quyết", NOON)).then_kinds(
        RefundRejected
    )


def test_money_that_is_not_owed_cannot_be_kept() -> None:
    given(*PAID_TWICE).when(RejectRefund(CHI, SECOND, "Giữ lại", NOON)).then_refused(
        RefundMustGoBack
    )


def test_a_rejected_refund_may_be_proposed_again() -> None:
    rejected = RefundRejected(transaction=FIRST, officer=CHI, personal=None, at=NOON)
    given(*PAID, *ASKED, rejected).when(ProposeRefund(BINH, FIRST, "Thu nhầm", NOON)).then(
        refund(FIRST, "asked", NOON), ASKED_BY_BINH
    )


def test_the_bank_gives_back_and_the_receipt_is_cancelled() -> None:
    given(*PAID, *ASKED, APPROVED).when(RecordRefunded(FIRST, LATER)).then(
        REFUNDED, ReceiptCancelled(number=ISSUED.number, transaction=FIRST, at=LATER)
    )


def test_a_duplicate_given_back_leaves_the_fee_paid_and_its_receipt_valid() -> None:
    approved = APPROVED.model_copy(update={"transaction": SECOND})
    story = given(*PAID_TWICE, approved).when(RecordRefunded(SECOND, LATER))
    story.then_kinds(FeeRefunded)
    assert standing(*PAID_TWICE, approved, *story.decided()) is Standing.PAID


def test_a_refund_told_twice_counts_once() -> None:
    given(*PAID, *ASKED, APPROVED, REFUNDED).when(RecordRefunded(FIRST, LATER)).then()


def test_money_the_bank_took_back_by_itself_is_booked_too() -> None:
    story = given(*PAID).when(RecordRefunded(FIRST, LATER))
    story.then_kinds(FeeRefunded, ReceiptCancelled)
    assert standing(*PAID, *story.decided()) is Standing.OPEN


def test_a_refund_of_what_never_arrived_is_nothing() -> None:
    given(OPENED, REQUESTED).when(RecordRefunded(FIRST, LATER)).then()


def test_a_refund_the_bank_will_not_do_is_approved_anew() -> None:
    failed = RefundFailed(transaction=FIRST, code="95", at=LATER)
    given(*PAID, *ASKED, APPROVED).when(RecordRefundFailed(FIRST, "95", LATER)).then(failed)
    given(*PAID, *ASKED, APPROVED, failed).when(ApproveRefund(CHI, FIRST, NOON)).then_kinds(
        RefundApproved, ObligationClosed
    )


def test_who_proposed_does_not_approve_a_failed_refund_either() -> None:
    failed = RefundFailed(transaction=FIRST, code="95", at=LATER)
    given(*PAID, *ASKED, APPROVED, failed).when(ApproveRefund(BINH, FIRST, NOON)).then_refused(
        OwnProposal
    )


def test_approved_cash_is_given_back_at_the_desk() -> None:
    proposal = refund(CASH, "refused", NOON)
    approved = APPROVED.model_copy(update={"transaction": CASH})
    given(*PAID_IN_CASH, proposal, approved).when(PayBackByHand(BINH, CASH, LATER)).then_kinds(
        FeeRefunded, ReceiptCancelled
    )


def test_cash_is_not_given_back_before_approval() -> None:
    proposal = refund(CASH, "refused", NOON)
    given(*PAID_IN_CASH, proposal).when(PayBackByHand(BINH, CASH, LATER)).then_refused(
        NothingToRefund
    )


def test_money_from_the_bank_is_not_given_back_in_cash() -> None:
    given(*PAID, *ASKED, APPROVED).when(PayBackByHand(BINH, FIRST, LATER)).then_refused(
        BankPaysBack
    )


# Laws

TRANSACTIONS = some.sampled_from([FIRST, SECOND, "MCTHIRD"])
OFFICERS = some.sampled_from([AN, BINH, CHI])
CAUSES: "some.SearchStrategy[Literal['refused', 'withdrawn', 'stopped', 'lapsed']]" = (
    some.sampled_from(["refused", "withdrawn", "stopped", "lapsed"])
)
METHODS: "some.SearchStrategy[Literal[PaymentMethod.VNPAY, PaymentMethod.VIETQR]]" = (
    some.sampled_from([PaymentMethod.VNPAY, PaymentMethod.VIETQR])
)
SOURCES: "some.SearchStrategy[Literal[BankSource.CALL, BankSource.QUERY, BankSource.STATEMENT]]" = (
    some.sampled_from([BankSource.CALL, BankSource.QUERY, BankSource.STATEMENT])
)
AMOUNTS = some.sampled_from([FEE, FEE, FEE, 5_000])
FACTS: "some.SearchStrategy[PaymentCommand]" = some.one_of(
    some.just(FEE_REQUIRED),
    some.just(WaiveObligation(PAYMENT, DOSSIER, AN, BINH_LANG, "NHS-1", FEE, NOON)),
    some.builds(CancelObligation, CAUSES, some.just(NOON)),
    some.just(ReopenObligation(NOON)),
    some.builds(
        money,
        TRANSACTIONS,
        AMOUNTS,
        SOURCES,
        bank_reference=some.sampled_from(["14226112", "14229999"]),
    ),
    some.builds(RecordPaymentFailed, TRANSACTIONS, some.just("24"), some.just(NOON)),
    some.builds(RecordRefunded, TRANSACTIONS, some.just(NOON)),
    some.builds(RecordRefundFailed, TRANSACTIONS, some.just("95"), some.just(NOON)),
)
REQUESTS: "some.SearchStrategy[PaymentCommand]" = some.one_of(
    some.builds(StartPayment, TRANSACTIONS, METHODS, some.just(NOON)),
    some.builds(TakeCash, OFFICERS, AMOUNTS, some.just(NUMBER), some.just(NOON)),
    some.builds(ProposeRefund, OFFICERS, TRANSACTIONS, some.just("…"), some.just(NOON)),
    some.builds(ApproveRefund, OFFICERS, TRANSACTIONS, some.just(NOON)),
    some.builds(RejectRefund, OFFICERS, TRANSACTIONS, some.just("…"), some.just(NOON)),
    some.builds(PayBackByHand, OFFICERS, TRANSACTIONS, some.just(NOON)),
)


@laws(some.lists(FACTS | REQUESTS, max_size=25))
def test_whatever_happens_no_money_is_lost_doubled_or_refused(
    commands: list[PaymentCommand],
) -> None:
    history: list[PaymentEvent] = []
    for command in commands:
        state = fold(history)
        try:
            events = decider.decide(command, state)
        except Refusal as refused:
            assert not isinstance(command, RecordMoneyReceived | CancelObligation)
            assert all(refused.sentences())
            continue
        history += events
        if not isinstance(command, ProposeRefund | RejectRefund | TakeCash | RecordRefunded):
            assert_repeats_are_nothing(command, history)
    assert_the_books_balance(history)


def assert_repeats_are_nothing(command: PaymentCommand, history: list[PaymentEvent]) -> None:
    try:
        assert decider.decide(command, fold(history)) == []
    except Refusal:
        assert not isinstance(command, RecordMoneyReceived | RecordPaymentFailed)


def assert_the_books_balance(history: list[PaymentEvent]) -> None:
    """D4: what stays, once every refund on its way has arrived, is nothing or the fee."""
    state = fold(history)
    arrivals = [event for event in history if isinstance(event, MoneyReceived | MoneyUnmatched)]
    booked = [event.transaction for event in arrivals]
    assert len(booked) == len(set(booked))
    returned = [event.transaction for event in history if isinstance(event, FeeRefunded)]
    assert len(returned) == len(set(returned)) and set(returned) <= set(booked)
    if state.obligation:
        kept = sum(event.amount for event in arrivals if not goes_back(state, event.transaction))
        assert kept in (0, FEE)
    paid = sum(isinstance(event, FeePaid) for event in history)
    assert paid == sum(isinstance(event, ReceiptIssued) for event in history)


def goes_back(state: Payment, transaction: str) -> bool:
    refund = state.refunds.get(transaction)
    return refund is not None and refund.stage != "rejected"


def fold(history: list[PaymentEvent]) -> Payment:
    state = decider.initial
    for event in history:
        state = decider.evolve(state, event)
    return state


def standing(*history: PaymentEvent) -> Standing:
    return fold(list(history)).standing


# Histories


def refund(
    transaction: str,
    cause: Literal["refused", "withdrawn", "stopped", "lapsed", "duplicate", "not-owed", "asked"],
    at: datetime,
) -> RefundProposed:
    return RefundProposed(
        payment_id=PAYMENT,
        dossier_id=DOSSIER,
        transaction=transaction,
        amount=FEE,
        cause=cause,
        at=at,
    )


def mismatch(told: int) -> PaymentMismatchFound:
    return PaymentMismatchFound(
        payment_id=PAYMENT,
        dossier_id=DOSSIER,
        transaction=FIRST,
        expected=FEE,
        told=told,
        at=LATER,
    )


OPENED = ObligationOpened(
    payment_id=PAYMENT,
    dossier_id=DOSSIER,
    payer=AN,
    agency=BINH_LANG,
    reference="NHS-260305-7K2M",
    amount=FEE,
    where="online",
    pay_by=DEADLINE,
    at=NOON,
)
REQUESTED = FeeRequested(
    payment_id=PAYMENT,
    dossier_id=DOSSIER,
    payer=AN,
    agency=BINH_LANG.code,
    amount=FEE,
    where="online",
    pay_by=DEADLINE,
    at=NOON,
)
EXEMPTION_GRANTED = WaiveObligation(PAYMENT, DOSSIER, AN, BINH_LANG, "NHS-260305-7K2M", FEE, NOON)
WAIVED = FeeWaived(payment_id=PAYMENT, dossier_id=DOSSIER, amount=FEE, at=NOON)
STARTED = PaymentStarted(
    payment_id=PAYMENT,
    dossier_id=DOSSIER,
    transaction=FIRST,
    method=PaymentMethod.VNPAY,
    at=NOON,
)
FAILED = PaymentFailed(
    payment_id=PAYMENT, dossier_id=DOSSIER, transaction=FIRST, code="24", at=LATER
)
RECEIVED = MoneyReceived(
    transaction=FIRST,
    amount=FEE,
    method=PaymentMethod.VNPAY,
    source=BankSource.CALL,
    bank_reference="14226112",
    at=LATER,
)
PAID_EVENT = FeePaid(
    payment_id=PAYMENT,
    dossier_id=DOSSIER,
    payer=AN,
    amount=FEE,
    method=PaymentMethod.VNPAY,
    at=LATER,
)
WRITTEN = ReceiptWritten(
    transaction=FIRST,
    receipt=write_receipt(
        NUMBER, agency=BINH_LANG, reference="NHS-260305-7K2M", amount=FEE, at=LATER
    ),
)
ISSUED = ReceiptIssued(
    payment_id=PAYMENT,
    dossier_id=DOSSIER,
    payer=AN,
    agency=BINH_LANG.code,
    number="H23.40.09-26E-00000001",
    amount=FEE,
    at=LATER,
)
ASKED_BY_BINH = RefundAsked(
    transaction=FIRST, officer=BINH, personal=Reason(words="Thu nhầm"), at=NOON
)
APPROVED = RefundApproved(
    payment_id=PAYMENT, dossier_id=DOSSIER, transaction=FIRST, officer=CHI, at=NOON
)
REFUNDED = FeeRefunded(
    payment_id=PAYMENT, dossier_id=DOSSIER, transaction=FIRST, amount=FEE, at=LATER
)
STARTED_ONCE = (OPENED, REQUESTED, STARTED)
PAID = (*STARTED_ONCE, RECEIVED, PAID_EVENT, WRITTEN, ISSUED)
PAID_TWICE = (
    *PAID,
    RECEIVED.model_copy(update={"transaction": SECOND}),
    refund(SECOND, "duplicate", LATER),
)
PAID_IN_CASH = (
    OPENED,
    REQUESTED,
    *given(OPENED, REQUESTED).when(TakeCash(BINH, FEE, NUMBER, LATER)).decided(),
)
ASKED = (refund(FIRST, "asked", NOON), ASKED_BY_BINH)
