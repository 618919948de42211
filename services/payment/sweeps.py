"""The clock role: nobody has to ask for the money of a payment whose callback never came.

Attempts without an answer are asked about; the bank's statement is read again and again, so that
transfers, and whatever else we were not told of, are settled too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from chassis.errands import Sweep
from chassis.failures import cause_in_words
from chassis.service import Tools

from .gateway import BankNotBelieved, BankUnreachable
from .office import Office

log = structlog.get_logger()

_OVERLAP = timedelta(days=1)
"""How far back each statement begins before the last one: banks book late."""

_FIRST = timedelta(days=30)


def sweeps(tools: Tools) -> Sequence[Sweep]:
    """Say what is done again and again, and how often: several times within our patience."""
    office = Office.of(tools)
    reader = StatementReader(office, tools)

    async def ask() -> None:
        await ask_about_unanswered(office)

    return (
        Sweep(min(60.0, max(1.0, office.patience / 4)), ask),
        Sweep(min(600.0, max(1.0, office.patience / 2)), reader.read),
    )


async def ask_about_unanswered(office: Office) -> None:
    """Ask about every attempt that waited too long; one that cannot be recorded stops no other."""
    now = office.now()
    for payment in await office.queries.unanswered(now - timedelta(seconds=office.patience)):
        try:
            await office.asking.ask_open(payment, now)
        except Exception:
            log.exception("bank_word_not_recorded", payment=str(payment.payment_id))


class StatementReader:
    """Reads the bank's statement on from where it was last read."""

    def __init__(self, office: Office, tools: Tools) -> None:
        """Take what is needed, and the database that remembers how far it was read."""
        self._office, self._pool = office, tools.pool

    async def read(self) -> None:
        """Write down what is new; only a statement that was read whole moves the mark."""
        now = self._office.now()
        try:
            await self._office.asking.reconcile(await self._since(now), now)
        except (BankUnreachable, BankNotBelieved) as cause:
            log.warning("statement_not_read", cause=cause_in_words(cause))
        else:
            await self._pool.execute(
                "insert into statement_read (until) values ($1) "
                "on conflict (one) do update set until = excluded.until",
                now,
            )

    async def _since(self, now: datetime) -> datetime:
        until = await self._pool.fetchval("select until from statement_read")
        return now - _FIRST if until is None else until - _OVERLAP
