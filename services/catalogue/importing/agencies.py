"""Rows of agencies: a tree whose every branch hangs on another row."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from contracts.catalogue import Agency, AgencyKind
from contracts.values import AgencyCode

from .json_rows import BadRow, JsonFile, JsonRow, validated

CODE = re.compile(r"[A-Z0-9]{1,4}(?:\.[A-Z0-9]{1,4}){0,9}")
LONGEST_CODE = 35
PARENTS: Mapping[AgencyKind, tuple[AgencyKind | None, ...]] = {
    AgencyKind.PROVINCE: (None,),
    AgencyKind.DISTRICT: (AgencyKind.PROVINCE,),
    AgencyKind.COMMUNE: (AgencyKind.PROVINCE, AgencyKind.DISTRICT),
}
"""Whose child an agency may be; so the tree has no circles."""


class AgencyRow(Agency):
    """An agency, with how sure its name and its code are."""

    confidence: Literal["sourced", "memory"]
    code_confidence: Literal["sourced", "memory", "constructed"]


def read_agencies(file: JsonFile) -> list[Agency]:
    """Read the agencies, parents before children; complaints go to the file."""
    rows: list[tuple[JsonRow, AgencyRow]] = []
    for row in file.rows:
        if agency := validated(AgencyRow, row, file.bad):
            rows.append((row, agency))
    known: dict[AgencyCode, AgencyRow] = {}
    for row, agency in rows:
        if agency.code in known:
            file.bad.append(row.bad("code", "Mã cơ quan bị trùng.", "The code stands twice."))
        known.setdefault(agency.code, agency)
    for row, agency in rows:
        file.bad.extend(_faults(row, agency, known) if file.whole else ())
    order = list(AgencyKind)
    agencies = (Agency.model_validate(agency.model_dump()) for _, agency in rows)
    return sorted(agencies, key=lambda agency: (order.index(agency.kind), agency.code))


def _faults(
    row: JsonRow, agency: AgencyRow, known: Mapping[AgencyCode, AgencyRow]
) -> Iterator[BadRow]:
    if not CODE.fullmatch(agency.code) or len(agency.code) > LONGEST_CODE:
        yield row.bad("code", "Không phải mã định danh cơ quan.", "Not an agency identifier.")
    for where in ("name_vi", "name_en"):
        if not getattr(agency, where).strip():
            yield row.bad(where, "Không được để trống.", "May not be empty.")
    parent = known.get(agency.parent) if agency.parent else None
    if agency.parent and not parent:
        yield row.bad("parent", f"Không có cơ quan {agency.parent}.", f"No agency {agency.parent}.")
    elif (parent.kind if parent else None) not in PARENTS[agency.kind]:
        yield row.bad("parent", "Cơ quan cấp trên sai cấp.", "The parent is of the wrong level.")
    if agency.successor and (agency.successor not in known or agency.successor == agency.code):
        yield row.bad("successor", "Không có cơ quan kế thừa này.", "There is no such successor.")
    if agency.valid_from and agency.valid_until and agency.valid_until < agency.valid_from:
        yield row.bad("valid_until", "Kết thúc trước khi bắt đầu.", "It ends before it begins.")
