"""A dossier's row as a value: what lists show and rights are asked about. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from contracts.event import Event
from contracts.http.dossiers import DossierListed, Names
from contracts.submission import Step
from contracts.values import (
    AgencyCode,
    AgencyName,
    Calendar,
    DeliveryStatus,
    DeskRole,
    LimitUnit,
    PaymentStatus,
    PersonId,
    Status,
    SynchronisationStatus,
    TimeLimit,
)

from .deadlines import Timeliness, first_answer_by, forward_by, timeliness
from .projections import dossier_row
from .words import STATUS, TIMELINESS


class DossierView(BaseModel):
    """A dossier's row."""

    id: UUID
    version: int
    reference: str
    code: str | None
    applicant: UUID
    submitter: UUID
    procedure: str
    procedure_version: int
    name_vi: str
    name_en: str
    receiving: str
    agency_vi: str
    agency_en: str
    limit_value: int
    limit_unit: LimitUnit
    status: Status
    status_since: datetime
    step: Step
    payment: PaymentStatus
    delivery: DeliveryStatus
    synchronisation: SynchronisationStatus
    amount: int
    turn: DeskRole | None
    specialist: UUID | None
    result_file: UUID | None
    submitted_at: datetime
    received_at: datetime | None
    issued_at: datetime | None
    changed_at: datetime
    due: datetime | None
    late_from: datetime | None
    missed: datetime | None

    @classmethod
    def of(cls, history: Sequence[Event]) -> "DossierView | None":
        """Fold the row from a history, without the table."""
        rows = [put.row() for put in dossier_row(history)]
        return cls.model_validate({**rows[0], "id": rows[0]["dossier_id"]}) if rows else None

    @property
    def agency(self) -> AgencyCode:
        """Where the dossier came in."""
        return AgencyCode(self.receiving)

    def belongs_to(self, person: PersonId | None) -> bool:
        """Tell whether it is a person's own: its applicant's or its submitter's."""
        return person in (self.applicant, self.submitter)

    def late(self, now: datetime) -> bool:
        """Tell whether the due date passed without a result, or had passed before it came."""
        passed = self.late_from is not None and self.late_from <= now
        return passed or (self.due is not None and self.missed == self.due)

    def desk_by(self, calendar: Calendar) -> datetime | None:
        """Give by when the desk should answer what was handed in, or pass on what it took in."""
        match self.status:
            case Status.SUBMITTED:
                return first_answer_by(self.status_since, calendar)
            case Status.RECEIVED:
                return forward_by(self.status_since, calendar)
            case _:
                return None

    def timeliness(self, calendar: Calendar) -> Timeliness | None:
        """Tell how the result stood to its due date, once there is one."""
        if self.issued_at is None or self.due is None:
            return None
        limit = TimeLimit(value=self.limit_value, unit=self.limit_unit)
        return timeliness(limit, self.due, self.issued_at, calendar)

    def listed(self, now: datetime, calendar: Calendar) -> DossierListed:
        """Show it in a list."""
        return DossierListed(
            **self.model_dump(include=_SHOWN),
            name=Names(vi=self.name_vi, en=self.name_en),
            agency=AgencyName(code=self.agency, name_vi=self.agency_vi, name_en=self.agency_en),
            status_words=STATUS[self.status],
            late=self.late(now),
            desk_by=self.desk_by(calendar),
            **in_words(self.timeliness(calendar)),
        )


def in_words(standing: Timeliness | None) -> dict[str, Any]:
    """Say how a result stood to its due date, as views show it."""
    words = TIMELINESS[standing] if standing else None
    return {"timeliness": standing, "timeliness_words": words}


_SHOWN = DossierListed.model_fields.keys() & DossierView.model_fields.keys()
