"""The only reading of the system clock, and of chance."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def utc_now() -> datetime:
    """Tell the present instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """Make a UUID version 7 (RFC 9562): unique, and rising with time, which keeps
    indexes compact.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)
