"""JSON files read row by row, so that whatever is wrong can be named by file, line and place.

Pure: it is given bytes, and gives rows and complaints. It knows nothing of what rows mean.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

ModelT = TypeVar("ModelT", bound=BaseModel)

BLANK = re.compile(r"[ \t\r\n]*")
MOST_COMPLAINTS = 20

SAID: dict[str, str] = {
    "missing": "Thiếu trường bắt buộc.",
    "extra_forbidden": "Trường không có trong quy định.",
    "enum": "Giá trị không có trong danh sách cho phép.",
    "literal_error": "Giá trị không có trong danh sách cho phép.",
    "date_from_datetime_parsing": "Phải là ngày (năm-tháng-ngày).",
    "string_pattern_mismatch": "Chưa đúng dạng.",
}
"""What pydantic finds, in Vietnamese; anything else is “not a valid value”."""


@dataclass(frozen=True)
class BadRow:
    """One thing wrong in a file: which line begins the row, where in the row, and why."""

    file: str
    line: int
    where: str
    vi: str
    en: str


@dataclass(frozen=True)
class JsonRow:
    """One value of a file. `group` is the list it stands in, where a file has several."""

    file: str
    line: int
    value: Any
    group: str = ""

    def bad(self, where: str, vi: str, en: str) -> BadRow:
        """Complain about this row."""
        return BadRow(self.file, self.line, where, vi, en)


@dataclass
class JsonFile:
    """A file as it was read: its rows, and what is bad. `whole` unless the end was not reached."""

    name: str
    rows: list[JsonRow] = field(default_factory=list[JsonRow])
    bad: list[BadRow] = field(default_factory=list[BadRow])
    whole: bool = True

    def give_up(self, line: int, vi: str, en: str) -> None:
        """Say why the file was not read to its end."""
        self.whole = False
        self.bad.append(BadRow(self.name, line, "", vi, en))


def read_rows(name: str, content: bytes) -> JsonFile:
    """Read a file whose value is an array, or an object of arrays, one row at a time."""
    file = JsonFile(name)
    try:
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        file.give_up(line, "Tệp không phải UTF-8.", "The file is not UTF-8.")
        return file
    reader = _Reader(name, text, file)
    try:
        reader.read()
    except json.JSONDecodeError as error:
        vi = "Từ đây tệp không phải JSON; phần sau chưa đọc."
        en = f"Not JSON from here on ({error.msg}); the rest was not read."
        file.give_up(error.lineno, vi, en)
    except RecursionError:
        file.give_up(reader.line(), "Lồng nhau quá sâu.", "Nested too deeply.")
    return file


class _Reader:
    """Walks through the text; the library decodes each row."""

    def __init__(self, name: str, text: str, file: JsonFile) -> None:
        self._name, self._text, self._file = name, text, file
        self._at = 0
        self._counted, self._lines = 0, 1
        self._doubtful: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant
        )

    def read(self) -> None:
        """Read the whole file into rows."""
        if self._next() == "{":
            for key in self._items("}"):
                self._group(key)
        else:
            self._array("")
        if self._next():
            raise json.JSONDecodeError("Extra data", self._text, self._at)

    def line(self) -> int:
        """Give the line reached so far."""
        self._lines += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._lines

    def _group(self, _: int) -> None:
        key = self._value()
        if not isinstance(key, str):
            raise json.JSONDecodeError("Expecting a name", self._text, self._at)
        self._expect(":")
        if self._next() == "[":
            self._array(key)
        else:
            self._row(key)

    def _array(self, group: str) -> None:
        for _ in self._items("]"):
            self._row(group)

    def _items(self, end: str) -> Iterator[int]:
        """Give one turn for each item up to the closing bracket."""
        self._expect("{" if end == "}" else "[")
        if self._next() == end:
            self._at += 1
            return
        while True:
            yield self._at
            if self._next() != ",":
                break
            self._at += 1
            self._next()
        self._expect(end)

    def _row(self, group: str) -> None:
        self._next()
        line = self.line()
        self._doubtful = []
        value = self._value()
        row = JsonRow(self._name, line, value, group)
        if self._doubtful:
            names = ", ".join(self._doubtful[:5])
            vi, en = (
                f"Ghi hai lần hoặc không hợp lệ: {names}.",
                f"Given twice, or no value: {names}.",
            )
            self._file.bad.append(row.bad("", vi, en))
        else:
            self._file.rows.append(row)

    def _value(self) -> Any:
        self._next()
        value, self._at = self._decoder.raw_decode(self._text, self._at)
        return value

    def _next(self) -> str:
        """Go to the next character that is not blank, and give it; empty at the end."""
        blank = BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        return self._text[self._at : self._at + 1]

    def _expect(self, character: str) -> None:
        if self._next() != character:
            raise json.JSONDecodeError(f"Expecting {character!r}", self._text, self._at)
        self._at += 1

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            names = [name for name, _ in pairs]
            self._doubtful += sorted({name for name in names if names.count(name) > 1})
        return value

    def _constant(self, name: str) -> None:
        self._doubtful.append(name)


def validated(model: type[ModelT], row: JsonRow, bad: list[BadRow], **known: Any) -> ModelT | None:
    """Read a row as a model, strictly; complaints go to `bad`. `known` may not be written."""
    value: object = row.value
    if isinstance(value, dict):
        written = cast(dict[str, Any], value)
        bad.extend(
            row.bad(name, SAID["extra_forbidden"], "Not written here.")
            for name in written.keys() & known
        )
        value = {**written, **known}
    try:
        return model.model_validate_json(json.dumps(value), strict=True, extra="forbid")
    except ValidationError as error:
        bad.extend(complaints(row, error))
        return None


def complaints(row: JsonRow, error: ValidationError) -> Iterable[BadRow]:
    """Say everything a model has against a row."""
    for found in error.errors()[:MOST_COMPLAINTS]:
        where = ".".join(str(part) for part in found["loc"])
        vi = SAID.get(found["type"], "Giá trị không hợp lệ.")
        yield row.bad(where, vi, f"{found['msg']}.")
