"""Other files hidden in a file: what a person sees and what a program opens must be the same."""

from . import Refused

_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_ZIP_END = b"PK\x05\x06"
_ZIP_ENTRY = b"PK\x01\x02"
_ZIP_TAIL = 22 + 65535


def refuse_archives(content: bytes) -> None:
    """Refuse content that an unpacker would open as an archive."""
    if any(signature in content for signature in _ARCHIVES) or _opens_as_zip(content):
        raise Refused("file-foreign-data")


def _opens_as_zip(content: bytes) -> bool:
    """Unpackers look for the directory of a ZIP from the end, whatever stands before it."""
    tail = content[-_ZIP_TAIL:]
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        size = int.from_bytes(tail[at + 12 : at + 16], "little")
        directory = len(content) - len(tail) + at - size
        if directory >= 0 and content.startswith(_ZIP_ENTRY, directory):
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False
