"""Run the sandbox bank: `python -m motcua.local.bank`."""

import sys

import uvicorn

from chassis.settings import Settings
from motcua.local.trouble import Trouble

from .app import make_bank
from .config import BankConfig, bank_port


def main() -> int:
    """Serve until told to stop."""
    settings = Settings()  # pyright: ignore[reportCallIssue]
    try:
        app = make_bank(BankConfig.of(settings))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    uvicorn.run(
        app, host=settings.host, port=bank_port(settings), log_level="warning", access_log=False
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
