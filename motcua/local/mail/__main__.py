"""Run the mail catcher: `python -m motcua.local.mail`."""

import sys

import uvicorn

from chassis.settings import Settings
from motcua.local.trouble import Trouble

from .app import MailConfig, make_catcher, page_port


def main() -> int:
    """Serve until told to stop."""
    settings = Settings()  # pyright: ignore[reportCallIssue]
    try:
        app = make_catcher(MailConfig.of(settings))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    uvicorn.run(
        app, host=settings.host, port=page_port(settings), log_level="warning", access_log=False
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
