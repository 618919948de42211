"""Named places where a test may have the process killed, exactly between two lines.

Live only with MOTCUA_ENV=local; settings refuse to start a process that has MOTCUA_CRASH set
elsewhere.
"""

import os
import signal

_POINT = os.environ.get("MOTCUA_CRASH", "") if os.environ.get("MOTCUA_ENV") == "local" else ""


def crash(point: str) -> None:
    """Die here as by `kill -9`, if this is the point asked for."""
    if point == _POINT:
        os.kill(os.getpid(), signal.SIGKILL)
