"""Who looked at what is personal: shown to those it is about, and to auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.auth import Applicant, Auditor
from contracts.http.dossiers import Look
from contracts.values import DossierId, PersonId
from services.submission.queries import Queries

from .sights import Sights

After = Annotated[int, Query(ge=0, le=2**62, description="the id of the last one seen")]
Limit = Annotated[int, Query(ge=1, le=1000)]


def looking(sights: Sights, queries: Queries) -> APIRouter:
    """The looks of officers and auditors, page by page in the order they were taken."""
    router = APIRouter()

    @router.get("/dossiers/{dossier_id}/reads", tags=["dossiers"])
    async def at_mine(
        applicant: Applicant, dossier_id: UUID, after: After = 0, limit: Limit = 500
    ) -> list[Look]:
        """List who of the desk and the auditors looked at my dossier, when, and at what."""
        await sights.own(applicant, dossier_id)
        return await queries.reads(subject=DossierId(dossier_id), after=after, limit=limit)

    @router.get("/audit/reads", tags=["audit"])
    async def all_looks(
        auditor: Auditor,
        subject: Annotated[UUID | None, Query(description="a dossier's id")] = None,
        reader: Annotated[UUID | None, Query(description="a person's id")] = None,
        after: After = 0,
        limit: Limit = 500,
    ) -> list[Look]:
        """List the looks at a dossier, of a person, or all."""
        del auditor
        return await queries.reads(
            subject=DossierId(subject) if subject else None,
            reader=PersonId(reader) if reader else None,
            after=after,
            limit=limit,
        )

    return router
