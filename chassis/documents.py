"""Simple, clean PDFs with Vietnamese text, for receipts, slips and results.

The same document gives the same bytes. What is written comes as data; nothing here knows what a
receipt or a result is. Making one takes some 60 ms of computing: call it in a thread.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Literal, assert_never, cast

import fontpkg_be_vietnam_pro
import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

Paper = Literal["A4", "A5"]
Align = Literal["left", "center", "right"]

_FONTS = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
_FAMILY = "Be Vietnam Pro"
_FORMAT = {"A4": (210.0, 297.0), "A5": (148.0, 210.0)}
_MARGIN = {"A4": 20.0, "A5": 14.0}
_SIZE = {"A4": 11.0, "A5": 9.5}
_ALIGN = {"left": "L", "center": "C", "right": "R"}
_LINE = 1.45
_POINT = 25.4 / 72
_LINES, _LINES_OF_ROW = MethodReturnValue.LINES, 20
_GREY = (90, 90, 90)


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
    sheet = _Sheet(document)
    try:
        return bytes(sheet.written())
    finally:
        sheet.close_fonts()


def sha256(content: bytes) -> str:
    """Give a content's hash as it stands in events and on receipts."""
    return hashlib.sha256(content).hexdigest()


class _Sheet(FPDF):
    """One document on its way to paper."""

    def __init__(self, document: Document) -> None:
        super().__init__(format=_FORMAT[document.paper])
        self._document = document
        self._size, margin = _SIZE[document.paper], _MARGIN[document.paper]
        self.set_margin(margin)
        self.set_auto_page_break(True, margin + 4)
        self.add_font(_FAMILY, "", _FONTS / "BeVietnamPro-Regular.ttf")
        self.add_font(_FAMILY, "B", _FONTS / "BeVietnamPro-Bold.ttf")
        self.set_title(_clean(document.title))
        self.set_lang("vi")
        self.set_producer("Một Cửa")
        self.set_creation_date(document.made_at)
        self.alias_nb_pages("")  # else "{nb}" in somebody's name would become a number

    def written(self) -> bytearray:
        """Set everything."""
        document = self._document
        self.add_page()
        if document.letterhead:
            self._letterhead(document.letterhead)
        self._text(document.title, size=1.35, bold=True, align="center")
        if document.subtitle:
            self._text(document.subtitle, align="center")
        self._gap()
        for block in document.blocks:
            self._block(block)
            self._gap()
        return self.output()

    def close_fonts(self) -> None:
        """Close the font files, which the library keeps open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def footer(self) -> None:
        """At the foot of every page: the document's own line, and the page."""
        self.set_y(-_MARGIN[self._document.paper])
        self._font(0.8)
        self.set_text_color(*_GREY)
        self.cell(self.epw * 0.85, text=_clean(self._document.footer))
        self.cell(0, text=str(self.page_no()), align="R")
        self.set_text_color(0)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self._text(block.text, bold=block.bold, align=block.align)
            case Facts():
                self._facts(block)
            case Table():
                self._table(block)
            case Signature():
                self._signature(block)
            case QrCode():
                self._qr(block)
            case _:
                assert_never(block)

    def _letterhead(self, head: Letterhead) -> None:
        top, lowest = self.get_y(), self.get_y()
        start, narrow = self.l_margin, self.epw * 0.47
        for width, lines in ((narrow, head.left), (self.epw - narrow, head.right)):
            self.set_y(top)
            for number, line in enumerate(lines):
                self.set_x(start)
                self._text(line, width=width, size=0.86, bold=number == 0, align="center")
            start += width
            lowest = max(lowest, self.get_y())
        self.set_y(lowest)
        self._gap(1.5)

    def _facts(self, facts: Facts) -> None:
        named = self.epw * 0.36
        for name, value in facts.rows:
            if self.will_page_break(self._height()):
                self.add_page()
            top = self.get_y()
            self.set_text_color(*_GREY)
            self._text(name, width=named)
            below, page = self.get_y(), self.page
            self.set_text_color(0)
            self.set_xy(self.l_margin + named, top)
            self._text(value or "–", width=self.epw - named)
            if self.page == page:
                self.set_y(max(below, self.get_y()))

    def _table(self, table: Table) -> None:
        self._font()
        aligned = tuple("RIGHT" if n in table.right else "LEFT" for n in range(len(table.head)))
        with self.table(
            col_widths=tuple(table.widths) or None,
            text_align=aligned,
            line_height=self._height(),
            headings_style=FontFace(emphasis="BOLD", fill_color=(240, 240, 240)),
            borders_layout="HORIZONTAL_LINES",
            padding=1,
        ) as drawn:
            drawn.row([_clean(cell) for cell in table.head])
            for row in table.rows:
                for part in self._parts(row, table.widths or [1] * len(row)):
                    drawn.row(part)

    def _parts(self, row: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
        """Divide a row that no page could hold."""
        columns: list[list[str]] = []
        for cell, share in zip(row, widths, strict=True):
            width = self.epw * share / sum(widths)
            found = self.multi_cell(width, text=_clean(cell), dry_run=True, output=_LINES)
            lines = cast("list[str]", found)
            starts = range(0, len(lines), _LINES_OF_ROW)
            columns.append(["\n".join(lines[at : at + _LINES_OF_ROW]) for at in starts])
        return [list(part) for part in zip_longest(*columns, fillvalue="")]

    def _signature(self, signature: Signature) -> None:
        width = self.epw * 0.58
        if self.will_page_break(self._height() * 6):
            self.add_page()
        lines = (signature.place_and_date, False), (signature.office, True), (signature.name, True)
        for text, bold in lines:
            if text == signature.name:
                self._gap(2.5)
            self.set_x(self.l_margin + self.epw - width)
            self._text(text, width=width, bold=bold, align="center")

    def _qr(self, code: QrCode) -> None:
        matrix = segno.make_qr(code.content, error="m").matrix
        side = self.epw * 0.17
        if self.will_page_break(side):
            self.add_page()
        left, top, dot = self.l_margin, self.get_y(), side / len(matrix)
        self.set_fill_color(0)
        for y, row in enumerate(matrix):
            for x, dark in enumerate(row):
                if dark:
                    self.rect(left + x * dot, top + y * dot, dot, dot, "F")
        self.set_xy(left + side + 4, top)
        self._text(code.caption, width=self.epw - side - 4)
        self.set_y(max(top + side, self.get_y()))

    def _text(
        self,
        text: str,
        *,
        width: float = 0,
        size: float = 1,
        bold: bool = False,
        align: Align = "left",
    ) -> None:
        self._font(size, bold=bold)
        height, place = self._height(size), _ALIGN[align]
        self.multi_cell(
            width, height, _clean(text), align=place, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _font(self, size: float = 1, *, bold: bool = False) -> None:
        self.set_font(_FAMILY, "B" if bold else "", self._size * size)

    def _height(self, size: float = 1) -> float:
        return self._size * size * _LINE * _POINT

    def _gap(self, lines: float = 0.5) -> None:
        self.ln(self._height() * lines)


def _clean(text: str) -> str:
    """One spelling of every letter, and no invisible characters but line breaks."""
    return "".join(
        char
        for char in unicodedata.normalize("NFC", text).replace("\t", " ")
        if char == "\n" or not unicodedata.category(char).startswith("C")
    )
