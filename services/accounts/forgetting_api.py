"""HTTP in: administrators have a person forgotten who asks for it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from chassis.auth import Administrator
from chassis.command_handling import Accepted
from chassis.idempotency import Cause
from contracts.http.accounts import Erasure
from contracts.values import PersonId

from .forgetting import forgotten_rows
from .person import ForgetPerson
from .registry import Registry


def forgetting(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """What is known of a person is destroyed; that there was an account stays."""
    router = APIRouter(tags=["erasure"])

    @router.post("/persons/{person_id}/erasure")
    async def forget(
        administrator: Administrator, cause: Cause, person_id: UUID, body: Erasure
    ) -> Accepted:
        """Forget a person who does not work here, for a ground and by a law that stay."""
        del administrator
        person = PersonId(person_id)
        command = ForgetPerson(body.ground, body.law, now())
        rows = forgotten_rows(person, command.at, cause)
        return await registry.streams.persons.handle(person, command, cause, rows=rows)

    return router
