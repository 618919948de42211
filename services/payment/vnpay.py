"""The language of VNPAY PAY 2.1.0: what is signed, how, and what its answers mean. Pure.

A call is believed when its signature is right; the browser that comes back is only shown a page.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha512
from typing import Literal
from urllib.parse import parse_qsl, quote_plus

from contracts.values import VIETNAM

VERSION = "2.1.0"
LONGEST_QUERY = 4096
LARGEST = 10**12
_UNSIGNED = ("vnp_SecureHash", "vnp_SecureHashType")
_TIME = "%Y%m%d%H%M%S"
_PLAIN = re.compile(r"[^0-9A-Za-z.:,_ -]")


class NotGenuine(Exception):
    """What claims to be the bank's word is not signed by the bank, or is not about us."""


class TurnedAway(Exception):
    """The bank answered, and not what it was asked; its code is the argument."""


@dataclass(frozen=True)
class Terminal:
    """Our account at the bank: its public code and the secret we share."""

    code: str
    secret: str = field(repr=False)


class Outcome(StrEnum):
    """What the bank says became of an attempt; pending is asked about again."""

    SUCCESS = "success"
    FAILURE = "failure"
    PENDING = "pending"


@dataclass(frozen=True)
class BankWord:
    """What the bank says of one transaction of ours."""

    transaction: str
    amount: int
    outcome: Outcome
    code: str
    bank_reference: str
    paid_at: datetime | None


@dataclass(frozen=True)
class Order:
    """What the payer is sent to the bank with."""

    transaction: str
    amount: int
    purpose: str
    return_url: str
    address: str
    at: datetime
    expires: datetime
    locale: Literal["vn", "en"] = "vn"


# Signing


def signed_text(parameters: Mapping[str, str]) -> str:
    """Give the text that is signed: sorted by name, form-encoded, nothing empty."""
    signed = sorted((k, v) for k, v in parameters.items() if v and k not in _UNSIGNED)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in signed)


def signature(secret: str, text: str) -> str:
    """Sign a text: HMAC-SHA512, lower-case hex."""
    return hmac.new(secret.encode(), text.encode(), sha512).hexdigest()


def is_signed(secret: str, text: str, told: str) -> bool:
    """Compare a signature in constant time."""
    return hmac.compare_digest(signature(secret, text).encode(), told.lower().encode())


# Sending the payer to the bank


def pay_url(page: str, terminal: Terminal, order: Order) -> str:
    """Build the address of the bank's page for one attempt."""
    text = signed_text(
        {
            "vnp_Version": VERSION,
            "vnp_Command": "pay",
            "vnp_TmnCode": terminal.code,
            "vnp_Amount": str(order.amount * 100),
            "vnp_CurrCode": "VND",
            "vnp_CreateDate": bank_time(order.at),
            "vnp_ExpireDate": bank_time(order.expires),
            "vnp_IpAddr": order.address,
            "vnp_Locale": order.locale,
            "vnp_OrderInfo": plain(order.purpose),
            "vnp_OrderType": "other",
            "vnp_ReturnUrl": order.return_url,
            "vnp_TxnRef": order.transaction,
        }
    )
    return f"{page}?{text}&vnp_SecureHash={signature(terminal.secret, text)}"


def plain(text: str) -> str:
    """Keep of a purpose what the bank accepts: ASCII letters, digits and a few marks."""
    return _PLAIN.sub("", text)[:255]


def bank_time(at: datetime) -> str:
    """Write an instant as the bank does: local time, fourteen digits."""
    return at.astimezone(VIETNAM).strftime(_TIME)


def read_bank_time(text: str) -> datetime | None:
    """Read the bank's fourteen digits; None if they are no time."""
    if not re.fullmatch(r"[0-9]{14}", text):
        return None
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=VIETNAM)
    except ValueError:
        return None


# The bank's call and the payer's return: the same parameters


def read_call(terminal: Terminal, query: str) -> BankWord:
    """Read the query string of a call or a return; NotGenuine unless the bank signed it for us."""
    told = _parameters(query)
    if not is_signed(terminal.secret, signed_text(told), told.get("vnp_SecureHash", "")):
        raise NotGenuine("signature")
    if told.get("vnp_TmnCode") != terminal.code:
        raise NotGenuine("terminal")
    return _word(told)


def _parameters(query: str) -> dict[str, str]:
    if len(query) > LONGEST_QUERY:
        raise NotGenuine("too long")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError as cause:
        raise NotGenuine("unreadable") from cause
    told = {name: value for name, value in pairs if name.startswith("vnp_")}
    if len(told) != sum(name.startswith("vnp_") for name, _ in pairs):
        raise NotGenuine("a parameter twice")
    return told


def _word(told: Mapping[str, str]) -> BankWord:
    response, status = told.get("vnp_ResponseCode", ""), told.get("vnp_TransactionStatus", "")
    return BankWord(
        transaction=told.get("vnp_TxnRef", "")[:100],
        amount=read_amount(told.get("vnp_Amount", "")),
        outcome=outcome(response, status),
        code=(status if response == "00" else response)[:8],
        bank_reference=told.get("vnp_TransactionNo", "")[:32],
        paid_at=read_bank_time(told.get("vnp_PayDate", "")),
    )


def read_amount(text: str) -> int:
    """Read an amount, which the bank multiplies by 100; what is no whole đồng is NotGenuine."""
    if not re.fullmatch(r"[0-9]{1,15}", text) or int(text) % 100 or int(text) > LARGEST * 100:
        raise NotGenuine("amount")
    return int(text) // 100


def outcome(response: str, status: str) -> Outcome:
    """Judge a payment: success needs both codes; money that may still move is pending."""
    if response == status == "00":
        return Outcome.SUCCESS
    undecided = response == "07" or status in ("01", "04", "05", "06", "07")
    half_a_success = response == "00" and status != "02"
    return Outcome.PENDING if undecided or half_a_success else Outcome.FAILURE


class Answer(StrEnum):
    """What the bank's call is answered with; anything but 00 and 02 makes it call again."""

    CONFIRMED = "00"
    NO_SUCH_ORDER = "01"
    ALREADY_CONFIRMED = "02"
    WRONG_AMOUNT = "04"
    WRONG_SIGNATURE = "97"
    TROUBLE = "99"

    @property
    def body(self) -> dict[str, str]:
        """Give the answer's JSON body."""
        return {"RspCode": self.value, "Message": _ANSWERS[self]}


_ANSWERS = {
    Answer.CONFIRMED: "Confirm Success",
    Answer.NO_SUCH_ORDER: "Order not found",
    Answer.ALREADY_CONFIRMED: "Order already confirmed",
    Answer.WRONG_AMOUNT: "Invalid amount",
    Answer.WRONG_SIGNATURE: "Invalid signature",
    Answer.TROUBLE: "Unknown error",
}


@dataclass(frozen=True)
class KnownOrder:
    """What we know of the transaction a call is about."""

    amount: int
    confirmed: bool


def answer(word: BankWord | None, order: KnownOrder | None) -> Answer:
    """Answer a call in the documented order: signature, order, amount, repetition."""
    if word is None:
        return Answer.WRONG_SIGNATURE
    if order is None:
        return Answer.NO_SUCH_ORDER
    if word.amount != order.amount:
        return Answer.WRONG_AMOUNT
    return Answer.ALREADY_CONFIRMED if order.confirmed else Answer.CONFIRMED
