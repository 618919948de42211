"""Fewer lines when the broker is away: its client says each thing up to seventy times a second."""

import logging
import time

_EVERY = 10.0


class OncePerTenSeconds(logging.Filter):
    """Lets one line of each message template through, every ten seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, object], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether this line is said."""
        template, now = (record.name, record.msg), time.monotonic()
        if now - self._said.get(template, -_EVERY) < _EVERY:
            return False
        self._said[template] = now
        return True


_quiet = OncePerTenSeconds()


def calm(*libraries: str) -> None:
    """Rate-limit all loggers of these libraries that there are by now; again is harmless."""
    for name in list(logging.Logger.manager.loggerDict):
        if name.partition(".")[0] in libraries:
            logging.getLogger(name).addFilter(_quiet)
