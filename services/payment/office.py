"""Everything the payment service's doors work with, put together in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.numbers import Numbers
from chassis.service import Tools
from chassis.settings import Settings

from .asking import Asking, Payments
from .gateway import Addresses, Gateway
from .queries import Queries
from .vnpay import Terminal


@dataclass(frozen=True)
class Office:
    """The log, its table, the bank, and what turns the bank's word into facts."""

    payments: Payments
    queries: Queries
    gateway: Gateway
    numbers: Numbers
    asking: Asking
    return_url: str
    patience: float
    now: Callable[[], datetime]

    @classmethod
    def of(cls, tools: Tools) -> "Office":
        """Open it with a process's tools."""
        settings = tools.settings
        terminal = Terminal(settings.vnpay_terminal, settings.vnpay_secret.get_secret_value())
        gateway = Gateway(terminal, _addresses(settings), tools.http)
        queries, numbers = Queries(tools.pool), Numbers(tools.pool)
        return cls(
            payments=tools.commands,
            queries=queries,
            gateway=gateway,
            numbers=numbers,
            asking=Asking(tools.commands, queries, gateway, numbers),
            return_url=f"{settings.url_of('payment')}/vnpay/return",
            patience=settings.settle_after_seconds,
            now=tools.now,
        )


def _addresses(settings: Settings) -> Addresses:
    return Addresses(
        page=settings.vnpay_url,
        api=settings.vnpay_api_url,
        statement=settings.bank_statement_url,
        bank=settings.vietqr_bin,
        account=settings.vietqr_account,
    )
