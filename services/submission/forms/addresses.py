"""An address of two levels, as it is since 07/2025: country, province, commune, detail.

Names are kept as written, codes may stand beside them; older three-level ones go in the detail.
"""

import re
from typing import Any, cast

from .errors import Wrong
from .texts import clean

LONGEST = {"country": 2, "province": 200, "commune": 200, "detail": 500}
CODES = {"province_code": re.compile("[0-9]{2}"), "commune_code": re.compile("[0-9]{5}")}
HOME = "VN"


def read_address(countries: tuple[str, ...], given: object) -> dict[str, str] | None:
    """Read an address; None when it names nothing but a country."""
    if not isinstance(given, dict):
        raise Wrong("address")
    parts = cast(dict[Any, Any], given)
    if not parts.keys() <= LONGEST.keys() | CODES.keys():
        raise Wrong("unknown_part")
    address = {part: _part(part, parts.get(part), longest) for part, longest in LONGEST.items()}
    codes = {
        part: _code(part, parts[part], shape) for part, shape in CODES.items() if parts.get(part)
    }
    if not codes and not any(address[part] for part in LONGEST if part != "country"):
        return None
    _complete(address, countries)
    return address | codes


def _part(part: str, given: object, longest: int) -> str:
    try:
        return clean("" if given is None else given, longest)
    except Wrong as wrong:
        raise Wrong(wrong.code, part, wrong.limit) from None


def _code(part: str, given: object, shape: re.Pattern[str]) -> str:
    code = _part(part, given, 20)
    if not shape.fullmatch(code):
        raise Wrong("pattern", part)
    return code


def _complete(address: dict[str, str], countries: tuple[str, ...]) -> None:
    if not address["country"]:
        raise Wrong("part_required", "country")
    if address["country"] not in countries:
        raise Wrong("not_listed", "country")
    needed = ("province", "commune") if address["country"] == HOME else ("detail",)
    for part in needed:
        if not address[part]:
            raise Wrong("part_required", part)
