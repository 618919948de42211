"""The bank's back office: answers its customer's questions, gives money back, writes statements."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .ledger import Entry
from .signing import QUERY, QUERY_ANSWER, REFUND, REFUND_ANSWER, local_time, sign_fields
from .teller import STATUSES, Teller, note


class BackOffice:
    """Serves the customer."""

    def __init__(self, teller: Teller) -> None:
        """Work from the books of the counter."""
        self._teller = teller
        self._config = teller.config
        self._ledger = teller.ledger

    def answer(self, question: Mapping[str, Any]) -> dict[str, str]:
        """Answer a query or do a refund."""
        asked = {name: str(value) for name, value in question.items()}
        command = asked.get("vnp_Command", "")
        names = {"querydr": QUERY, "refund": REFUND}.get(command)
        if names is None:
            return self._answer(asked, "03", QUERY_ANSWER)
        answered = QUERY_ANSWER if command == "querydr" else REFUND_ANSWER
        if sign_fields(self._config.secret, asked, names) != asked.get("vnp_SecureHash"):
            return self._answer(asked, "97", answered)
        if asked["vnp_TmnCode"] != self._config.terminal:
            return self._answer(asked, "02", answered)
        entry = self._ledger.order(asked["vnp_TxnRef"])
        if entry is None:
            return self._answer(asked, "91", answered)
        entry = self._teller.expire(entry)
        code = "00" if command == "querydr" else self._refund(asked, entry)
        return self._answer(asked, code, answered, self._ledger.entry(entry.number))

    def _refund(self, asked: Mapping[str, str], entry: Entry) -> str:
        if entry.state == "refunded":
            return "94"
        refused = self._teller.manners(entry.reference).refunds == "refused"
        if refused or asked["vnp_Amount"] != str(entry.amount * 100):
            return "95"
        return "00" if self._ledger.give_back(entry.number) else "95"

    def _answer(
        self, asked: Mapping[str, str], code: str, names: str, entry: Entry | None = None
    ) -> dict[str, str]:
        told = {
            "vnp_ResponseId": secrets.token_hex(16),
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
                "vnp_TransactionStatus": "05" if refunded else STATUSES.get(entry.state, "02"),
                "vnp_OrderInfo": entry.text,
            }
        return told | {"vnp_SecureHash": sign_fields(self._config.secret, told, names)}

    def statement(self, since: datetime, until: datetime) -> list[dict[str, object]]:
        """List what reached the customer's account in a span of time, the oldest first."""
        paid = [entry for entry in self._ledger.entries() if entry.paid_at]
        within = [e for e in paid if since <= datetime.fromisoformat(e.paid_at) < until]
        return [note(entry, entry.amount) for entry in reversed(within)]
