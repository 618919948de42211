"""VNPAY's query and refund: JSON both ways, signed over chosen fields joined by bars. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .vnpay import (
    VERSION,
    BankWord,
    NotGenuine,
    Outcome,
    Terminal,
    TurnedAway,
    bank_time,
    is_signed,
    outcome,
    plain,
    read_amount,
    read_bank_time,
    signature,
)

_REQUEST = ("vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode")
_WHEN = ("vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo")
_QUERY = (*_REQUEST, "vnp_TxnRef", "vnp_TransactionDate", *_WHEN)
_REFUND = (
    *_REQUEST,
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    *_WHEN,
)
_REFUND_ANSWER = (
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
)
_QUERY_ANSWER = (*_REFUND_ANSWER, "vnp_PromotionCode", "vnp_PromotionAmount")

_UNKNOWN = "91"
_UNDER_WAY = "94"
_PAYMENT = "01"
_FULL_REFUND = "02"


@dataclass(frozen=True)
class Asked:
    """Who asks the bank, and when: the request's own id (32 characters, new for every request)."""

    request_id: str
    at: datetime
    address: str = "127.0.0.1"


@dataclass(frozen=True)
class RefundWord:
    """What the bank says to a refund."""

    transaction: str
    outcome: Outcome
    code: str


def query_request(
    terminal: Terminal, asked: Asked, transaction: str, started: datetime
) -> dict[str, str]:
    """Ask what became of an attempt that set out at `started`."""
    body = _head(terminal, asked, "querydr", transaction, started)
    return _sign(terminal, body, _QUERY)


def refund_request(
    terminal: Terminal, asked: Asked, paid: BankWord, started: datetime, officer: str
) -> dict[str, str]:
    """Ask to give the whole amount of a paid transaction back; `officer` is an id, not a name."""
    body = _head(terminal, asked, "refund", paid.transaction, started) | {
        "vnp_TransactionType": _FULL_REFUND,
        "vnp_Amount": str(paid.amount * 100),
        "vnp_TransactionNo": paid.bank_reference or "0",
        "vnp_CreateBy": officer,
    }
    return _sign(terminal, body, _REFUND)


def _head(
    terminal: Terminal, asked: Asked, command: str, transaction: str, started: datetime
) -> dict[str, str]:
    return {
        "vnp_RequestId": asked.request_id,
        "vnp_Version": VERSION,
        "vnp_Command": command,
        "vnp_TmnCode": terminal.code,
        "vnp_TxnRef": transaction,
        "vnp_TransactionDate": bank_time(started),
        "vnp_CreateDate": bank_time(asked.at),
        "vnp_IpAddr": asked.address,
        "vnp_OrderInfo": plain(f"{command} {transaction}"),
    }


def read_query_answer(
    terminal: Terminal, told: Mapping[str, object], transaction: str
) -> BankWord | None:
    """Read what became of an attempt; None when the bank does not know it."""
    fields = _genuine(terminal, told, _QUERY_ANSWER, "querydr")
    if fields["vnp_ResponseCode"] == _UNKNOWN:
        return None
    if fields["vnp_ResponseCode"] != "00":
        raise TurnedAway(fields["vnp_ResponseCode"][:8])
    _about(fields, transaction)
    status = fields["vnp_TransactionStatus"]
    paid = fields["vnp_TransactionType"] in ("", _PAYMENT)
    return BankWord(
        transaction=transaction,
        amount=read_amount(fields["vnp_Amount"]),
        outcome=outcome("00", status) if paid else Outcome.PENDING,
        code=status[:8],
        bank_reference=fields["vnp_TransactionNo"][:32],
        paid_at=read_bank_time(fields["vnp_PayDate"]),
    )


def read_refund_answer(
    terminal: Terminal, told: Mapping[str, object], transaction: str
) -> RefundWord:
    """Read what became of a refund: taken on (now or earlier), unclear, or turned down."""
    fields = _genuine(terminal, told, _REFUND_ANSWER, "refund")
    _about(fields, transaction)
    code, status = fields["vnp_ResponseCode"][:8], fields["vnp_TransactionStatus"]
    if code in ("00", _UNDER_WAY):
        became = Outcome.FAILURE if status in ("02", "09") else Outcome.SUCCESS
    else:
        became = Outcome.PENDING if code == "99" else Outcome.FAILURE
    return RefundWord(transaction, became, code if code != "00" else status[:8])


def _genuine(
    terminal: Terminal, told: Mapping[str, object], names: tuple[str, ...], command: str
) -> dict[str, str]:
    fields = {name: _text(told.get(name)) for name in names}
    text = "|".join(fields.values())
    if not is_signed(terminal.secret, text, _text(told.get("vnp_SecureHash"))):
        raise NotGenuine("signature")
    if fields["vnp_TmnCode"] != terminal.code or fields["vnp_Command"] != command:
        raise NotGenuine("not an answer to us")
    return fields


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _about(fields: Mapping[str, str], transaction: str) -> None:
    if fields["vnp_TxnRef"] != transaction:
        raise NotGenuine("another transaction")


def _sign(terminal: Terminal, body: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    text = "|".join(body[name] for name in names)
    return body | {"vnp_SecureHash": signature(terminal.secret, text)}
