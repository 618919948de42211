"""What people ask of payments: payers of their own, desks of their agency's, auditors of all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from contracts.http.payment import PaymentView
from contracts.values import AgencyCode, DossierId, PaymentId, PersonId

from .vnpay_meanings import meaning_of


class Queries:
    """Reads the table of payments."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool

    async def payment(self, payment: PaymentId) -> PaymentView | None:
        """Give one payment."""
        rows = await self._rows("payment_id = $1", payment)
        return rows[0] if rows else None

    async def of_dossier(self, dossier: DossierId) -> PaymentView | None:
        """Give a dossier's payment."""
        rows = await self._rows("dossier_id = $1", dossier)
        return rows[0] if rows else None

    async def by_transaction(self, transaction: str) -> PaymentView | None:
        """Find the payment that a reference at the bank belongs to."""
        rows = await self._rows("transactions @> array[$1::text]", transaction)
        return rows[0] if rows else None

    async def by_transactions(self, transactions: Sequence[str]) -> dict[str, PaymentView]:
        """Find the payments that many references at the bank belong to, in one query."""
        found = await self._rows("transactions && $1::text[]", list(transactions))
        return {transaction: view for view in found for transaction in view.transactions}

    async def mine(self, payer: PersonId) -> list[PaymentView]:
        """List a payer's payments, the latest first."""
        return await self._rows("payer = $1 order by opened_at desc limit 200", payer)

    async def at_desk(
        self, agencies: Sequence[AgencyCode], status: str | None, refund: str | None
    ) -> list[PaymentView]:
        """List the payments of agencies, by status or by the refund somebody has to look after."""
        return await self._rows(
            "agency = any($1) and ($2::text is null or status = $2) "
            "and ($3::text is null or refund = $3) order by opened_at desc limit 500",
            list(agencies),
            status,
            refund,
        )

    async def page(self, after: UUID | None, limit: int) -> list[PaymentView]:
        """List all payments page by page, for auditors."""
        return await self._rows(
            "($1::uuid is null or payment_id > $1) order by payment_id limit $2", after, limit
        )

    async def unanswered(self, before: datetime) -> list[PaymentView]:
        """List payments with an attempt at the bank that has had no answer for too long."""
        return await self._rows("unanswered_since < $1 order by unanswered_since limit 200", before)

    async def _rows(self, where: str, *arguments: Any) -> list[PaymentView]:
        rows = await self._pool.fetch(f"select * from payments where {where}", *arguments)
        return [_view(row) for row in rows]


def _view(row: "asyncpg.Record") -> PaymentView:
    texts = {name: row[name] for name in ("receipt", "money", "mismatches", "refunds")}
    opened = {name: None if text is None else orjson.loads(text) for name, text in texts.items()}
    attempts = [_explained(attempt) for attempt in orjson.loads(row["attempts"])]
    return PaymentView.model_validate({**dict(row), **opened, "attempts": attempts})


def _explained(attempt: dict[str, Any]) -> dict[str, Any]:
    """Say why an attempt failed; one that was paid after all needs no reason."""
    vi, en = meaning_of(attempt["code"]) if attempt["state"] == "failed" else ("", "")
    return {**attempt, "why_vi": vi, "why_en": en}
