"""Administrators have what is personal in a dossier destroyed; its history stays."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from chassis.auth import Administrator
from chassis.command_handling import Accepted
from chassis.idempotency import Cause
from chassis.problems import Problem
from contracts.http.submission import Erasure
from contracts.values import DossierId
from services.submission.dossier.commands import EraseDossier
from services.submission.drafting import Dossiers
from services.submission.erasure import rows_of
from services.submission.queries import Queries


def erasing(dossiers: Dossiers, queries: Queries, now: Callable[[], datetime]) -> APIRouter:
    """Forget a dossier."""
    router = APIRouter(prefix="/dossiers/{dossier_id}", tags=["erasure"])

    @router.post("/erasure")
    async def erase(
        administrator: Administrator, cause: Cause, dossier_id: UUID, body: Erasure
    ) -> Accepted:
        """Destroy the key of a dossier that has ended, for a ground and by a law that stay."""
        del administrator
        dossier = DossierId(dossier_id)
        if await queries.dossier(dossier) is None:
            raise Problem(404, "not-found")
        command = EraseDossier(body.ground, body.law, now())
        rows = rows_of(dossier, command.at, cause)
        return await dossiers.handle(dossier, command, cause, rows=rows)

    return router
