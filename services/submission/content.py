"""What lies in a dossier now: the form as filled in and later mended, and all its papers. Pure."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, cast

from contracts.event import Event

from .dossier.events import Filing, FormFilled, Paper, ResultFileStored, SupplementAnswered


@dataclass(frozen=True)
class Content:
    """What the applicant handed in, and the files of results, the latest last."""

    filing: Filing | None = None
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    papers: tuple[Paper, ...] = ()
    results: tuple[Paper, ...] = ()


def content_of(history: Iterable[Event]) -> Content:
    """Fold a dossier's content from its log; what was erased is not there."""
    content = Content()
    for event in history:
        match event:
            case FormFilled(personal=Filing() as filing):
                content = replace(
                    content, filing=filing, values=filing.values, papers=filing.papers
                )
            case SupplementAnswered(personal=answer) if answer is not None:
                form = content.filing.form if content.filing else None
                values = mended(content.values, form, answer.fields)
                papers = (*content.papers, *answer.papers)
                content = replace(content, values=values, papers=papers)
            case ResultFileStored(personal=Paper() as paper):
                content = replace(content, results=(*content.results, paper))
            case _:
                pass
    return content


def mended(
    values: Mapping[str, Any], form: str | None, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Put new values in their places: a field's path `section.field` or `section.row.field`, a
    section, or the code of the form for the whole of it. A path that leads nowhere changes nothing.
    """
    whole = fields.get(form or "")
    new = deepcopy(cast("dict[str, Any]", whole) if isinstance(whole, dict) else dict(values))
    for path, value in fields.items():
        if path != form:
            _put(new, path.split("."), value)
    return new


def value_at(values: Mapping[str, Any], path: str) -> object:
    """Give the value at a path; None where there is none."""
    place: object = deepcopy(dict(values))
    for part in path.split("."):
        place = _step(place, part, None)
    return place


def _put(values: dict[str, Any], path: list[str], value: object) -> None:
    place: object = values
    for part in path[:-1]:
        place = _step(place, part, {})
    if isinstance(place, dict):
        cast("dict[str, object]", place)[path[-1]] = value


def _step(place: object, part: str, otherwise: object) -> object:
    if isinstance(place, dict):
        return cast("dict[str, object]", place).setdefault(part, otherwise)
    rows = cast("list[object]", place) if isinstance(place, list) else []
    return rows[int(part)] if part.isascii() and part.isdigit() and int(part) < len(rows) else None
