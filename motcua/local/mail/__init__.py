"""A mail catcher: takes every mail that is sent on this machine and shows it, delivers none.

Only for MOTCUA_ENV=local.
"""

from .app import MailConfig, make_catcher

__all__ = ["MailConfig", "make_catcher"]
