"""A PDF: read whole by qpdf, and refused when it acts by itself or carries other files.

Refused and not stripped: stripping would break the digital signatures of papers that other offices
issued, and the officer would see another file than the one whose hash the citizen holds. Printing
to a new PDF is one step for the citizen, and leaves nothing active behind.
"""

import re
from io import BytesIO

import pikepdf

from . import Refused, Seen
from .foreign import refuse_archives

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_END = b"%%EOF"
_MOST_PAGES = 5000
_ACTS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition",
    "/RichMediaExecute", "/Movie", "/Sound",
}  # fmt: skip
_LIVELY = {"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA"}
_FILE_KEYS = {"/EmbeddedFiles", "/EF"}
_STARTERS = {"/OpenAction", "/AA"}
# Cheap first look, in qpdf's own spelling of names; only what it finds is looked at closely.
_SUSPECT = re.compile(
    b"|".join(
        re.escape(name.encode()) + rb"\b"
        for name in sorted(_ACTS | _LIVELY | _ACTIVE_KEYS | _FILE_KEYS | _STARTERS)
    )
    + rb"|/FileAttachment\b"
)


def inspect_pdf(content: bytes) -> Seen:
    """Read a PDF and count its pages."""
    if not _HEADER.match(content):
        raise Refused("file-unreadable")
    if not content[-1024:].rstrip(b"\0\t\n\f\r ").endswith(_END):
        raise Refused("file-foreign-data" if _END in content[-65536:] else "file-cut-off")
    refuse_archives(content)
    with _opened(content) as document:
        if document.is_encrypted:
            raise Refused("pdf-encrypted")
        pages = len(document.pages)
        if not 0 < pages <= _MOST_PAGES:
            raise Refused("file-unreadable" if not pages else "file-too-complex")
        for part in document.objects:
            _look(part)
    return Seen(pages=pages)


def _opened(content: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(BytesIO(content), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refused("pdf-encrypted") from None


def _look(part: pikepdf.Object) -> None:
    holder = part.stream_dict if isinstance(part, pikepdf.Stream) else part
    if not _SUSPECT.search(holder.unparse(resolved=True)):
        return
    waiting = [holder]
    while waiting:
        here = waiting.pop()
        if isinstance(here, pikepdf.Dictionary):
            _judge(here)
            inner = [value for _, value in here.items()]
        else:
            inner = list(here) if isinstance(here, pikepdf.Array) else []
        # What is indirect is a part of its own and has its own turn.
        waiting += [
            value
            for value in inner
            if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect
        ]


def _judge(found: pikepdf.Dictionary) -> None:
    keys = set(found.keys())
    subtype = str(found.get("/Subtype", ""))
    if keys & _FILE_KEYS or subtype == "/FileAttachment":
        raise Refused("pdf-attachments")
    if keys & _ACTIVE_KEYS or subtype in _LIVELY or (_is_action(found) and _does(found) in _ACTS):
        raise Refused("pdf-active")
    for key in keys & _STARTERS:
        _judge_starter(found[key])


def _judge_starter(starter: object) -> None:
    """What happens on opening, without a click, may move within the document and no further."""
    if isinstance(starter, pikepdf.Dictionary):
        actions = [starter, *(value for _, value in starter.items())]
        for action in actions:
            if isinstance(action, pikepdf.Dictionary) and _does(action) == "/URI":
                raise Refused("pdf-active")


def _is_action(found: pikepdf.Dictionary) -> bool:
    return str(found.get("/Type", "/Action")) == "/Action"


def _does(action: pikepdf.Dictionary) -> str:
    return str(action.get("/S", ""))
