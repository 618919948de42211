"""Auditors read the history of any dossier, folded from the log alone, up to any instant."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime

from chassis.auth import Auditor
from chassis.event_store import EventStore, Logged
from chassis.problems import Problem
from contracts.http.dossiers import AuditView, DossierListed, LoggedView
from contracts.values import Calendar, DossierId
from services.submission.copies import Copies
from services.submission.dossier_view import DossierView, in_words
from services.submission.queries import Queries
from services.submission.reading import log_of
from services.submission.views import Whole, entries
from services.submission.words import STATUS

Name = Annotated[str, Path(max_length=60, description="a dossier's code, reference or id")]


def auditing(
    queries: Queries, store: EventStore, copies: Copies, now: Callable[[], datetime]
) -> APIRouter:
    """All dossiers, and one whole at an instant."""
    router = APIRouter(prefix="/audit/dossiers", tags=["audit"])

    @router.get("")
    async def all_dossiers(
        auditor: Auditor,
        after: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> list[DossierListed]:
        """List all dossiers, page by page in the order of their ids."""
        del auditor
        views, calendar = await queries.page(after, limit), await copies.calendar()
        return [view.listed(now(), calendar) for view in views]

    @router.get("/{name}")
    async def history(
        auditor: Auditor, name: Name, as_of: AwareDatetime | None = None
    ) -> AuditView:
        """Fold a dossier from the log up to an instant; the look is recorded before the answer."""
        dossier = _id_of(name) or await queries.named(name)
        if dossier is None:
            raise Problem(404, "not-found")
        await queries.read(auditor.actor, dossier, "history", role="auditor")
        until = (as_of or now()).astimezone(UTC)
        log, logged = await log_of(store, dossier, until)
        whole = Whole.of(log)
        if whole is None:
            raise Problem(404, "not-found")
        return _shown(whole, logged, until, await copies.calendar())

    return router


def _id_of(name: str) -> DossierId | None:
    try:
        return DossierId(UUID(name))
    except ValueError:
        return None


def _shown(whole: Whole, logged: list[Logged], until: datetime, calendar: Calendar) -> AuditView:
    view, dossier = whole.view, whole.dossier
    return AuditView(
        **view.model_dump(include=_COMMON),
        as_of=until,
        agency=dossier.terms.receiving,
        status_name=view.status.name,
        status_words=STATUS[view.status],
        **in_words(view.timeliness(calendar)),
        extended=dossier.clock.extended,
        outcome=dossier.outcome,
        erased=dossier.erased,
        timeline=entries(whole.log),
        events=[_event(entry) for entry in logged],
    )


_COMMON = AuditView.model_fields.keys() & DossierView.model_fields.keys()


def _event(logged: Logged) -> LoggedView:
    return LoggedView(
        position=logged.position,
        stream=logged.stream,
        version=logged.version,
        id=logged.event_id,
        type=logged.type,
        public=logged.public,
        recorded_at=logged.recorded_at,
        data=base64.b64encode(logged.data).decode(),
        meta=base64.b64encode(logged.meta).decode(),
        hash=base64.b64encode(logged.hash).decode(),
    )
