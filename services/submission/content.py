"""What lies in a dossier now: the form as filled in and later mended, and all its papers. Pure."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, cast

from contracts.event import Event
from contracts.submission import DossierSubmitted

from .dossier.events import Filing, FormFilled, Paper, SupplementAnswered


@dataclass(frozen=True, repr=False)
class Content:
    """What the applicant handed in; `form_of` names what asks for the form as a whole: its own code
    and the components it answers.
    """

    filing: Filing | None = None
    form_of: frozenset[str] = frozenset()
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    papers: tuple[Paper, ...] = ()


def content_of(history: Iterable[Event]) -> Content:
    """Fold a dossier's content from its log; what was erased is not there."""
    content = Content()
    for event in history:
        match event:
            case FormFilled(personal=Filing() as filing):
                content = replace(
                    content, filing=filing, values=filing.values, papers=filing.papers
                )
            case DossierSubmitted(terms=terms) if content.filing and content.filing.form:
                form = content.filing.form
                answers = {one.code for one in terms.components if form in one.forms}
                content = replace(content, form_of=frozenset({form, *answers}))
            case SupplementAnswered(personal=answer) if answer is not None:
                values = mended(content, answer.fields)
                papers = (*content.papers, *answer.papers)
                content = replace(content, values=values, papers=papers)
            case _:
                pass
    return content


def mended(content: Content, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Put new values in their places: a field's path `section.field` or `section.row.field`, a
    section, or the whole form. A path that leads nowhere changes nothing.
    """
    new = deepcopy(content.values)
    for item in content.form_of & fields.keys():
        if isinstance(fields[item], dict):
            new = deepcopy(cast("dict[str, Any]", fields[item]))
    for path, value in fields.items():
        if path not in content.form_of:
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
