"""Parses hostile files in a process of its own: `python -I -m chassis.upload_inspection KIND …`.

Imports nothing of the service: no settings, no keys, no database, no network.
"""

from dataclasses import dataclass


class Refused(Exception):
    """The file is not acceptable; the code names its words in `chassis.upload_refusals`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an inspection found: pages of a PDF, and other content to be kept instead of the
    file's own.
    """

    pages: int | None = None
    instead: bytes | None = None
