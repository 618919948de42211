"""Pictures: walked from their first byte to their last, then decoded, with a limit on pixels.

What phones append to a JPEG (a gain map, a moving picture, the maker's notes) is cut off; anything
else before or behind the picture is refused.
"""

import re
from io import BytesIO

from PIL import JpegImagePlugin, PngImagePlugin

from . import Refused, Seen
from .foreign import refuse_archives

MOST_PIXELS = 80_000_000
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_END, _SCAN, _ALONE = 0xD9, 0xDA, {0x01, *range(0xD0, 0xD9)}
_PNG_HEAD = 8


def inspect_jpeg(content: bytes) -> Seen:
    """Decode a JPEG; keep the picture alone."""
    end = _end_of_jpeg(content)
    behind = content[end:]
    if behind and not _appended_by_phone(behind):
        raise Refused("file-foreign-data")
    picture = content[:end]
    refuse_archives(picture)
    image = JpegImagePlugin.JpegImageFile(BytesIO(picture))
    refuse_many_pixels(image.size, MOST_PIXELS)
    image.draft("L", (image.width // 8, image.height // 8))  # all of it is read, less is kept
    image.load()
    return Seen(instead=picture if behind else None)


def inspect_png(content: bytes) -> Seen:
    """Decode a PNG."""
    if _end_of_png(content) != len(content):
        raise Refused("file-foreign-data")
    refuse_archives(content)
    image = PngImagePlugin.PngImageFile(BytesIO(content))
    refuse_many_pixels(image.size, MOST_PIXELS)
    image.load()
    return Seen()


def refuse_many_pixels(size: tuple[int, int], most: int) -> None:
    """Refuse by the declared size, before any pixel is decoded."""
    if size[0] * size[1] > most:
        raise Refused("picture-too-large")


def _end_of_jpeg(content: bytes) -> int:
    at = 2
    while marker := _MARKER.search(content, at):
        kind, at = content[marker.end() - 1], marker.end()
        if kind == _END:
            return at
        if kind not in _ALONE:
            at += int.from_bytes(content[at : at + 2])
    raise Refused("file-cut-off")


def _appended_by_phone(behind: bytes) -> bool:
    return (
        not behind.strip(b"\0")
        or behind.startswith(b"\xff\xd8\xff")
        or behind[4:8] == b"ftyp"
        or behind.endswith(b"SEFT")
    )


def _end_of_png(content: bytes) -> int:
    at = _PNG_HEAD
    while at + 12 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at
    raise Refused("file-cut-off")
