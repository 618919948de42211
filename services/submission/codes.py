"""Codes people read: the dossier code, given at intake, and before it the submission's reference.

Numbers are drawn elsewhere and passed in; here they are only written and read.
"""

import re
from dataclasses import dataclass
from datetime import date

from contracts.values import AgencyCode, DossierCode

AGENCY_PART = r"[A-Z0-9]{1,4}(?:\.[A-Z0-9]{1,4}){0,9}"
AGENCY_CODE = re.compile(AGENCY_PART)
DOSSIER_CODE = re.compile(rf"({AGENCY_PART})-([0-9]{{6}}|[0-9]{{8}})-([0-9]{{4,7}})")
REFERENCE = re.compile(r"NT-([0-9]{6})-([0-9A-HJKMNP-TV-Z]{10})")

LONGEST_AGENCY = 35
LARGEST_NUMBER = 9_999_999
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's digits: none looks like another."""
REFERENCE_BITS = 50


@dataclass(frozen=True)
class CodeParts:
    """A dossier code taken apart; `received_on` is None where its digits are no date."""

    agency: AgencyCode
    received_on: date | None
    number: int


def is_agency_code(text: str) -> bool:
    """Tell whether a text is an agency identifier (Quyết định 20/2020/QĐ-TTg Đ4)."""
    return len(text) <= LONGEST_AGENCY and AGENCY_CODE.fullmatch(text) is not None


def dossier_code(agency: AgencyCode, received_on: date, number: int) -> DossierCode:
    """Write `{agency}-{yymmdd}-{n}`, with the local day of intake (Thông tư 01/2018/TT-VPCP Đ19).

    The number has four digits, and more on a day that has more dossiers.
    """
    if not is_agency_code(agency) or not 1 <= number <= LARGEST_NUMBER:
        raise ValueError(f"no dossier code for {agency!r} and {number}")
    return DossierCode(f"{agency}-{received_on:%y%m%d}-{number:04d}")


def read_dossier_code(text: str) -> CodeParts | None:
    """Read a code in any style in use; None when it is none."""
    written = DOSSIER_CODE.fullmatch(text.strip().upper())
    if not written or len(written[1]) > LONGEST_AGENCY:
        return None
    return CodeParts(AgencyCode(written[1]), _day(written[2]), int(written[3]))


def _day(digits: str) -> date | None:
    whole = digits if len(digits) == 8 else f"20{digits}"
    try:
        return date(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    except ValueError:
        return None


def submission_reference(submitted_on: date, random: int) -> str:
    """Write `NT-` (nộp trực tuyến), the local day and 50 random bits, so that nobody guesses it.

    Codes are not spent on what may be refused; this stands in until intake.
    """
    if not 0 <= random < 1 << REFERENCE_BITS:
        raise ValueError("50 random bits are needed")
    letters = (LETTERS[random >> shift & 31] for shift in range(REFERENCE_BITS - 5, -1, -5))
    return f"NT-{submitted_on:%y%m%d}-{''.join(letters)}"


def is_submission_reference(text: str) -> bool:
    """Tell whether a text is a reference of a submission."""
    return REFERENCE.fullmatch(text.strip().upper()) is not None


def as_written(text: str) -> frozenset[str]:
    """Give the ways in which a code or a reference that somebody typed may stand here: with or
    without spaces, in small letters, in another style in use. None where it is neither.
    """
    typed = "".join(text.split()).upper()
    if is_submission_reference(typed):
        return frozenset({typed})
    parts = read_dossier_code(typed)
    if parts is None:
        return frozenset()
    if parts.received_on is None or parts.number == 0:
        return frozenset({typed})
    return frozenset({typed, dossier_code(parts.agency, parts.received_on, parts.number)})
