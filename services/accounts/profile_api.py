"""HTTP in: what I am, and the organisations I represent; where others are reached."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends

from chassis.auth import Applicant, OtherService, Principal, SignedIn
from chassis.command_handling import Accepted
from chassis.idempotency import Cause, PlainCause, Seen
from chassis.problems import Problem
from contracts.http.accounts import Contact, Details, Organisation, OrganisationDetails, Profile
from contracts.values import OrganisationId, PersonId

from .at_the_door import refuse_faults
from .contacts import phone_of
from .details import faults, read_details
from .organisation import (
    CorrectParticulars,
    OrganisationParticulars,
    RegisterOrganisation,
    organisation_id,
)
from .person import CorrectDetails
from .registry import Registry


async def _notification(caller: OtherService) -> Principal:
    if caller.name != "notification":
        raise Problem(403, "not-for-you")
    return caller


async def _citizen(caller: Applicant) -> PersonId:
    if caller.kind != "citizen" or caller.person_id is None:
        raise Problem(403, "not-for-you")
    return caller.person_id


Notification = Annotated[Principal, Depends(_notification)]
Citizen = Annotated[PersonId, Depends(_citizen)]
ThingT = TypeVar("ThingT")


def knowing(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """What is known of people."""
    router = APIRouter(tags=["profile"])
    queries = registry.queries

    @router.get("/me")
    async def me(caller: SignedIn) -> Profile:
        """Show what my account knows of me."""
        assert caller.person_id is not None
        assert caller.kind != "service"
        if caller.kind == "organisation":
            return _found(await queries.organisation_profile(OrganisationId(caller.person_id)))
        return _found(await queries.profile(caller.person_id, caller.kind))

    @router.put("/me")
    async def correct(caller: Citizen, cause: PlainCause, seen: Seen, body: Details) -> Accepted:
        """Correct what my account knows of me; the proven address stays as it is."""
        at = now()
        known = _found(await queries.contact(caller))
        details = read_details(body, known.email or "")
        refuse_faults(faults(details, at))
        command = CorrectDetails(details, at)
        return await registry.streams.persons.handle(caller, command, cause, expected=seen)

    @router.get("/persons/{person_id}/contact")
    async def contact(caller: Notification, person_id: UUID) -> Contact:
        """Tell where somebody is reached, at the moment of sending."""
        del caller
        return _found(await queries.contact(PersonId(person_id)))

    return router


def representing(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """Organisations and who acts for them."""
    router = APIRouter(prefix="/organisations", tags=["organisations"])
    organisations = registry.streams.organisations

    @router.get("")
    async def mine(caller: Citizen) -> list[Organisation]:
        """List the organisations I represent."""
        return await registry.queries.organisations(caller)

    @router.post("", status_code=201)
    async def register(caller: Citizen, cause: Cause, body: OrganisationDetails) -> Accepted:
        """Register an organisation that I represent."""
        id_ = organisation_id(caller, body.tax_code)
        command = RegisterOrganisation(id_, caller, _particulars(body), at=now())
        return await organisations.handle(id_, command, cause)

    @router.put("/{organisation_id}")
    async def correct(
        caller: Citizen,
        cause: PlainCause,
        seen: Seen,
        organisation_id: UUID,
        body: OrganisationDetails,
    ) -> Accepted:
        """Correct what is known of an organisation that I represent."""
        if not await registry.queries.represents(caller, OrganisationId(organisation_id)):
            raise Problem(404, "not-found")
        command = CorrectParticulars(caller, _particulars(body), at=now())
        return await organisations.handle(organisation_id, command, cause, expected=seen)

    return router


def _particulars(body: OrganisationDetails) -> OrganisationParticulars:
    phone = None if body.phone is None else phone_of(body.phone) or body.phone
    return OrganisationParticulars(
        name=body.name, tax_code=body.tax_code, phone=phone, address=body.address
    )


def _found(thing: ThingT | None) -> ThingT:
    if thing is None:
        raise Problem(404, "not-found")
    return thing
