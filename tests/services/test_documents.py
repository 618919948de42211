"""PDFs we make ourselves: every Vietnamese letter, the same bytes each time, and sound by our own
inspection.
"""

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import product
from pathlib import Path

import pikepdf
import pytest
import segno
from test_uploads import send

from chassis.documents import (
    Block,
    Document,
    Facts,
    Letterhead,
    Paper,
    Paragraph,
    QrCode,
    Signature,
    Table,
    pdf,
    sha256,
)

VOWELS, TONES = "aăâeêioôơuưy", ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
LETTERS = [unicodedata.normalize("NFC", a + b) for a, b in product(VOWELS, TONES)] + ["đ"]
ALPHABET = "".join(LETTERS) + "".join(LETTERS).upper()
LINK = "https://mot-cua.example.vn/tra-cuu/H23.99.01-260305-0001"
INVISIBLE = dict.fromkeys(map(ord, "\0\x1b\u202e"))
RECEIPT = Document(
    title="BIÊN LAI THU PHÍ, LỆ PHÍ",
    subtitle="Số: 0000001",
    made_at=datetime(2026, 3, 5, 7, 0, tzinfo=UTC),
    letterhead=Letterhead(("UBND XÃ BÌNH LÃNG", "Bộ phận Một cửa")),
    blocks=[
        Facts([("Người nộp", "Nguyễn Thị Ánh Tuyết"), ("Ghi chú", "")]),
        Table(("STT", "Nội dung", "Số tiền"), [("1", "Lệ phí", "8.000 ₫")], (1, 6, 3)),
        Paragraph("Bằng chữ: Tám nghìn đồng."),
        Signature("Bình Lãng, ngày 05 tháng 3 năm 2026", "CÔNG CHỨC", "Trần Văn Bình"),
        QrCode(LINK, "Quét mã để kiểm tra"),
    ],
    footer="Biên lai điện tử",
)


def page(*blocks: Block, paper: Paper = "A4") -> Document:
    """A document of a few blocks."""
    return Document(title="Phiếu", made_at=RECEIPT.made_at, blocks=blocks, paper=paper)


def words(content: bytes) -> str:
    """Read a PDF's text as a viewer copies it."""
    said = ""
    for sheet in pikepdf.open(BytesIO(content)).pages:
        fonts = {
            name: letters(font.ToUnicode.read_bytes())
            for name, font in sheet.Resources.Font.items()
        }
        current: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(sheet):
            if str(operator) == "Tf":
                current = fonts[str(operands[0])]
            elif str(operator) == "Tj":
                codes = bytes(operands[0])
                pairs = (codes[at : at + 2] for at in range(0, len(codes), 2))
                said += "".join(current[int.from_bytes(pair)] for pair in pairs) + "\n"
    return said


def letters(cmap: bytes) -> dict[int, str]:
    """Read which letter each code of a font stands for."""
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", cmap)
    return {int(code, 16): bytes.fromhex(char.decode()).decode("utf-16-be") for code, char in pairs}


@pytest.mark.parametrize("paper", ["A4", "A5"])
async def test_a_receipt_says_everything_on_one_page_and_passes_our_own_inspection(paper: Paper):
    content = pdf(replace(RECEIPT, paper=paper))
    text = words(content).replace("\n", " ")
    for said in ("CỘNG HÒA XÃ HỘI", "BIÊN LAI", "Nguyễn Thị Ánh Tuyết", "8.000 ₫", "Trần Văn Bình"):
        assert said in text
    assert (await send(content, "bien-lai.pdf")).pages == 1


@pytest.mark.parametrize("bold", [False, True])
def test_every_vietnamese_letter_is_there_and_can_be_copied(bold: bool):
    text = words(pdf(page(Paragraph(ALPHABET, bold=bold))))
    assert set(ALPHABET) <= set(text)


def test_letters_written_in_pieces_come_out_whole():
    assert "Nguyễn Tuấn" in words(pdf(page(Paragraph("Nguye\u0302\u0303n Tua\u0302\u0301n"))))


def test_the_same_document_gives_the_same_bytes_in_every_process():
    program = [sys.executable, "-c", "from test_documents import *; print(sha256(pdf(RECEIPT)))"]
    told = {
        subprocess.run(
            program,
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
            env={"PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Ho_Chi_Minh"))
    }
    assert told == {sha256(pdf(RECEIPT))}


def test_another_word_or_another_instant_gives_other_bytes():
    later = replace(RECEIPT, made_at=datetime(2026, 3, 6, tzinfo=UTC))
    assert len({pdf(RECEIPT), pdf(later), pdf(replace(RECEIPT, footer="khác"))}) == 3


def test_a_long_table_goes_on_over_pages_with_its_head():
    rows = [(str(number), "Thành phần hồ sơ", "1") for number in range(1, 120)]
    content = pdf(page(Table(("STT", "Tên giấy tờ", "Số bản"), rows)))
    pages = len(pikepdf.open(BytesIO(content)).pages)
    assert pages > 2
    assert words(content).count("Tên giấy tờ") == pages
    assert "\n119\n" in words(content)


@pytest.mark.parametrize(
    "text",
    ["{nb} **Nguyễn** __An__", "a\0b\x1b[31m\u202ec", "x" * 3000, "漢字 🙂", "", "<b>1</b> (\\) %"],
)
def test_whatever_people_write_stays_text(text: str):
    blocks = Paragraph(text), Facts([(text, text)]), Table(("a",), [(text,)])
    said = words(pdf(page(*blocks, paper="A5")))
    for shown in ("{nb}", "**Nguyễn**", "__An__", "ab[31mc", "<b>1</b>", "(\\) %"):
        assert said.count(shown) == (4 if shown in text.translate(INVISIBLE) else 0)


def test_a_cell_longer_than_a_page_loses_nothing():
    text = " ".join(str(number) for number in range(3000))
    table = Table(("Ghi chú", "Số"), [(text, "cuối")], (3, 1))
    said = words(pdf(page(table, paper="A5")))
    assert {str(number) for number in range(3000)} <= set(said.split())
    assert said.count("cuối") == 1


def test_the_qr_code_is_drawn_dot_by_dot():
    document = pikepdf.open(BytesIO(pdf(page(QrCode(LINK)))))
    dots = [op for _, op in pikepdf.parse_content_stream(document.pages[0]) if str(op) == "re"]
    assert len(dots) == sum(map(sum, segno.make_qr(LINK, error="m").matrix))
