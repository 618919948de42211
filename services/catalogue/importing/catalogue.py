"""All five files together: what they say of one another must agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.catalogue import Agency, CalendarDay, ProcedureVersion
from services.catalogue.checking import check_version

from .agencies import read_agencies
from .days import read_years
from .forms import Forms, read_forms
from .json_rows import BadRow, JsonFile, JsonRow, read_rows, validated
from .lists import ListEntry, read_lists

FILES = ("agencies.json", "holidays.json", "lists.json", "forms.json", "procedures.json")


@dataclass(frozen=True)
class Catalogue:
    """What to register: agencies with parents first, procedures, days by year, code lists."""

    agencies: tuple[Agency, ...]
    procedures: tuple[ProcedureVersion, ...]
    years: Mapping[int, tuple[CalendarDay, ...]]
    lists: Mapping[str, tuple[ListEntry, ...]]


@dataclass(frozen=True)
class CatalogueRead:
    """What came of reading the files: a catalogue, or else everything bad in them."""

    catalogue: Catalogue | None
    bad: tuple[BadRow, ...]


def read_catalogue(contents: Mapping[str, bytes]) -> CatalogueRead:
    """Read the files by name. A version's number is 1 here; publishing gives the real one."""
    files = {name: _file(name, contents.get(name)) for name in FILES}
    lists = read_lists(files["lists.json"])
    forms = read_forms(files["forms.json"], lists, lists_whole=files["lists.json"].whole)
    catalogue = Catalogue(
        agencies=tuple(read_agencies(files["agencies.json"])),
        procedures=tuple(_procedures(files["procedures.json"], forms)),
        years=read_years(files["holidays.json"]),
        lists=lists,
    )
    bad = [row for name in FILES for row in sorted(files[name].bad, key=lambda row: row.line)]
    return CatalogueRead(None if bad else catalogue, tuple(bad))


def _file(name: str, content: bytes | None) -> JsonFile:
    if content is not None:
        return read_rows(name, content)
    missing = JsonFile(name)
    missing.give_up(1, "Thiếu tệp này.", "The file is missing.")
    return missing


def _procedures(file: JsonFile, forms: Forms) -> Iterator[ProcedureVersion]:
    read: list[tuple[JsonRow, ProcedureVersion]] = []
    for row in file.rows:
        if version := validated(ProcedureVersion, row, file.bad, version=1, forms=()):
            read.append((row, _with_forms(version, forms)))
    file.bad.extend(_repeated(read))
    for row, version in read:
        offered = {code for component in version.components for code in component.forms}
        if forms.whole and offered.isdisjoint(forms.broken):
            faults = check_version(version)
            file.bad.extend(row.bad(f"{version.key}.{f.where}", f.vi, f.en) for f in faults)
        yield version


def _with_forms(version: ProcedureVersion, forms: Forms) -> ProcedureVersion:
    offered = dict.fromkeys(code for part in version.components for code in part.forms)
    found = tuple(forms.usable[code] for code in offered if code in forms.usable)
    return version.model_copy(update={"forms": found})


def _repeated(read: list[tuple[JsonRow, ProcedureVersion]]) -> Iterator[BadRow]:
    keys: set[str] = set()
    codes: set[str] = set()
    sectors: dict[str, tuple[str, str]] = {}
    for row, version in read:
        if version.key in keys:
            yield row.bad("key", "Khóa thủ tục bị trùng.", "The key stands twice.")
        if version.code in codes:
            yield row.bad("code", "Mã thủ tục bị trùng.", "The code stands twice.")
        keys.add(version.key)
        codes.update([version.code] if version.code else [])
        names = (version.sector_vi, version.sector_en)
        if sectors.setdefault(version.sector, names) != names:
            yield row.bad("sector_vi", "Lĩnh vực có hai tên.", "The sector has another name too.")
