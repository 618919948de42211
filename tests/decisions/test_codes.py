"""Codes people read out on the telephone: written one way, read in every way in use."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contracts.values import AgencyCode
from services.submission.codes import (
    DOSSIER_CODE,
    as_written,
    dossier_code,
    is_agency_code,
    is_submission_reference,
    read_dossier_code,
    submission_reference,
)

BINH_LANG = AgencyCode("H23.39.02")
A_DAY = date(2026, 3, 5)


def test_a_dossier_code_names_its_agency_its_day_and_its_number():
    assert dossier_code(BINH_LANG, A_DAY, 1) == "H23.39.02-260305-0001"


def test_the_ten_thousandth_dossier_of_a_day_gets_a_wider_number():
    assert dossier_code(BINH_LANG, A_DAY, 9_999) == "H23.39.02-260305-9999"
    assert dossier_code(BINH_LANG, A_DAY, 10_000) == "H23.39.02-260305-10000"


@pytest.mark.parametrize(
    "code",
    [
        "H15.50.05.13-261008-0975",
        "G09.20-20260609-0092637",
        "000.A0.01.H26-210212-9090",
        " h23.39.02-260305-0001 ",
    ],
)
def test_every_style_in_use_is_read(code: str):
    assert read_dossier_code(code) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H23.39.02",
        "H23.39.02-260305-001",
        "H23.39.02-260305-00000001",
        "H23.39.02-26030-0001",
        "H23..02-260305-0001",
        "H23.39.02-260305-0001\nX",
        "H23.39.02-٢٦٠٣٠٥-0001",
        "A234.A234.A234.A234.A234.A234.A234.A234-260305-0001",
        "NT-260305-0123456789",
    ],
)
def test_what_is_no_dossier_code_is_not_read(text: str):
    assert read_dossier_code(text) is None


@pytest.mark.parametrize(
    "typed",
    [
        "H23.39.02-260305-0001",
        " h23.39.02 - 260305 - 0001",
        "H23.39.02-20260305-0001",
        "h23.39.02-20260305-0000001",
    ],
)
def test_a_code_is_found_however_it_was_typed(typed: str):
    assert "H23.39.02-260305-0001" in as_written(typed)


def test_a_reference_is_found_in_small_letters_and_what_is_neither_is_not_looked_for():
    assert as_written("nt-260305-0123 456789") == {"NT-260305-0123456789"}
    assert as_written("H23.39.02-261399-0000") == {"H23.39.02-261399-0000"}
    assert as_written("Nguyễn Văn An") == as_written("") == set()


@given(some.text(max_size=60))
def test_no_text_breaks_the_search_for_a_number(text: str):
    assert all("\x00" not in written for written in as_written(text))


def test_digits_that_are_no_date_still_make_a_code():
    read = read_dossier_code("H23.39.02-261399-0001")
    assert read is not None
    assert read.received_on is None


@pytest.mark.parametrize("number", [0, -1, 10_000_000])
def test_a_number_that_does_not_fit_is_refused(number: int):
    with pytest.raises(ValueError, match="no dossier code"):
        dossier_code(BINH_LANG, A_DAY, number)


@pytest.mark.parametrize("agency", ["", "h23", "H23.", "H23/39", "A2345", "Ủ23"])
def test_what_is_no_agency_identifier_is_refused(agency: str):
    assert not is_agency_code(agency)
    with pytest.raises(ValueError, match="no dossier code"):
        dossier_code(AgencyCode(agency), A_DAY, 1)


@given(
    some.from_regex(r"[A-Z0-9]{1,4}(\.[A-Z0-9]{1,4}){0,5}", fullmatch=True),
    some.dates(date(2000, 1, 1), date(2099, 12, 31)),
    some.integers(1, 9_999_999),
)
def test_a_code_that_was_written_reads_back(agency: str, day: date, number: int):
    code = dossier_code(AgencyCode(agency), day, number)
    read = read_dossier_code(code)
    assert DOSSIER_CODE.fullmatch(code)
    assert read is not None
    assert (read.agency, read.received_on, read.number) == (agency, day, number)


@given(some.integers(0, 2**50 - 1))
def test_a_reference_is_no_dossier_code_and_fits_a_bank_transfer(random: int):
    reference = submission_reference(A_DAY, random)
    assert is_submission_reference(reference)
    assert read_dossier_code(reference) is None
    assert len(reference) <= 25


@given(some.integers(0, 2**50 - 1), some.integers(0, 2**50 - 1))
def test_different_bits_make_different_references(one: int, other: int):
    same = submission_reference(A_DAY, one) == submission_reference(A_DAY, other)
    assert same == (one == other)


def test_too_many_bits_are_refused():
    with pytest.raises(ValueError, match="50"):
        submission_reference(A_DAY, 2**50)
