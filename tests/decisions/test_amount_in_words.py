"""Amounts as a clerk would write them out on a receipt."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.payment.amount_in_words import amount_in_words


@pytest.mark.parametrize(
    ("dong", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (14, "Mười bốn đồng"),
        (15, "Mười lăm đồng"),
        (20, "Hai mươi đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (55, "Năm mươi lăm đồng"),
        (100, "Một trăm đồng"),
        (105, "Một trăm linh năm đồng"),
        (115, "Một trăm mười lăm đồng"),
        (8_000, "Tám nghìn đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (10_500, "Mười nghìn năm trăm đồng"),
        (15_000, "Mười lăm nghìn đồng"),
        (75_000, "Bảy mươi lăm nghìn đồng"),
        (121_000, "Một trăm hai mươi mốt nghìn đồng"),
        (1_000_000, "Một triệu đồng"),
        (1_000_050, "Một triệu không trăm năm mươi đồng"),
        (2_034_000, "Hai triệu không trăm ba mươi tư nghìn đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (1_000_000_001, "Một tỷ không trăm linh một đồng"),
        (3_321_000_000, "Ba tỷ ba trăm hai mươi mốt triệu đồng"),
        (10**12, "Một nghìn tỷ đồng"),
        (10**12 + 10**9 * 5, "Một nghìn không trăm linh năm tỷ đồng"),
    ],
)
def test_an_amount_reads_as_it_is_spoken(dong: int, words: str) -> None:
    assert amount_in_words(dong) == words


@given(some.integers(0, 10**12), some.integers(0, 10**12))
def test_different_amounts_never_read_the_same(one: int, other: int) -> None:
    assert (amount_in_words(one) == amount_in_words(other)) == (one == other)


@pytest.mark.parametrize("dong", [-1, 10**18])
def test_what_is_no_amount_has_no_words(dong: int) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        amount_in_words(dong)
