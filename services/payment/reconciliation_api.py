"""HTTP in: the bank's book beside ours, for auditors to see and administrators to catch up with."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from chassis.auth import Administrator, Auditor
from chassis.problems import Problem
from contracts.http.payment import Statement, StatementLine
from contracts.values import PaymentMethod

from .advice import Credit
from .gateway import BankNotBelieved, BankUnreachable
from .office import Office

Days = Annotated[int, Query(ge=1, le=366)]


def reconciling(office: Office) -> APIRouter:
    """What the bank's statement is used for."""
    router, asking = APIRouter(tags=["reconciliation"]), office.asking

    @router.get("/statement")
    async def statement(auditor: Auditor, days: Days = 30) -> Statement:
        """Show what the bank says reached our account; changes nothing."""
        del auditor
        now = office.now()
        with _bank_may_be_away():
            return _shown(await asking.statement(now - timedelta(days=days), now))

    @router.post("/reconciliation")
    async def reconcile(administrator: Administrator, days: Days = 30) -> Statement:
        """Write down whatever the bank's statement knows and we do not."""
        del administrator
        now = office.now()
        with _bank_may_be_away():
            return _shown(await asking.reconcile(now - timedelta(days=days), now))

    return router


@contextmanager
def _bank_may_be_away() -> Generator[None]:
    try:
        yield
    except (BankUnreachable, BankNotBelieved) as cause:
        raise Problem(
            503,
            "bank-away",
            "Ngân hàng chưa trả lời được. Hãy thử lại sau ít phút.",
            "The bank gave no answer we can use. Try again in a few minutes.",
            headers={"Retry-After": "60"},
        ) from cause


def _shown(credits_: list[Credit]) -> Statement:
    return Statement(
        credits=[
            StatementLine(
                transaction=credit.transaction,
                amount=credit.amount,
                method=PaymentMethod(credit.method),
                bank_reference=credit.bank_reference,
                refunded=credit.refunded,
                at=credit.at,
            )
            for credit in credits_
        ]
    )
