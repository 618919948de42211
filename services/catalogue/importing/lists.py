"""Rows of code lists: ethnic groups, countries, sexes and the like."""

from collections import defaultdict
from collections.abc import Mapping

from pydantic import model_validator

from contracts.form_definition import FieldType
from contracts.values import Value

from .json_rows import BadRow, JsonFile, validated

CODES_OF: Mapping[FieldType, str] = {
    FieldType.ETHNICITY: "ethnicities",
    FieldType.COUNTRY: "countries",
    FieldType.GENDER: "genders",
}
"""The lists that fields of a type take their codes from; the file must have them."""


class ListEntry(Value):
    """One entry of a list: the code that is kept, and its names."""

    value: str
    name_vi: str
    name_en: str


class ListRow(Value):
    """An entry as files write it: a value or else a code, and a name in one language or two."""

    value: str | None = None
    code: str | None = None
    name: str | None = None
    name_vi: str | None = None
    name_en: str | None = None

    @model_validator(mode="after")
    def is_whole(self) -> "ListRow":
        """Demand a code and a name."""
        if not (self.value or self.code) or not (self.name or self.name_vi):
            raise ValueError("an entry needs a value or code, and a name")
        return self

    def entry(self) -> ListEntry:
        """Give the entry in its one form."""
        name = self.name_vi or self.name or ""
        value = self.value or self.code or ""
        return ListEntry(value=value, name_vi=name, name_en=self.name_en or name)


def read_lists(file: JsonFile) -> dict[str, tuple[ListEntry, ...]]:
    """Read the lists; complaints go to the file. Its notes are for people."""
    lists: dict[str, dict[str, ListEntry]] = defaultdict(dict)
    for row in (row for row in file.rows if row.group != "notes"):
        read = validated(ListRow, row, file.bad)
        if read is None:
            continue
        entry = read.entry()
        if entry.value in lists[row.group]:
            where = f"{row.group}.{entry.value}"
            file.bad.append(row.bad(where, "Mã bị trùng trong danh mục.", "The code stands twice."))
        lists[row.group][entry.value] = entry
    for missing in sorted(set(CODES_OF.values()) - lists.keys() if file.whole else ()):
        vi, en = f"Thiếu danh mục {missing}.", f"The list {missing} is missing."
        file.bad.append(BadRow(file.name, 1, missing, vi, en))
    return {name: tuple(entries.values()) for name, entries in lists.items()}
