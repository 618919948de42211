"""A service's own copy of who is appointed where: fed from the accounts topic, asked by every
officer's request.
"""

from dataclasses import dataclass
from typing import Any

import asyncpg

from contracts.accounts import OfficerAppointed, OfficerRelieved
from contracts.values import AgencyCode, AppointmentId, DeskRole, PersonId

from .changes import Put

SCHEMA = """
create table if not exists appointments (      -- working table: a copy of what accounts published
  appointment_id uuid primary key,
  person_id uuid not null,
  agency text not null,
  roles text[] not null,
  since timestamptz not null,
  until timestamptz
);
create index if not exists appointments_by_person on appointments (person_id);
grant select, insert, update on appointments to :app;
"""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person's desk roles at an agency."""

    appointment_id: AppointmentId
    agency: AgencyCode
    roles: frozenset[DeskRole]


def appointed(event: OfficerAppointed) -> Put:
    """Copy an appointment."""
    values = {"person_id": event.person_id, "agency": event.agency, "roles": event.roles}
    key = {"appointment_id": event.appointment_id}
    return Put("appointments", key, {**values, "since": event.at, "until": None})


def relieved(event: OfficerRelieved) -> Put:
    """End the copy of an appointment."""
    key = {"appointment_id": event.appointment_id}
    holder = {"person_id": event.person_id, "agency": event.agency, "since": event.at}
    return Put("appointments", key, {**holder, "roles": (), "until": event.at})


class Appointments:
    """Asks the copy."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool

    async def of(self, person: PersonId) -> tuple[Appointment, ...]:
        """Give what a person is appointed to now."""
        rows = await self._pool.fetch(
            "select appointment_id, agency, roles from appointments "
            "where person_id = $1 and until is null",
            person,
        )
        return tuple(
            Appointment(
                r["appointment_id"], r["agency"], frozenset(DeskRole(x) for x in r["roles"])
            )
            for r in rows
        )
