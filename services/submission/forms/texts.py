"""Text as it may be kept: composed (NFC), trimmed, without control, bidi and hidden characters."""

import re
import unicodedata

from .errors import Wrong

HARMLESS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""Invisible characters that pasting brings along and that carry nothing: dropped."""

REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
LINE_BREAK = re.compile(r"\r\n?")
SPACES = re.compile(r"[^\S\n]+")
NAME_MARKS = frozenset(" '’-.,()/·")


def clean(given: object, longest: int, *, lines: bool = False) -> str:
    """Give the text as it is kept, or raise Wrong. With `lines`, it may have line breaks."""
    if not isinstance(given, str):
        raise Wrong("text")
    text = given.translate(HARMLESS).strip()
    if lines:
        text = LINE_BREAK.sub("\n", text).replace("\t", " ")
    if any(unicodedata.category(c) in REFUSED for c in text if c != "\n" or not lines):
        raise Wrong("character")
    text = SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if len(text) > longest:
        raise Wrong("too_long", limit=str(longest))
    return text


def clean_name(given: object, longest: int) -> str:
    """Give a person's name: letters with their marks, and what joins them."""
    name = clean(given, longest)
    letters = [c for c in name if c not in NAME_MARKS]
    if name and (not letters or any(unicodedata.category(c)[0] not in "LM" for c in letters)):
        raise Wrong("person_name")
    return name
