"""Our reference at the bank: short, plain, checked, so that it survives hand-typed transfers. Pure.

`MC`, fourteen Crockford digits of chance, a check digit: 17 characters of the 25 a VietQR holds.
"""

import re

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_PREFIX = "MC"
_LENGTH = 14
_MODULUS = 31
"""A prime below 32: weighted sums find nearly all wrong digits and swaps of neighbours."""

ENTROPY = 9
"""Bytes of chance a reference is made of: the 70 bits it holds."""

_CANDIDATE = re.compile(rf"(?=({_PREFIX}[0-9A-Z]{{{_LENGTH + 1}}}))")


def reference_from(chance: bytes) -> str:
    """Make a reference from `ENTROPY` random bytes."""
    value = int.from_bytes(chance, "big")
    body = "".join(_DIGITS[value >> 5 * place & 31] for place in range(_LENGTH))
    return _PREFIX + body + _check_digit(body)


def find_reference(text: str) -> str | None:
    """Find our reference in what a payer typed or a bank wrapped around it."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    for found in _CANDIDATE.finditer(plain):
        body = found[1][len(_PREFIX) :].translate(_LOOKALIKES)
        if set(body) <= set(_DIGITS) and body[-1] == _check_digit(body[:-1]):
            return _PREFIX + body
    return None


def _check_digit(body: str) -> str:
    return _DIGITS[sum(n * _DIGITS.index(digit) for n, digit in enumerate(body, 1)) % _MODULUS]
