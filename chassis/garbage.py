"""How often Python looks for garbage that reference counts leave behind: seldom, for requests and
events leave hardly any, and each look costs all that lives.
"""

import gc

_MADE = 10_000
"""Containers made, and not freed, before the youngest are looked at."""


def look_seldom() -> None:
    """Leave what is loaded by now out of every look, and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MADE, 20, 20)
