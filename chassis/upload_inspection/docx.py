"""A Word document: every part unpacked within limits, and refused when it holds macros or embedded
objects, or fetches content from elsewhere.
"""

import re
import zipfile
from io import BytesIO

from . import Refused, Seen
from .ooxml import Relationship, read_part

_MOST_PARTS = 1000
_MOST_UNPACKED = 100 * 1024 * 1024
_MOST_RATIO = 100
_SMALL = 1024 * 1024
_STEP = 64 * 1024
_LOCAL_HEADER = 30
_DESCRIPTOR = 24
_DIRECTORY_END = b"PK\x05\x06"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XML = {"xml", "rels", "vml"}
_MEDIA = {"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp", "svg", "odttf"}
_PROGRAMS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"MZ", b"Rar!", b"7z\xbc\xaf", b"%PDF")
_FORBIDDEN_TYPES = re.compile(r"macroEnabled|vbaProject", re.IGNORECASE)
_FORBIDDEN_RELATIONS = re.compile(
    r"/(vbaProject|wordVbaData|oleObject|control|package|aFChunk|attachedToolbars)$", re.IGNORECASE
)
_LINK = re.compile(r"(https?:|mailto:|tel:|#|[^:\\/]+(/|$))", re.IGNORECASE)
_FETCHING_FIELD = re.compile(
    r"\0\s*(DDE|DDEAUTO|LINK|IMPORT|INCLUDEPICTURE|INCLUDETEXT|INCLUDE|DATABASE|RD)\s",
    re.IGNORECASE,
)


def inspect_docx(content: bytes) -> Seen:
    """Unpack a Word document in memory, part by part, and read its XML."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _refuse_odd_package(content, package.start_dir, parts)
            _refuse_other_type(_look(package, package.getinfo("[Content_Types].xml")))
            for part in parts:
                _look(package, part)
    except (zipfile.BadZipFile, EOFError):
        code = "file-unreadable" if _DIRECTORY_END in content else "file-cut-off"
        raise Refused(code) from None
    return Seen()


def _refuse_other_type(types: list[str]) -> None:
    if _MAIN not in types:
        raise Refused("file-unreadable")
    if any(_FORBIDDEN_TYPES.search(kind) for kind in types):
        raise Refused("docx-macros")


def _refuse_odd_package(content: bytes, directory: int, parts: list[zipfile.ZipInfo]) -> None:
    """Nothing before, between or behind the parts; no part twice, outside, linked or encrypted."""
    if content[-22:-18] != _DIRECTORY_END or content[-2:] != b"\0\0":
        raise Refused("file-foreign-data")
    names = [part.filename.lower() for part in parts]
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Refused("file-too-complex")
    if len(set(names)) != len(names) or any(map(_odd, parts)):
        raise Refused("file-unreadable")
    at = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        gap = part.header_offset - at
        if not 0 <= gap <= (_DESCRIPTOR if at else 0):
            raise Refused("file-foreign-data")
        lengths = content[part.header_offset + 26 : part.header_offset + _LOCAL_HEADER]
        named = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
        at = part.header_offset + _LOCAL_HEADER + named + part.compress_size
    if not 0 <= directory - at <= _DESCRIPTOR:
        raise Refused("file-foreign-data")


def _odd(part: zipfile.ZipInfo) -> bool:
    segments = part.orig_filename.split("/")
    linked = (part.external_attr >> 16) & 0o170000 == 0o120000
    packed = part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    ratio = part.file_size > _MOST_RATIO * max(part.compress_size, 1)
    return (
        linked
        or not packed
        or bool(part.flag_bits & 1)
        or (ratio and part.file_size > _SMALL)
        or any(segment in (".", "..") for segment in segments)
        or segments[0] == ""
        or any(char in part.orig_filename for char in "\\\0:")
    )


def _look(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[str]:
    """Read one part; gives the content types it declares."""
    name = part.filename.lower()
    extension = name.rpartition(".")[2]
    if part.is_dir():
        return []
    if extension not in _XML | _MEDIA:
        raise Refused("docx-macros")
    with package.open(part) as opened:
        if extension not in _XML or extension == "svg":
            if opened.read(_STEP).startswith(_PROGRAMS):
                raise Refused("docx-macros")
            while opened.read(_STEP):  # to the end: the checksum is compared there
                pass
            return []
        found = read_part(iter(lambda: opened.read(_STEP), b""))
    for relationship in found.relationships:
        _judge(relationship)
    if _FETCHING_FIELD.search(found.fields):
        raise Refused("docx-external")
    return found.content_types


def _judge(relationship: Relationship) -> None:
    if _FORBIDDEN_RELATIONS.search(relationship.kind):
        raise Refused("docx-macros")
    link = relationship.kind.endswith("/hyperlink") and _LINK.match(relationship.target)
    if relationship.external and not link:
        raise Refused("docx-external")
