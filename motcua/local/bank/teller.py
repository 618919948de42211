"""What the bank does: takes orders, lets people pay or break off, answers questions, gives money back."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from chassis.clock import utc_now

from .config import BankConfig
from .knobs import Knobs
from .ledger import Call, Entry, Ledger
from .signing import (
    QUERY,
    QUERY_ANSWER,
    REFUND,
    REFUND_ANSWER,
    first_of_each,
    is_signed_query,
    local_time,
    read_local_time,
    sign_fields,
    signed_query,
)

Wish = Literal["paid", "cancelled", "failed"]
CODES: dict[str, str] = {"paid": "00", "cancelled": "24", "failed": "51", "expired": "11"}
_STATUS = {"open": "01", "paid": "00", "refunded": "00"}
TRIES = 10


class TurnedDown(Exception):
    """The bank will not do it; a code of its documents, and a reason."""

    def __init__(self, code: str, reason: str) -> None:
        """Say why."""
        super().__init__(f"{code}: {reason}")
        self.code, self.reason = code, reason


class Teller:
    """Serves payers and the one customer."""

    def __init__(self, config: BankConfig, ledger: Ledger) -> None:
        """Take the customer's data and the books."""
        self.config = config
        self.ledger = ledger

    # Payers

    def open_order(self, query: str) -> Entry:
        """Take an order from the address its payer was sent with, the same order only once."""
        told = first_of_each(parse_qsl(query, keep_blank_values=True))
        if not is_signed_query(self.config.secret, told):
            raise TurnedDown("97", "wrong signature")
        if told.get("vnp_TmnCode") != self.config.terminal or told.get("vnp_Command") != "pay":
            raise TurnedDown("03", "not an order of our customer")
        known = self.ledger.order(told["vnp_TxnRef"])
        if known is not None:
            return self._expire(known)
        try:
            return self._expire(self.ledger.add(_new_order(told)))
        except (KeyError, ValueError) as cause:
            raise TurnedDown("03", "an order is missing something") from cause

    def _expire(self, entry: Entry) -> Entry:
        late = entry.state == "open" and utc_now() > datetime.fromisoformat(entry.expires_at)
        if late and self.ledger.decide(entry.number, "expired", CODES["expired"], ""):
            self._call(self.ledger.entry(entry.number), "ipn")
        return self.ledger.entry(entry.number)

    def decide(self, reference: str, wish: Wish, code: str = "") -> Entry:
        """Let the payer pay or break off; what was decided before stays."""
        entry = self.ledger.order(reference)
        if entry is None:
            raise TurnedDown("91", "no such order")
        entry = self._expire(entry)
        paid_at = utc_now().isoformat() if wish == "paid" else ""
        code = code or CODES[wish] if wish != "paid" else "00"
        if self.ledger.decide(entry.number, wish, code, paid_at):
            self._call(self.ledger.entry(entry.number), "ipn")
        return self.ledger.entry(entry.number)

    def transfer(self, text: str, amount: int) -> Entry:
        """Move money to the customer's account with what the payer typed."""
        now = utc_now().isoformat()
        entry = self.ledger.add(
            Entry(0, "", "vietqr", amount, text, "", now, now, "paid", "00", now)
        )
        self._call(entry, "note")
        return entry

    def _call(self, entry: Entry, kind: Literal["ipn", "note"]) -> None:
        knobs = self._knobs_for(entry.reference)
        if knobs.silent:
            return
        amount = entry.amount if knobs.amount is None else knobs.amount
        tries = 1 if knobs.forged or amount != entry.amount else TRIES
        due = utc_now().timestamp() + knobs.late
        for _ in range(knobs.times):
            self.ledger.owe_call(
                Call(0, kind, entry.number, amount, knobs.forged, due, 0, tries, "")
            )

    def _knobs_for(self, reference: str) -> Knobs:
        turned = self.ledger.knobs()
        if reference in turned:
            return turned[reference]
        if "next" in turned:
            self.ledger.forget_knobs("next")
            return turned["next"]
        return turned.get("all", Knobs())

    def manners(self, reference: str) -> Knobs:
        """Tell how to answer questions about a reference."""
        turned = self.ledger.knobs()
        return turned.get(reference, turned.get("all", Knobs()))

    def call_query(self, entry: Entry, amount: int, *, forged: bool = False) -> str:
        """Write what is told of an order, by call and by the payer's return."""
        status = _STATUS.get(entry.state, "02")
        told = {
            "vnp_Amount": str(amount * 100),
            "vnp_BankCode": "NCB",
            "vnp_CardType": "ATM" if status == "00" else "",
            "vnp_BankTranNo": f"VNP{entry.bank_reference}" if status == "00" else "",
            "vnp_OrderInfo": entry.text,
            "vnp_PayDate": local_time(datetime.fromisoformat(entry.paid_at or entry.created_at)),
            "vnp_ResponseCode": entry.code,
            "vnp_TmnCode": self.config.terminal,
            "vnp_TransactionNo": entry.bank_reference,
            "vnp_TransactionStatus": status,
            "vnp_TxnRef": entry.reference,
        }
        return signed_query("forged" if forged else self.config.secret, told)

    def return_url(self, entry: Entry) -> str:
        """Say where the payer's browser goes afterwards."""
        joint = "&" if urlsplit(entry.return_url).query else "?"
        return f"{entry.return_url}{joint}{self.call_query(entry, entry.amount)}"

    # The customer

    def answer(self, question: Mapping[str, Any]) -> dict[str, str]:
        """Answer a query or do a refund."""
        asked = {name: str(value) for name, value in question.items()}
        command = asked.get("vnp_Command", "")
        names = {"querydr": QUERY, "refund": REFUND}.get(command)
        if names is None:
            return self._answer(asked, "03", QUERY_ANSWER)
        answered = QUERY_ANSWER if command == "querydr" else REFUND_ANSWER
        if sign_fields(self.config.secret, asked, names) != asked.get("vnp_SecureHash"):
            return self._answer(asked, "97", answered)
        if asked["vnp_TmnCode"] != self.config.terminal:
            return self._answer(asked, "02", answered)
        entry = self.ledger.order(asked["vnp_TxnRef"])
        if entry is None:
            return self._answer(asked, "91", answered)
        entry = self._expire(entry)
        code = "00" if command == "querydr" else self._refund(asked, entry)
        return self._answer(asked, code, answered, self.ledger.entry(entry.number))

    def _refund(self, asked: Mapping[str, str], entry: Entry) -> str:
        if entry.state == "refunded":
            return "94"
        refused = self.manners(entry.reference).refunds == "refused"
        if refused or asked["vnp_Amount"] != str(entry.amount * 100):
            return "95"
        return "00" if self.ledger.give_back(entry.number) else "95"

    def _answer(
        self, asked: Mapping[str, str], code: str, names: str, entry: Entry | None = None
    ) -> dict[str, str]:
        told = {
            "vnp_ResponseId": uuid.uuid4().hex,
            "vnp_Command": asked.get("vnp_Command", ""),
            "vnp_ResponseCode": code,
            "vnp_Message": f"code {code}",
            "vnp_TmnCode": asked.get("vnp_TmnCode", ""),
            "vnp_TxnRef": asked.get("vnp_TxnRef", ""),
        }
        if entry is not None:
            refunded = entry.state == "refunded"
            told |= {
                "vnp_Amount": str(entry.amount * 100),
                "vnp_BankCode": "NCB",
                "vnp_PayDate": entry.paid_at and local_time(datetime.fromisoformat(entry.paid_at)),
                "vnp_TransactionNo": entry.bank_reference,
                "vnp_TransactionType": "02" if refunded else "01",
                "vnp_TransactionStatus": "05" if refunded else _STATUS.get(entry.state, "02"),
                "vnp_OrderInfo": entry.text,
            }
        return told | {"vnp_SecureHash": sign_fields(self.config.secret, told, names)}

    def note(self, entry: Entry, amount: int) -> dict[str, object]:
        """Write one line of the account: a credit."""
        return {
            "method": entry.method,
            "reference": entry.reference,
            "text": entry.text,
            "amount": amount,
            "bank_reference": entry.bank_reference,
            "at": entry.paid_at,
            "refunded": entry.state == "refunded",
        }

    def statement(self, since: datetime, until: datetime) -> list[dict[str, object]]:
        """List what reached the customer's account in a span of time, the oldest first."""
        paid = [entry for entry in self.ledger.entries() if entry.paid_at]
        within = [e for e in paid if since <= datetime.fromisoformat(e.paid_at) < until]
        return [self.note(entry, entry.amount) for entry in reversed(within)]


def _new_order(told: Mapping[str, str]) -> Entry:
    amount = int(told["vnp_Amount"])
    if amount <= 0 or amount % 100:
        raise ValueError("amount")
    created = read_local_time(told["vnp_CreateDate"])
    expires = told.get("vnp_ExpireDate")
    until = read_local_time(expires) if expires else created + timedelta(minutes=15)
    entry = Entry(
        0, told["vnp_TxnRef"], "vnpay", amount // 100, told["vnp_OrderInfo"], told["vnp_ReturnUrl"],
        created.isoformat(), until.isoformat(), "open", "", "",
    )  # fmt: skip
    return replace(entry)
