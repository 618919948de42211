"""Ending the process when what it depends on is beyond repair from inside: it is started again."""

import faulthandler
import os
import sys
from typing import Any, NoReturn

import structlog


def end_process(reason: str, **facts: Any) -> NoReturn:
    """Say why and end at once: clients of a broker that is away cannot be closed in order."""
    structlog.get_logger().critical(reason, **facts)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


def end_process_if_blocked(after: float) -> None:
    """End the process unless this is called again in time: the loop itself hangs then."""
    faulthandler.dump_traceback_later(after, exit=True)


def never_mind() -> None:
    """Take the last `end_process_if_blocked` back."""
    faulthandler.cancel_dump_traceback_later()
