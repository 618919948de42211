"""What is owed, when and where: by level, per page, per copy, unset, exempt."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contracts.values import FeeRule, FeeTiming
from services.submission.fees import Owing, owed

FREE = FeeRule(amount=0)
UNSET = FeeRule(amount=None)
FLAT = FeeRule(amount=70_000)
PER_PAGE = FeeRule(amount=2_000, per_page=True)
PER_COPY = FeeRule(amount=8_000, quantity_field="copies_count")
LATER = FeeRule(amount=70_000, timing=FeeTiming.RESULT)


def three_copies() -> dict[str, object]:
    return {"header": {"addressee": "UBND xã Bình Lãng"}, "subject": {"copies_count": 3}}


def test_a_full_process_fee_is_paid_online_at_submission():
    due = owed(FLAT, 4, {})
    assert (due.what, due.amount, due.where) == (Owing.AMOUNT, 70_000, "online")
    assert due.due_at_submission


def test_a_partial_procedure_is_paid_at_the_desk_at_intake():
    due = owed(FLAT, 3, {})
    assert (due.what, due.timing, due.where) == (Owing.AMOUNT, FeeTiming.RECEIPT, "desk")
    assert not due.due_at_submission


def test_a_fee_may_fall_due_later_if_the_procedure_says_so():
    assert owed(LATER, 4, {}).timing is FeeTiming.RESULT
    assert not owed(LATER, 4, {}).due_at_submission


@pytest.mark.parametrize("level", [3, 4])
def test_free_is_free_and_unset_owes_nothing(level: int):
    assert owed(FREE, level, {}).what is Owing.NOTHING
    assert owed(UNSET, level, {}).what is Owing.NOT_SET
    assert owed(UNSET, level, {}).amount == 0


@pytest.mark.parametrize("fee", [FREE, UNSET])
def test_there_is_nothing_to_be_exempt_from_where_nothing_is_owed(fee: FeeRule):
    assert owed(fee, 4, {}, exemption_claimed=True).what in (Owing.NOTHING, Owing.NOT_SET)


def test_copies_asked_for_are_paid_one_by_one():
    assert owed(PER_COPY, 4, three_copies()).amount == 24_000


@pytest.mark.parametrize(
    "filled", [{}, {"subject": {}}, {"subject": {"copies_count": 0}}, {"subject": [1]}]
)
def test_at_least_one_copy_is_paid_for(filled: dict[str, object]):
    assert owed(PER_COPY, 4, filled).amount == 8_000


def test_the_officer_counts_the_pages_and_sets_the_amount_at_intake():
    due = owed(PER_PAGE, 4, {})
    assert (due.what, due.amount, due.timing) == (Owing.SET_AT_DESK, 0, FeeTiming.RECEIPT)


def test_a_claim_of_exemption_waits_for_the_desk_and_keeps_the_amount():
    due = owed(FLAT, 4, {}, exemption_claimed=True)
    assert (due.what, due.amount) == (Owing.EXEMPTION_CLAIMED, 70_000)
    assert not due.due_at_submission


@given(
    some.builds(
        FeeRule,
        amount=some.none() | some.integers(0, 10**12),
        timing=some.sampled_from(FeeTiming),
        per_page=some.booleans(),
        quantity_field=some.none() | some.just("copies_count"),
    ),
    some.integers(1, 4),
    some.booleans(),
    some.integers(-5, 10**9),
)
def test_money_is_whole_bounded_and_never_negative(
    fee: FeeRule, level: int, claimed: bool, copies: int
):
    due = owed(fee, level, {"subject": {"copies_count": copies}}, exemption_claimed=claimed)
    assert 0 <= due.amount <= 10**12
    assert (due.what is Owing.AMOUNT) <= (due.amount > 0)
    assert not (claimed and due.due_at_submission)
