"""What a password must be: long, and not what everybody tries first. Pure.

No rule about kinds of characters and no change by the calendar (NIST SP 800-63B-4): length is what
makes a password hard to guess, and a password manager must be able to paste its own.
"""

import re
import unicodedata
from collections.abc import Iterable

from chassis.decider import Refusal

SHORTEST = 15
"""Characters, while a password is the only proof."""

_LEFT = 6
"""Different characters that must be left when what everybody tries first is taken away."""

_TRIED_FIRST = (
    "password", "passw0rd", "matkhau", "khongbiet", "anhyeuem", "emyeuanh", "iloveyou", "letmein",
    "welcome", "administrator", "admin", "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "zxcvbnm",
    "1q2w3e4r", "abcdefgh", "abc", "vietnam", "hanoi", "saigon", "hochiminh", "haiphong",
    "haiduong", "binhlang", "motcua", "dichvucong", "congdan", "canbo",
    "01234567890", "09876543210", "1234567890", "0987654321",
    "12345678", "87654321", "123456", "654321", "12345", "54321", "1234", "4321",
)  # fmt: skip


class PasswordTooShort(Refusal):
    """Mật khẩu phải có ít nhất 15 ký tự; một câu dễ nhớ là tốt nhất. |
    A password needs at least 15 characters; a sentence you remember is best.
    """

    status = 422


class PasswordTooCommon(Refusal):
    """Mật khẩu này quá dễ đoán. Hãy chọn mật khẩu khác, không gồm tên, số hay địa chỉ của bạn. |
    This password is too easy to guess. Choose another, without your name, number or address.
    """

    status = 422


def same_form(password: str) -> str:
    """Write a password in the one form in which it is hashed, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, own: Iterable[str | None] = ()) -> None:
    """Refuse what is short, or made of common words and the person's `own` data."""
    if len(same_form(password)) < SHORTEST:
        raise PasswordTooShort
    left = _folded(password)
    for word in sorted({*_TRIED_FIRST, *_parts(own)}, key=len, reverse=True):
        left = left.replace(word, "")
    if len(set(left)) < _LEFT:
        raise PasswordTooCommon


def _parts(own: Iterable[str | None]) -> set[str]:
    """Take one's own data apart: the whole of each, and the pieces between dots and spaces."""
    whole = [text for text in own if text]
    pieces = [piece for text in whole for piece in re.split(r"[\s@._+-]+", text)]
    return {folded for text in (*whole, *pieces) if len(folded := _folded(text)) >= 3}


def _folded(text: str) -> str:
    """Take accents, case and all but letters and digits away."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in apart if letter.isalnum())
