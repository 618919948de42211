"""One XML part of an office document, streamed: its relationships, content types and field codes.

No document type, so no entities; limited depth. Element names are taken without their prefixes,
which a file may choose as it likes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from . import Refused

_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part points at."""

    kind: str
    target: str
    external: bool


@dataclass
class Part:
    """What a part says that matters here."""

    relationships: list[Relationship] = field(default_factory=list[Relationship])
    content_types: list[str] = field(default_factory=list[str])
    fields: str = ""


class _Reading:
    """The handlers of one parse."""

    def __init__(self) -> None:
        self.part = Part()
        self._depth = 0
        self._in_field = False
        self._fields: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused("file-too-complex")
        local = _local(name)
        told = {_local(key): value for key, value in attributes.items()}
        if local == "Relationship":
            external = told.get("TargetMode", "").lower() == "external"
            self.part.relationships.append(
                Relationship(told.get("Type", ""), told.get("Target", ""), external)
            )
        elif local in ("Override", "Default"):
            self.part.content_types.append(told.get("ContentType", ""))
        elif local in ("fldChar", "fldSimple"):
            self._fields.append("\0" + told.get("instr", ""))
        self._in_field = local == "instrText"

    def end(self, _: str) -> None:
        self._depth -= 1
        self._in_field = False

    def text(self, text: str) -> None:
        if self._in_field:
            self._fields.append(text)

    def document_type(self, *_: object) -> None:
        raise Refused("docx-external")

    def finish(self) -> Part:
        self.part.fields = "\0" + "".join(self._fields) + " "
        return self.part


def read_part(pieces: Iterator[bytes]) -> Part:
    """Parse a part from its pieces."""
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = reading.document_type
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return reading.finish()


def _local(name: str) -> str:
    return name.rpartition(":")[2]
