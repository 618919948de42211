"""Files that must be refused, each with the code it is refused by. Only shapes, no live malware."""

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any, NamedTuple

import pikepdf
from good_files import DOCUMENT, RELATION, TYPES, docx, heic, packed, pdf, picture, saved
from pikepdf import Array, Dictionary, Name

MAIN = "word/document.xml"
LINKS = "word/_rels/document.xml.rels"


class Bad(NamedTuple):
    """A file, the name it is sent under, and why it is refused."""

    what: str
    name: str
    content: bytes
    code: str


def relations(kind: str, target: str, *, external: bool = True) -> str:
    """One relationship of the main part."""
    mode = ' TargetMode="External"' if external else ""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="x" Type="{RELATION}/{kind}" Target="{target}"{mode}/></Relationships>'
    )


def field(*codes: str) -> str:
    """A main part with a field whose code is split over runs."""
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return DOCUMENT.replace("<w:p>", f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}')


def active_pdf(**catalogue: object) -> bytes:
    """A PDF with something in its catalogue."""
    document = pikepdf.open(BytesIO(pdf()))
    for key, value in catalogue.items():
        document.Root[f"/{key}"] = value  # pyright: ignore[reportArgumentType]
    return saved(document)


def annotated_pdf(annotation: Dictionary, **how: object) -> bytes:
    """A PDF with an annotation on its page."""
    document = pikepdf.open(BytesIO(pdf()))
    document.pages[0].Annots = Array([document.make_indirect(annotation)])
    return saved(document, **how)


def streamed_pdf() -> bytes:
    """A PDF with a script in the dictionary of a stream."""
    document = pikepdf.open(BytesIO(pdf()))
    document.pages[0].Contents.A = JS
    return saved(document)


def attached_pdf() -> bytes:
    """A PDF that carries another file."""
    document = pikepdf.open(BytesIO(pdf()))
    document.attachments["khac.txt"] = b"another file"
    return saved(document)


def encrypted_pdf(user: str) -> bytes:
    """A PDF under a password, or one that merely forbids printing."""
    document = pikepdf.open(BytesIO(pdf()))
    return saved(document, encryption=pikepdf.Encryption(owner="chủ", user=user, R=6))


def spelled_pdf() -> bytes:
    """A PDF whose script is spelled so that a search for its name misses it."""
    action = b"/OpenAction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>"
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + action + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def zip_inside_pdf() -> bytes:
    """A PDF that is a ZIP too: the ZIP's comment holds the PDF's end."""
    out = BytesIO()
    plain = pdf()
    out.write(plain)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("chay.js", "hidden")
        archive.comment = b"\nstartxref\n0\n%%EOF"
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    crc = zlib.crc32(kind + content)
    return len(content).to_bytes(4) + kind + content + crc.to_bytes(4)


def endless_png() -> bytes:
    """A tiny PNG that says it is 60,000 by 60,000."""
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zip_in_jpeg_comment() -> bytes:
    """A JPEG with a whole ZIP in a comment, right before its end."""
    archive, plain = packed({"a": "b"}), picture()
    comment = b"\xff\xfe" + (len(archive) + 2).to_bytes(2) + archive
    return plain[:-2] + comment + plain[-2:]


def linked_docx() -> bytes:
    """A package with a symbolic link."""
    out = BytesIO(docx())
    with zipfile.ZipFile(out, "a") as package:
        link = zipfile.ZipInfo("word/media/a.png")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    return out.getvalue()


def overlapping_docx() -> bytes:
    """A package whose parts share one packed body."""
    content = bytearray(docx({"word/a.xml": "<a/>", "word/b.xml": "<a/>"}))
    first = content.index(b"PK\x01\x02")
    entries = [first]
    while (following := content.find(b"PK\x01\x02", entries[-1] + 4)) >= 0:
        entries.append(following)
    content[entries[-1] + 42 : entries[-1] + 46] = content[entries[-2] + 42 : entries[-2] + 46]
    return bytes(content)


def lying_docx() -> bytes:
    """A package whose directory says a part is smaller than it is."""
    content = bytearray(docx())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def locked_docx() -> bytes:
    """A package whose part is marked as encrypted."""
    content = bytearray(docx())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def bomb_docx(size: int, parts: int = 1) -> bytes:
    """A package that unpacks to far more than it weighs."""
    return docx({f"word/bomb{n}.xml": b"<a>" + bytes([32]) * size + b"</a>" for n in range(parts)})


ENTITIES = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
TEMPLATE = relations("attachedTemplate", "https://xa.example/mau.dotm")
MACRO_TYPES = TYPES.replace("wordprocessingml.document.main", "macroEnabled.main")
JS = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
LAUNCH = Dictionary(S=Name.Launch, F="cmd.exe")
SEND = Dictionary(S=Name.SubmitForm, F="https://xa.example")


def annotation(kind: Name, **more: Any) -> Dictionary:
    """Something on a page."""
    return Dictionary(Type=Name.Annot, Subtype=kind, Rect=[0, 0, 1, 1], **more)


PDFS = [
    Bad("HTML named pdf", "a.pdf", b"<html><script>1</script></html>", "file-type-mismatch"),
    Bad("only a header", "a.pdf", b"%PDF-1.7\n%%EOF\n", "file-unreadable"),
    Bad("cut off", "a.pdf", pdf(3)[:-40], "file-cut-off"),
    Bad("something behind", "a.pdf", pdf() + b"<script>1</script>", "file-foreign-data"),
    Bad("a ZIP behind", "a.pdf", pdf() + packed({"a": "b"}), "file-foreign-data"),
    Bad("a ZIP that ends like a PDF", "a.pdf", zip_inside_pdf(), "file-foreign-data"),
    Bad(
        "a RAR inside",
        "a.pdf",
        pdf().replace(b"\nendobj", b"\n%Rar!\x1a\x07\x01\nendobj", 1),
        "file-foreign-data",
    ),
    Bad("something before", "a.pdf", b"MZ\x90\0" + pdf(), "file-type-mismatch"),
    Bad("a password", "a.pdf", encrypted_pdf("mật khẩu"), "pdf-encrypted"),
    Bad("restrictions", "a.pdf", encrypted_pdf(""), "pdf-encrypted"),
    Bad("a script on opening", "a.pdf", active_pdf(OpenAction=JS), "pdf-active"),
    Bad("a script, oddly spelled", "a.pdf", spelled_pdf(), "pdf-active"),
    Bad("a program on opening", "a.pdf", active_pdf(OpenAction=LAUNCH), "pdf-active"),
    Bad(
        "an address called on opening",
        "a.pdf",
        active_pdf(OpenAction=Dictionary(S=Name.URI, URI="https://xa.example/")),
        "pdf-active",
    ),
    Bad("a script on closing", "a.pdf", active_pdf(AA=Dictionary(WC=JS)), "pdf-active"),
    Bad(
        "named scripts",
        "a.pdf",
        active_pdf(Names=Dictionary(JavaScript=Dictionary(Names=["a", JS]))),
        "pdf-active",
    ),
    Bad("a script beside a stream", "a.pdf", streamed_pdf(), "pdf-active"),
    Bad("a dynamic form", "a.pdf", active_pdf(AcroForm=Dictionary(XFA="<xdp/>")), "pdf-active"),
    Bad(
        "a script behind a button, in a packed object stream",
        "a.pdf",
        annotated_pdf(
            annotation(Name.Link, A=JS), object_stream_mode=pikepdf.ObjectStreamMode.generate
        ),
        "pdf-active",
    ),
    Bad(
        "a form that sends itself",
        "a.pdf",
        annotated_pdf(annotation(Name.Link, A=SEND)),
        "pdf-active",
    ),
    Bad(
        "a film",
        "a.pdf",
        annotated_pdf(annotation(Name.RichMedia)),
        "pdf-active",
    ),
    Bad("a file attached", "a.pdf", attached_pdf(), "pdf-attachments"),
    Bad(
        "a file pinned to a page",
        "a.pdf",
        annotated_pdf(annotation(Name.FileAttachment)),
        "pdf-attachments",
    ),
]

PICTURES = [
    Bad("a PNG named jpg", "a.jpg", picture("PNG"), "file-misnamed"),
    Bad("a GIF named png", "a.png", picture("GIF"), "file-type-mismatch"),
    Bad("a GIF", "a.gif", picture("GIF"), "file-type-not-allowed"),
    Bad("an SVG", "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "file-type-not-allowed"),
    Bad("an SVG named png", "a.png", b"<svg onload='alert(1)'/>", "file-type-mismatch"),
    Bad("a BMP named jpg", "a.jpg", picture("BMP"), "file-type-mismatch"),
    Bad("a cut off JPEG", "a.jpg", picture(size=(640, 480))[:-400], "file-cut-off"),
    Bad("a cut off PNG", "a.png", picture("PNG")[:-20], "file-cut-off"),
    Bad("a cut off HEIC", "a.heic", heic()[:-50], "file-cut-off"),
    Bad("three bytes of a JPEG", "a.jpg", b"\xff\xd8\xff", "file-cut-off"),
    Bad("a JPEG of markers only", "a.jpg", b"\xff\xd8\xff\xd9", "file-unreadable"),
    Bad("a ZIP behind a JPEG", "a.jpg", picture() + packed({"a": "b"}), "file-foreign-data"),
    Bad("a ZIP in a JPEG's comment", "a.jpg", zip_in_jpeg_comment(), "file-foreign-data"),
    Bad("a page behind a JPEG", "a.jpg", picture() + b"<?php 1; ?>", "file-foreign-data"),
    Bad("a ZIP behind a PNG", "a.png", picture("PNG") + packed({"a": "b"}), "file-foreign-data"),
    Bad("a PNG of 60,000 x 60,000", "a.png", endless_png(), "picture-too-large"),
    Bad("a PNG with a wrong checksum", "a.png", picture("PNG")[:40] + b"\0" + picture("PNG")[41:],
        "file-unreadable"),
    Bad("an AVIF named heic", "a.heic", picture("AVIF"), "file-type-mismatch"),
]  # fmt: skip

DOCUMENTS = [
    Bad("a ZIP named docx", "a.docx", packed({"a.txt": "b"}), "file-unreadable"),
    Bad("a package without a document", "a.docx", packed({"a.xml": "<a/>"}), "file-unreadable"),
    Bad("cut off", "a.docx", docx()[:-60], "file-cut-off"),
    Bad("something behind", "a.docx", docx() + b"MZ", "file-foreign-data"),
    Bad("something between", "a.docx", b"PK\x03\x04" + bytes(60) + docx(), "file-foreign-data"),
    Bad("macros", "a.docx", docx({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "docx-macros"),
    Bad("the macro type", "a.docx", docx({"[Content_Types].xml": MACRO_TYPES}), "file-unreadable"),
    Bad("a sheet inside", "a.docx", docx({"word/embeddings/a.xlsx": packed({"a": "b"})}),
        "docx-macros"),
    Bad("a ZIP named png inside", "a.docx", docx({"word/media/a.png": packed({"a": "b"})}),
        "docx-macros"),
    Bad("an external template", "a.docx", docx({LINKS: TEMPLATE}), "docx-external"),
    Bad("a linked picture", "a.docx", docx({LINKS: relations("image", "https://xa.example/a.png")}),
        "docx-external"),
    Bad("a link to a file", "a.docx", docx({LINKS: relations("hyperlink", "file://x/a.exe")}),
        "docx-external"),
    Bad("a page inside", "a.docx",
        docx({LINKS: relations("aFChunk", "a.xml", external=False)}), "docx-macros"),
    Bad("DDE, split over runs", "a.docx", docx({MAIN: field("DDE", "AUTO c:\\\\cmd.exe ")}),
        "docx-external"),
    Bad("DDE after another field", "a.docx",
        docx({MAIN: field("PAGE ").replace("</w:p>",
              '<w:fldSimple w:instr="DDE cmd x"/></w:p>')}), "docx-external"),
    Bad("XXE", "a.docx", docx({MAIN: ENTITIES + "<a>&x;</a>"}), "docx-external"),
    Bad("a billion laughs", "a.docx", docx({MAIN: LAUGHS + "<a>&b;</a>"}), "docx-external"),
    Bad("XXE in UTF-16", "a.docx", docx({MAIN: (ENTITIES + "<a/>").encode("utf-16")}),
        "docx-external"),
    Bad("bottomless XML", "a.docx", docx({MAIN: "<a>" * 100_000}), "file-too-complex"),
    Bad("a bomb", "a.docx", bomb_docx(9 * 2**20), "file-unreadable"),
    Bad("a flat bomb", "a.docx", bomb_docx(2**20 - 9, 120), "file-too-complex"),
    Bad("2,000 parts", "a.docx", docx({f"word/{n}.xml": "<a/>" for n in range(2000)}),
        "file-too-complex"),
    Bad("a part outside", "a.docx", docx({"../../a.xml": "<a/>"}), "file-unreadable"),
    Bad("an absolute part", "a.docx", docx({"/etc/a.xml": "<a/>"}), "file-unreadable"),
    Bad("a symbolic link", "a.docx", linked_docx(), "file-unreadable"),
    Bad("parts that overlap", "a.docx", overlapping_docx(), "file-foreign-data"),
    Bad("a part larger than declared", "a.docx", lying_docx(), "file-unreadable"),
    Bad("an encrypted part", "a.docx", locked_docx(), "file-unreadable"),
    Bad("the same part twice, in other letters", "a.docx", docx({"WORD/document.xml": DOCUMENT}),
        "file-unreadable"),
]  # fmt: skip

NAMES = [
    Bad("no extension", "giay-khai-sinh", pdf(), "file-type-not-allowed"),
    Bad("a program", "a.pdf.exe", pdf(), "file-type-not-allowed"),
    Bad("a program written backwards", "a\u202efdp.exe", pdf(), "file-type-not-allowed"),
    Bad("a program behind a NUL", "a.pdf\0.exe", pdf(), "file-type-not-allowed"),
    Bad("nothing", "", pdf(), "file-type-not-allowed"),
    Bad("an empty file", "a.pdf", b"", "file-empty"),
    Bad("one byte", "a.pdf", b"%", "file-type-mismatch"),
]

ALL = PDFS + PICTURES + DOCUMENTS + NAMES
