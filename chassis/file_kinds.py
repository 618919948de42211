"""What people call a file, and which of the five kinds we accept it is by its first bytes.

Names are kept as text only: they never become a path, a header or markup here.
"""

import re
import unicodedata
from enum import StrEnum

LONGEST_NAME = 120
HEAD = 64
"""How many of the first bytes `sniff` wants."""


class Kind(StrEnum):
    """The kinds of files we accept."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    DOCX = "docx"


USUAL = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG, Kind.HEIC})
"""Accepted for every paper; DOCX only where the procedure says so."""

MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.HEIC: "image/jpeg",  # what is kept of it
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_EXTENSIONS = {
    "pdf": Kind.PDF,
    "jpg": Kind.JPEG,
    "jpeg": Kind.JPEG,
    "png": Kind.PNG,
    "heic": Kind.HEIC,
    "heif": Kind.HEIC,
    "docx": Kind.DOCX,
}
_SIGNATURES = {
    b"%PDF-": Kind.PDF,
    b"\xff\xd8\xff": Kind.JPEG,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"PK\x03\x04": Kind.DOCX,
}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}


def clean_name(given: str) -> str:
    """Make a name fit to be shown: its last path segment, NFC, without control, bidirectional and
    other invisible characters, at most 120 characters with its extension kept.
    """
    text = re.split(r"[/\\]", given[-4096:])[-1]
    text = "".join(" " if char.isspace() else char for char in text if _visible(char))
    text = " ".join(unicodedata.normalize("NFC", text).split()).strip(". ")
    stem, dot, extension = text.rpartition(".")
    if not dot:
        stem, extension = ("tệp", text) if text.lower() in _EXTENSIONS else (text or "tệp", "")
    end = f".{extension[-10:]}" if extension else ""
    return stem[: LONGEST_NAME - len(end)].rstrip(". ") + end


def kind_of_name(name: str) -> Kind | None:
    """Tell the kind that a name's extension claims."""
    return _EXTENSIONS.get(name.rpartition(".")[2].lower())


def sniff(head: bytes) -> Kind | None:
    """Tell the kind that a file's first bytes claim."""
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        end = min(int.from_bytes(head[:4]), len(head))
        brands = {head[at : at + 4] for at in (8, *range(16, end, 4))}
        if brands & _HEIC_BRANDS:
            return Kind.HEIC
    return None


def _visible(char: str) -> bool:
    return char.isspace() or not unicodedata.category(char).startswith("C")
