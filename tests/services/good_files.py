"""Sound files of every kind we accept, as phones, scanners and offices make them."""

import zipfile
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image

TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument\
.wordprocessingml.document.main+xml"/></Types>"""
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>
</Relationships>"""
DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:body><w:p><w:r><w:t>Đơn đề nghị cấp bản sao</w:t></w:r></w:p></w:body></w:document>"""


def pdf(pages: int = 1, *, first: bytes = b"") -> bytes:
    """A plain PDF; `first` is written into its first page."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    document.pages[0].Contents = document.make_stream(first or b"q Q")
    return saved(document)


def saved(document: pikepdf.Pdf, **how: Any) -> bytes:
    """Write a PDF to bytes."""
    out = BytesIO()
    document.save(out, **how)
    return out.getvalue()


def picture(format: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> bytes:  # noqa: A002
    """A picture with some shades, so that there is something to decode."""
    image = Image.radial_gradient("L").transform(size, Image.Transform.EXTENT, (0, 0, 256, 256))
    out = BytesIO()
    image.convert(mode).save(out, format)
    return out.getvalue()


@cache
def heic(width: int = 320, height: int = 200) -> bytes:
    """A photograph as phones take it."""
    image = Image.new("RGB", (width, height), (180, 40, 40))
    image.paste((20, 20, 200), (0, 0, width // 2, height // 2))
    out = BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=60)  # pyright: ignore[reportUnknownMemberType]
    return out.getvalue()


def docx(parts: dict[str, str | bytes] | None = None) -> bytes:
    """A Word document; parts are added, or replaced, by name."""
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": DOCUMENT,
    }
    return packed(content | (parts or {}))


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()
