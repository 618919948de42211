"""The desk's queue: what lies at an officer's agencies, those due first at the top."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.auth import Officer
from contracts.http.dossiers import DossierListed
from contracts.values import DeskRole
from services.submission.copies import Copies
from services.submission.queries import Queries, Wanted


def queue(queries: Queries, copies: Copies, now: Callable[[], datetime]) -> APIRouter:
    """What officers see before they open a dossier."""
    router = APIRouter(tags=["desk"])

    @router.get("/desk/dossiers")
    async def at_desk(
        officer: Officer,
        status: Annotated[int | None, Query(ge=1, le=10)] = None,
        turn: DeskRole | None = None,
        specialist: UUID | None = None,
        number: Annotated[
            str | None, Query(max_length=60, description="a dossier code or a reference")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
    ) -> list[DossierListed]:
        """List the dossiers of my agencies; without anybody's name."""
        wanted = Wanted(status, turn, specialist, number, limit, offset)
        views = await queries.queue(officer.agencies, wanted)
        calendar = await copies.calendar()
        return [view.listed(now(), calendar) for view in views]

    return router
