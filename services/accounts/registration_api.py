"""HTTP in: people ask for an account and prove their address; staff accept their invitation.

Whether an address has an account already changes no answer here. Passwords pass through, so no
answer is kept under an idempotency key: its fingerprint would be a fast hash of the password.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request

from chassis.auth import Anyone
from chassis.clock import new_id
from chassis.command_handling import Accepted
from chassis.idempotency import PlainCause
from contracts.http.accounts import Invitation, Registered, Registration, Verification
from contracts.values import PersonId

from .at_the_door import caller_network, refuse_faults
from .details import doubts_about, faults, read_details
from .opening import CodeNotAccepted, open_proven
from .passwords import check_password
from .person import PersonalDetails, RecordAddressProven
from .registrations import proven_row
from .registry import Registry, credential
from .session import MAILS, NETWORK


def registering(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """Ask for an account and prove the address."""
    router = APIRouter(tags=["registration"], dependencies=[Anyone])
    registrations, tries = registry.registrations, registry.tries

    @router.post("/registrations", status_code=201)
    async def register(request: Request, cause: PlainCause, body: Registration) -> Registered:
        """Ask for an account; a code goes to the address by mail, or a note that it has one."""
        at = now()
        details = read_details(body, body.email)
        refuse_faults(faults(details, at))
        check_password(body.password, _own(details))
        await tries.spend(f"register {caller_network(request)}", NETWORK, at)
        await tries.spend(f"mail {details.email}", MAILS, at)
        hashed = await registry.hashes.hash(body.password)
        registration_id = new_id()
        await registrations.begin(registration_id, details, hashed, cause, at)
        return Registered(id=registration_id, doubts=doubts_about(details, at))

    @router.post("/registrations/{registration_id}/code", status_code=204)
    async def send_again(cause: PlainCause, registration_id: UUID) -> None:
        """Mail another code in place of the last one: once a minute, five in all."""
        await registrations.send_again(registration_id, cause, now())

    @router.post("/registrations/{registration_id}/verification")
    async def verify(cause: PlainCause, registration_id: UUID, body: Verification) -> Accepted:
        """Give the code back: the account is open."""
        return await open_proven(registry, registration_id, body.code, cause, at=now())

    return router


def inviting(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """Accept an invitation."""
    router = APIRouter(tags=["registration"], dependencies=[Anyone])

    @router.post("/invitations/{invitation_id}")
    async def accept(cause: PlainCause, invitation_id: UUID, body: Invitation) -> Accepted:
        """Choose a password with the code of an invitation: the address is proven by it."""
        at, person = now(), PersonId(invitation_id)
        state, _ = await registry.streams.persons.load(person)
        check_password(body.password, _own(state.details) if state.details else ())
        found = await registry.registrations.proven(invitation_id, "invitation", body.code, at)
        if found is None:
            raise CodeNotAccepted
        hashed = await registry.hashes.hash(body.password)
        rows = (credential(person, hashed), proven_row(invitation_id))
        command = RecordAddressProven(at)
        return await registry.streams.persons.handle(person, command, cause, rows=rows)

    return router


def _own(details: PersonalDetails) -> list[str | None]:
    return [details.full_name, details.email, details.phone, details.id_number]
