"""How long somebody stays signed in, and how many tries guessing has. Pure.

A try that fails makes the next one wait: longer and longer for the same login from the same
network, never for others. Nobody can lock an account that is not theirs.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts without being used, and at the longest."""

    idle: timedelta
    longest: timedelta


_AT_HOME = Lifetime(timedelta(hours=24), timedelta(days=30))
_AT_WORK = Lifetime(timedelta(minutes=30), timedelta(hours=12))


def lifetime_of(kind: str) -> Lifetime:
    """Give the lifetime of a session: short for whoever may see other people's data."""
    return _AT_HOME if kind == "citizen" else _AT_WORK


@dataclass(frozen=True)
class Patience:
    """How many tries are free, when they are forgotten, and how long one waits at most."""

    free: int
    forget: timedelta
    longest: timedelta

    def pauses(self) -> list[float]:
        """List the seconds to wait after each try: none, then twice as long every time."""
        waits = [0.0] * self.free
        while not waits or waits[-1] < self.longest.total_seconds():
            waits.append(min(2.0 ** (len(waits) - self.free + 1), self.longest.total_seconds()))
        return waits


PASSWORD = Patience(free=5, forget=timedelta(hours=1), longest=timedelta(minutes=15))
"""For one login from one network."""

NETWORK = Patience(free=300, forget=timedelta(minutes=15), longest=timedelta(minutes=1))
"""For all that one network tries: schools and town halls share one."""

MAILS = Patience(free=5, forget=timedelta(hours=6), longest=timedelta(hours=1))
"""For mails to one address that nobody has proven yet."""


def network_of(address: str) -> str:
    """Name the network of a caller, as far as one caller can choose addresses in it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 56), strict=False))
