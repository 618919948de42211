"""A document on its way to paper. Loaded only where one is drawn, when the first one is."""

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import assert_never, cast

import fontpkg_be_vietnam_pro
import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from .documents import (
    Align,
    Block,
    Document,
    Facts,
    Letterhead,
    Paragraph,
    QrCode,
    Signature,
    Table,
)

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


class Sheet(FPDF):
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
