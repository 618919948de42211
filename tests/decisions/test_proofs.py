"""How people prove who they are: numbers, contacts, passwords, codes, and guessing slowed down."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.citizen_id import doubts, is_citizen_id, year_of_birth
from services.accounts.codes import code_of, issue_at, same_code
from services.accounts.contacts import email_of, phone_of
from services.accounts.passwords import PasswordTooCommon, PasswordTooShort, check_password
from services.accounts.session import NETWORK, PASSWORD, lifetime_of, network_of

TODAY = date(2026, 3, 5)
AN = UUID(int=1)


@pytest.mark.parametrize(
    ("number", "sound"),
    [
        ("030095012345", True),
        ("096204012345", True),
        ("101195012345", True),
        ("000095012345", False),
        ("097095012345", False),
        ("03009501234", False),
        ("0300950123456", False),
        ("03009501234a", False),
        ("٠٣٠٠٩٥٠١٢٣٤٥", False),
    ],
)
def test_a_citizen_number_has_twelve_digits_and_begins_with_a_place(
    number: str, sound: bool
) -> None:
    assert is_citizen_id(number) is sound


def test_a_citizen_number_tells_year_and_sex() -> None:
    assert year_of_birth("030095012345") == 1995
    assert year_of_birth("030304012345") == 2004
    assert doubts("030095012345", date(1995, 3, 5), "male", TODAY) == []
    assert doubts("030095012345", date(1959, 3, 5), "female", TODAY) == ["birth_date", "gender"]
    assert doubts("030295012345", None, None, TODAY) == ["birth_date"]  # in 2095


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0912345678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("0084 (91) 234-5678", "0912345678"),
        ("0212345678", None),
        ("091234567", None),
        ("٠٩١٢٣٤٥٦٧٨", None),
    ],
)
def test_a_phone_is_kept_as_it_is_written_at_home(text: str, phone: str | None) -> None:
    assert phone_of(text) == phone


@pytest.mark.parametrize(
    ("text", "email"),
    [
        (" An.Nguyen+1@Example.VN ", "an.nguyen+1@example.vn"),
        ("an@localhost", None),
        ("an@example.vn\nBcc: all@example.vn", None),
        ("a..n@example.vn", None),
        ("an@-example.vn", None),
        ("Kelvin\u212a@example.vn", "kelvink@example.vn"),
        ("an@" + "a" * 250 + ".vn", None),
    ],
)
def test_an_address_has_one_form(text: str, email: str | None) -> None:
    assert email_of(text) == email


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_contacts(text: str) -> None:
    for read in (email_of, phone_of):
        once = read(text)
        assert once is None or read(once) == once


@pytest.mark.parametrize(
    "password",
    [
        "con mèo trèo cây cau",
        "mot-cua-tren-may-toi",
        "mot cau that dai 12345678",
        "xK9#vQ2!mLp8@wZ",
        "84029175038461729506",
    ],
)
def test_what_is_long_and_not_common_will_do(password: str) -> None:
    check_password(password, ["Nguyễn Văn An", "an@example.vn", "0912345678", "030095012345"])


@pytest.mark.parametrize(
    "password",
    [
        "123456789012345",
        "matkhaumatkhau1",
        "Mật Khẩu 123456789",
        "aaaaaaaaaaaaaaaa",
        "password-password",
        "Nguyễn Văn An 1234",
        "an@example.vn0912345678",
        "MotCua-HaiPhong-1",
    ],
)
def test_what_everybody_tries_first_will_not(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(password, ["Nguyễn Văn An", "an@example.vn", "0912345678"])


def test_a_password_has_fifteen_characters_however_they_are_typed() -> None:
    check_password("ắ" * 3 + "con mèo trèo")
    with pytest.raises(PasswordTooShort):
        check_password("a\u0306\u0301" * 2 + "con mèo trèo")


def test_a_code_is_of_one_purpose_one_registration_and_one_issue() -> None:
    at = issue_at(datetime(2026, 3, 5, tzinfo=UTC))
    code = code_of("pepper", "registration", AN, at)
    assert len(code) == 6
    assert code.isdigit()
    others = {
        code_of("other", "registration", AN, at),
        code_of("pepper", "registration", UUID(int=2), at),
        code_of("pepper", "registration", AN, at + 1),
    }
    assert code not in others
    assert len(code_of("pepper", "invitation", AN, at)) > 20


def test_a_code_may_be_typed_with_gaps_and_in_small_letters() -> None:
    code = code_of("pepper", "invitation", AN, 1)
    assert same_code(code.lower().replace("-", " "), code)
    assert not same_code(code[:-1], code)
    assert not same_code("không", code)


def test_guessing_waits_longer_each_time_up_to_a_limit() -> None:
    pauses = PASSWORD.pauses()
    assert pauses[:7] == [0, 0, 0, 0, 0, 2, 4]
    assert pauses[-1] == 15 * 60
    assert pauses == sorted(pauses)
    assert NETWORK.pauses().count(0) == 300


def test_who_sees_other_peoples_data_is_signed_out_sooner() -> None:
    for kind in ("staff", "administrator", "auditor"):
        assert lifetime_of(kind).idle == timedelta(minutes=30)
        assert lifetime_of(kind).longest == timedelta(hours=12)
    assert lifetime_of("citizen").idle > timedelta(hours=1)


def test_addresses_that_one_caller_can_choose_among_are_one_network() -> None:
    assert network_of("203.0.113.7") == network_of("203.0.113.250") == "203.0.113.0/24"
    assert network_of("2001:db8::1") == network_of("2001:db8:0:1::9")
    assert network_of("not an address") == "unknown"
