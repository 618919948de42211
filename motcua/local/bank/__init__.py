"""A bank to play with: pays, calls back, answers questions, and misbehaves when told to.

Only for MOTCUA_ENV=local. It signs with code of its own, so that a mistake in ours would show.
"""

from .app import make_bank
from .config import BankConfig

__all__ = ["BankConfig", "make_bank"]
