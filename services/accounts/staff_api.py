"""HTTP in: administrators invite staff and appoint officers; auditors and officers look."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.auth import Administrator, SignedIn
from chassis.clock import new_id
from chassis.command_handling import Accepted
from chassis.idempotency import Cause
from chassis.problems import Problem
from contracts.http.accounts import AppointmentListed, NewAppointment, StaffListed, StaffMember
from contracts.values import AgencyCode, AppointmentId, PersonId

from .at_the_door import refuse_faults
from .contacts import email_of, phone_of
from .details import faults
from .officer import Appoint, Relieve
from .opening import invite, invite_again
from .person import PersonalDetails
from .registry import Registry


def staffing(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """Who works here."""
    router = APIRouter(prefix="/staff", tags=["staff"])

    @router.post("", status_code=201)
    async def invite_somebody(
        administrator: Administrator, cause: Cause, body: StaffMember
    ) -> Accepted:
        """Let somebody work here: a citizen's account is granted it, others get an invitation."""
        del administrator
        at, details = now(), _details(body)
        refuse_faults(faults(details, at))
        return await invite(registry, details, cause, at)

    @router.post("/{person_id}/invitation")
    async def invite_anew(administrator: Administrator, cause: Cause, person_id: UUID) -> Accepted:
        """Mail another invitation in place of the last one."""
        del administrator
        return await invite_again(registry, PersonId(person_id), cause, now())

    @router.get("")
    async def staff(
        administrator: Administrator,
        after: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> list[StaffListed]:
        """List who works here, page by page in the order of their ids."""
        del administrator
        return await registry.queries.staff(None if after is None else PersonId(after), limit)

    return router


def appointing(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """Who may act for which agency."""
    router = APIRouter(prefix="/appointments", tags=["appointments"])
    appointments = registry.streams.appointments

    @router.post("", status_code=201)
    async def appoint(administrator: Administrator, cause: Cause, body: NewAppointment) -> Accepted:
        """Let a member of staff act for an agency in these desk roles."""
        assert administrator.person_id is not None
        person, id_ = PersonId(body.person_id), AppointmentId(new_id())
        kinds = await registry.queries.kinds(person)
        command = Appoint(
            appointment_id=id_,
            by=administrator.person_id,
            person_id=person,
            kinds=kinds,
            agency=AgencyCode(body.agency),
            roles=frozenset(body.roles),
            at=now(),
        )
        return await appointments.handle(id_, command, cause)

    @router.post("/{appointment_id}/relief")
    async def relieve(administrator: Administrator, cause: Cause, appointment_id: UUID) -> Accepted:
        """End an appointment; its rights end with it, wherever the event has been read."""
        del administrator
        return await appointments.handle(appointment_id, Relieve(at=now()), cause)

    @router.get("")
    async def listed(
        reader: SignedIn,
        person_id: UUID | None = None,
        agency: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9.-]{1,40}$")] = None,
        ended: bool = False,
    ) -> list[AppointmentListed]:
        """List appointments: all of them for administrators and auditors, their own for staff."""
        if reader.kind not in ("administrator", "auditor", "staff"):
            raise Problem(403, "not-for-you")
        whose = reader.person_id if reader.kind == "staff" else person_id
        person = None if whose is None else PersonId(whose)
        return await registry.queries.appointments(person, agency, ended=ended)

    return router


def _details(body: StaffMember) -> PersonalDetails:
    return PersonalDetails(
        full_name=body.full_name,
        email=email_of(body.email) or "",
        phone=None if body.phone is None else phone_of(body.phone) or "",
        language=body.language,
    )
