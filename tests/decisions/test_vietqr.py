"""QR codes a payer's bank can read, and references that survive being typed by hand."""

import pytest
from hypothesis import given as laws
from hypothesis import strategies as some

from services.payment.references import ENTROPY, find_reference, reference_from
from services.payment.vietqr import NotAVietQr, Transfer, crc, payload, read

VECTOR = (
    "00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA"
    "5303704540480005802VN62210817H23T001260305000163041DC6"
)
BILL = Transfer("970436", "0011001234567", 8_000, "H23T0012603050001")

TRANSFERS = some.builds(
    Transfer,
    some.from_regex(r"[0-9]{6}", fullmatch=True),
    some.from_regex(r"[0-9A-Za-z]{1,19}", fullmatch=True),
    some.integers(1, 10**12),
    some.from_regex(r"[0-9A-Za-z ]{1,25}", fullmatch=True),
).filter(lambda t: t.bank.isascii() and t.account.isascii())
CHANCE = some.binary(min_size=ENTROPY, max_size=ENTROPY)


def test_the_checksum_of_the_published_vector() -> None:
    assert crc("123456789") == "29B1"


def test_a_bill_becomes_the_published_vector() -> None:
    assert payload(BILL) == VECTOR


@laws(TRANSFERS)
def test_what_is_written_can_be_read(transfer: Transfer) -> None:
    assert read(payload(transfer)) == transfer


@laws(some.integers(0, len(VECTOR) - 1), some.characters(min_codepoint=48, max_codepoint=90))
def test_one_damaged_character_is_noticed(place: int, character: str) -> None:
    damaged = VECTOR[:place] + character + VECTOR[place + 1 :]
    if damaged != VECTOR:
        with pytest.raises(NotAVietQr):
            read(damaged)


@laws(some.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(NotAVietQr):
        read(text + "6304" + crc(text + "6304"))


@pytest.mark.parametrize(
    "wrong",
    [
        Transfer("97043", "0011001234567", 8_000, "X"),
        Transfer("970436", "", 8_000, "X"),
        Transfer("970436", "1" * 20, 8_000, "X"),
        Transfer("970436", "1", 0, "X"),
        Transfer("970436", "1", 10**12 + 1, "X"),
        Transfer("970436", "1", 8_000, "Lệ phí"),
        Transfer("970436", "1", 8_000, "A" * 26),
        Transfer("970436", "1", 8_000, ""),
    ],
)
def test_what_a_bank_would_not_take_is_not_written(wrong: Transfer) -> None:
    with pytest.raises(NotAVietQr):
        payload(wrong)


# References


@laws(CHANCE)
def test_a_reference_fits_where_banks_want_it(chance: bytes) -> None:
    reference = reference_from(chance)
    assert len(reference) == 17 and reference.isascii() and reference.isalnum()
    assert read(payload(Transfer("970436", "1", 1, reference))).purpose == reference


@laws(CHANCE, CHANCE)
def test_different_chance_gives_different_references(one: bytes, other: bytes) -> None:
    low = 1 << 70
    same = int.from_bytes(one, "big") % low == int.from_bytes(other, "big") % low
    assert (reference_from(one) == reference_from(other)) == same


@pytest.mark.parametrize(
    "wrapped", ["{}", "MBVCB.512.{}.CT tu 001 toi 002", "nop phi {} cam on", "QR-{}-{}"]
)
@laws(chance=CHANCE)
def test_a_reference_is_found_in_what_banks_wrap_around_it(wrapped: str, chance: bytes) -> None:
    reference = reference_from(chance)
    assert find_reference(wrapped.replace("{}", reference)) == reference
    assert find_reference(wrapped.replace("{}", reference.lower())) == reference


@laws(chance=CHANCE)
def test_a_reference_typed_in_groups_and_with_lookalikes_is_found(chance: bytes) -> None:
    reference = reference_from(chance)
    typed = "MC " + reference[2:].replace("0", "O").replace("1", "l")
    assert find_reference(f"{typed[:8]} {typed[8:]}") == reference


@laws(CHANCE, some.integers(2, 16), some.sampled_from("23456789ABCDEFGH"))
def test_a_wrong_digit_is_noticed(chance: bytes, place: int, digit: str) -> None:
    reference = reference_from(chance)
    if reference[place] not in (digit, "0", "Z"):
        assert find_reference(reference[:place] + digit + reference[place + 1 :]) is None


def test_words_without_a_reference_have_none() -> None:
    assert find_reference("chuyen tien le phi khai sinh") is None
    assert find_reference("") is None
