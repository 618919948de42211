"""Simple, clean PDFs with Vietnamese text, for receipts, slips and results.

The same document gives the same bytes. What is written comes as data; nothing here knows what a
receipt or a result is. Making one takes some 60 ms of computing, the first a second more: call it
in a thread.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Paper = Literal["A4", "A5"]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Two columns of centred lines above the title; the first line of each is bold."""

    left: Sequence[str]
    right: Sequence[str] = (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line break in it is kept."""

    text: str
    bold: bool = False
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows of a name and its value."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head; `widths` are proportions, `right` the columns set to the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, at the right: place and date, office, name."""

    place_and_date: str
    office: str
    name: str


@dataclass(frozen=True, slots=True)
class QrCode:
    """A picture that phones read, with what it says in words beside it."""

    content: str
    caption: str = ""


Block = Paragraph | Facts | Table | Signature | QrCode


@dataclass(frozen=True, slots=True)
class Document:
    """What stands on the paper. `made_at` goes into the file's properties only."""

    title: str
    made_at: datetime
    blocks: Sequence[Block]
    subtitle: str = ""
    letterhead: Letterhead | None = None
    footer: str = ""
    paper: Paper = "A4"


def pdf(document: Document) -> bytes:
    """Write a document as PDF."""
    from .sheet import Sheet  # what draws weighs more than most processes that never draw

    sheet = Sheet(document)
    try:
        return bytes(sheet.written())
    finally:
        sheet.close_fonts()


def sha256(content: bytes) -> str:
    """Give a content's hash as it stands in events and on receipts."""
    return hashlib.sha256(content).hexdigest()
