"""A HEIC photograph, as phones take them: turned into a JPEG that every officer can open.

Only the pixels and their colours are kept: no place, no time, no thumbnail.
"""

from io import BytesIO

import pillow_heif

from . import Refused, Seen
from .foreign import refuse_archives
from .pictures import refuse_many_pixels

MOST_PIXELS = 50_000_000
_QUALITY = 88


def inspect_heic(content: bytes) -> Seen:
    """Decode a HEIC photograph and encode it as a JPEG, upright."""
    _refuse_unless_whole(content)
    refuse_archives(content)
    pillow_heif.options.DECODE_THREADS = 1
    photograph = pillow_heif.open_heif(BytesIO(content))  # pyright: ignore[reportUnknownMemberType]
    refuse_many_pixels(photograph.size, MOST_PIXELS)
    image = photograph.to_pillow()
    if image.mode != "RGB":
        image = image.convert("RGB")
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, icc_profile=image.info.get("icc_profile"))
    return Seen(instead=out.getvalue())


def _refuse_unless_whole(content: bytes) -> None:
    """Boxes follow each other to the very end; the last one may say so by a size of 0."""
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4])
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16])
        if size == 0:
            return
        if size < 8 or at + size > len(content):
            raise Refused("file-cut-off" if at + size > len(content) else "file-foreign-data")
        at += size
