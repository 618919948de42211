"""VietQR: the payload of a QR code for a bank transfer (EMVCo, NAPAS), and its checksum. Pure."""

import re
from dataclasses import dataclass

_NAPAS = "A000000727"
_TO_ACCOUNT = "QRIBFTTA"
_LONGEST_PURPOSE = 25
_LARGEST = 10**12


class NotAVietQr(ValueError):
    """The text is not a VietQR transfer, or was damaged."""


@dataclass(frozen=True)
class Transfer:
    """What a payer's bank reads from the code."""

    bank: str
    account: str
    amount: int
    purpose: str


def crc(text: str) -> str:
    """Compute CRC-16/CCITT-FALSE as four upper-case hex digits."""
    register = 0xFFFF
    for byte in text.encode():
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1 ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    return f"{register:04X}"


def payload(transfer: Transfer) -> str:
    """Write the text of the QR code: one bill, its amount and purpose fixed."""
    _check(transfer)
    beneficiary = _field("00", transfer.bank) + _field("01", transfer.account)
    account = _field("00", _NAPAS) + _field("01", beneficiary) + _field("02", _TO_ACCOUNT)
    text = (
        _field("00", "01")
        + _field("01", "12")
        + _field("38", account)
        + _field("53", "704")
        + _field("54", str(transfer.amount))
        + _field("58", "VN")
        + _field("62", _field("08", transfer.purpose))
        + "6304"
    )
    return text + crc(text)


def read(text: str) -> Transfer:
    """Read a code back; NotAVietQr when it is damaged or something else."""
    if len(text) > 512 or not text.isascii() or text[-8:-4] != "6304":
        raise NotAVietQr("not a VietQR")
    if crc(text[:-4]) != text[-4:]:
        raise NotAVietQr("checksum")
    try:
        fields = _fields(text)
        account = _fields(fields["38"])
        beneficiary = _fields(account["01"])
        transfer = Transfer(
            beneficiary["00"], beneficiary["01"], int(fields["54"]), _fields(fields["62"])["08"]
        )
    except (KeyError, ValueError) as cause:
        raise NotAVietQr("a field is missing") from cause
    _check(transfer)
    return transfer


def _check(transfer: Transfer) -> None:
    if not re.fullmatch(r"[0-9]{6}", transfer.bank):
        raise NotAVietQr("a bank's number has six digits")
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", transfer.account):
        raise NotAVietQr("an account has up to 19 letters and digits")
    if not 0 < transfer.amount <= _LARGEST:
        raise NotAVietQr("an amount is whole đồng above nothing")
    if not re.fullmatch(rf"[0-9A-Za-z ]{{1,{_LONGEST_PURPOSE}}}", transfer.purpose):
        raise NotAVietQr("a purpose has up to 25 plain letters, digits and spaces")


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        if len(text) < 4 + length or tag in found:
            raise NotAVietQr("cut off")
        found[tag], text = text[4 : 4 + length], text[4 + length :]
    return found
