"""What a form can be filled with beforehand, from what is known; the filler may change it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from contracts.form_definition import FormDefinition, Section

from .errors import Wrong
from .values import Asking, read_value


@dataclass(frozen=True, repr=False)
class KnownApplicant:
    """What the applicant's account tells, written as a form writes it; None where unknown."""

    full_name: str | None = None
    birth_date: str | None = None
    gender: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    citizen_id: str | None = None
    id_issued_on: str | None = None
    id_issued_by: str | None = None
    residence: dict[str, str] | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class KnownAgency:
    """The receiving agency: its name, and the commune it serves ("xã Bình Lãng")."""

    name_vi: str
    commune: str


def prefill(
    definition: FormDefinition, applicant: KnownApplicant, agency: KnownAgency, today: date
) -> dict[str, Any]:
    """Fill in what is known and fits; what would be wrong is left empty."""
    known: dict[str, Any] = {
        **{f"applicant.{name}": value for name, value in asdict(applicant).items()},
        **{f"agency.{name}": value for name, value in asdict(agency).items()},
        "today": today.isoformat(),
    }
    sections = (section for section in definition.sections if not section.repeat)
    filled = {s.key: _section(definition, s, known, today) for s in sections}
    return {key: values for key, values in filled.items() if values}


def _section(
    definition: FormDefinition, section: Section, known: Mapping[str, Any], today: date
) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for asked in section.fields:
        try:
            answer = read_value(Asking(asked, definition, today), known.get(asked.prefill or ""))
        except Wrong:
            continue
        if answer is not None:
            filled[asked.key] = answer.kept
    return filled
