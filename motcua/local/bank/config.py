"""What the sandbox bank needs to know: its customer, whom to call, where to keep its books."""

from dataclasses import dataclass, field
from pathlib import Path

from chassis.settings import PORTS, Settings
from motcua.local.trouble import Trouble


@dataclass(frozen=True)
class BankConfig:
    """The bank's one customer and the addresses it calls."""

    terminal: str
    secret: str = field(repr=False)
    call_url: str
    note_url: str
    books: Path

    @classmethod
    def of(cls, settings: Settings) -> "BankConfig":
        """Read the settings of this machine; anywhere else there is no such bank."""
        if not settings.local:
            raise Trouble("The sandbox bank exists only with MOTCUA_ENV=local.")
        secret = settings.vnpay_secret.get_secret_value()
        if not settings.vnpay_terminal or not secret:
            raise Trouble("The sandbox bank needs MOTCUA_VNPAY_TERMINAL and MOTCUA_VNPAY_SECRET.")
        payment = settings.url_of("payment")
        return cls(
            terminal=settings.vnpay_terminal,
            secret=secret,
            call_url=f"{payment}/vnpay/ipn",
            note_url=f"{payment}/vietqr/note",
            books=settings.home / "bank" / "books.sqlite",
        )


def bank_port(settings: Settings) -> int:
    """Tell where in this machine's block of ports the bank listens."""
    return settings.port + PORTS["bank"]
