"""E-mail addresses and phone numbers in the one form in which they are kept and compared. Pure."""

import re

_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_GAPS = re.compile(r"[\s.()-]")
_ABROAD = re.compile(r"^(\+84|0084)")
LONGEST_EMAIL = 254


def email_of(text: str) -> str | None:
    """Read an e-mail address; None if it is none."""
    email = text.strip().lower()
    return email if len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email) else None


def phone_of(text: str) -> str | None:
    """Read a Vietnamese mobile number, written as at home; None if it is none."""
    phone = _ABROAD.sub("0", _GAPS.sub("", text))
    return phone if _MOBILE.fullmatch(phone) else None
