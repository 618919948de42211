"""The bank's counter: takes orders, lets payers pay or break off, and has the customer called."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from chassis.clock import utc_now

from .config import BankConfig
from .knobs import Knobs
from .ledger import Call, Entry, Ledger
from .signing import (
    first_of_each,
    is_signed_query,
    local_time,
    read_local_time,
    signed_query,
)

Wish = Literal["paid", "cancelled", "failed"]
CODES: dict[str, str] = {"paid": "00", "cancelled": "24", "failed": "51", "expired": "11"}
STATUSES = {"open": "01", "paid": "00", "refunded": "00"}
"""Transaction statuses; every other state is 02."""
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
            return self.expire(known)
        try:
            return self.expire(self.ledger.add(_new_order(told)))
        except (KeyError, ValueError) as cause:
            raise TurnedDown("03", "an order is missing something") from cause

    def expire(self, entry: Entry) -> Entry:
        """Close an order whose time is over."""
        late = entry.state == "open" and utc_now() > datetime.fromisoformat(entry.expires_at)
        if late and self.ledger.decide(entry.number, "expired", CODES["expired"], ""):
            self._call(self.ledger.entry(entry.number), "ipn")
        return self.ledger.entry(entry.number)

    def decide(self, reference: str, wish: Wish, code: str = "") -> Entry:
        """Let the payer pay or break off; what was decided before stays."""
        entry = self.ledger.order(reference)
        if entry is None:
            raise TurnedDown("91", "no such order")
        entry = self.expire(entry)
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
        status = STATUSES.get(entry.state, "02")
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


def note(entry: Entry, amount: int) -> dict[str, object]:
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


def _new_order(told: Mapping[str, str]) -> Entry:
    amount = int(told["vnp_Amount"])
    if amount <= 0 or amount % 100:
        raise ValueError("amount")
    created = read_local_time(told["vnp_CreateDate"])
    expires = told.get("vnp_ExpireDate")
    until = read_local_time(expires) if expires else created + timedelta(minutes=15)
    return Entry(
        number=0,
        reference=told["vnp_TxnRef"],
        method="vnpay",
        amount=amount // 100,
        text=told["vnp_OrderInfo"],
        return_url=told["vnp_ReturnUrl"],
        created_at=created.isoformat(),
        expires_at=until.isoformat(),
        state="open",
        code="",
        paid_at="",
    )
