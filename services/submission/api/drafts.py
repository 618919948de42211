"""Applicants begin drafts, write them, and hand them in."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response

from chassis.auth import Anyone, Applicant
from chassis.command_handling import Accepted
from chassis.idempotency import Cause, Seen
from contracts.http.dossiers import DraftListed, DraftSaved, DraftView, FileView, Names, ToMend
from contracts.http.submission import BeginDraft, SaveDraft, Submit
from contracts.values import AgencyName, DossierId
from services.submission.captcha import Captcha
from services.submission.draft_store import DraftStore
from services.submission.drafting import Drafting, HandingIn, Opened, person
from services.submission.drafts import Missing, in_the_form
from services.submission.gateway import Accounts
from services.submission.prefilling import prefilled

Bearer = Annotated[str, Header(alias="authorization", include_in_schema=False)]


def writing(
    drafting: Drafting, drafts: DraftStore, accounts: Accounts, now: Callable[[], datetime]
) -> APIRouter:
    """Begin, look, save, discard."""
    router = APIRouter(prefix="/drafts", tags=["drafts"])

    @router.get("")
    async def mine(applicant: Applicant) -> list[DraftListed]:
        """List my drafts, the latest first."""
        rows = await drafts.mine(person(applicant))
        return [
            DraftListed(**dict(row), name=Names(vi=row["name_vi"] or "", en=row["name_en"] or ""))
            for row in rows
        ]

    @router.put("/{dossier_id}", status_code=201)
    async def begin(
        applicant: Applicant, dossier_id: UUID, body: BeginDraft, response: Response
    ) -> Accepted:
        """Begin a draft under an id of your own making; again answers 200."""
        if not await drafting.begin(applicant, DossierId(dossier_id), body):
            response.status_code = 200
        draft = await drafting.own(applicant, DossierId(dossier_id))
        return Accepted(id=dossier_id, version=draft.version)

    @router.get("/{dossier_id}")
    async def look(applicant: Applicant, dossier_id: UUID, authorization: Bearer) -> DraftView:
        """Show a draft with what is still to do, and what its form can be filled with."""
        opened = await drafting.open(await drafting.own(applicant, DossierId(dossier_id)))
        known = await prefilled(opened, accounts, authorization, now())
        return _shown(opened, known)

    @router.put("/{dossier_id}/content")
    async def save(
        applicant: Applicant, seen: Seen, dossier_id: UUID, body: SaveDraft
    ) -> DraftSaved:
        """Save what was written, whole; answers what is still to do."""
        draft = await drafting.own(applicant, DossierId(dossier_id))
        saved = await drafting.save(draft, body, seen)
        missing, warnings = _to_do(await drafting.open(saved))
        return DraftSaved(id=dossier_id, version=saved.version, missing=missing, warnings=warnings)

    @router.delete("/{dossier_id}", status_code=204)
    async def discard(applicant: Applicant, dossier_id: UUID) -> None:
        """Forget a draft, its files and its key."""
        await drafting.discard(await drafting.own(applicant, DossierId(dossier_id)))

    return router


def handing_in(
    drafting: Drafting, submission: HandingIn, captcha: Captcha, now: Callable[[], datetime]
) -> APIRouter:
    """Prove that no machine is at work, and hand in."""
    router = APIRouter(tags=["drafts"])

    @router.get("/captcha", dependencies=[Anyone])
    async def challenge() -> dict[str, Any]:
        """Ask for a proof of work (ALTCHA, version 2) to be solved before handing in."""
        return captcha.challenge(now())

    @router.post("/drafts/{dossier_id}/submission", status_code=201)
    async def submit(
        applicant: Applicant, cause: Cause, dossier_id: UUID, body: Submit
    ) -> Accepted:
        """Hand in a draft as it was last saved; `number` of the answer is the reference."""
        draft = await drafting.own(applicant, DossierId(dossier_id))
        return await submission.hand_in(applicant, draft, body.captcha, cause, now())

    return router


def _shown(opened: Opened, known: dict[str, dict[str, Any]]) -> DraftView:
    begun, content, agency = opened.draft.begun, opened.draft.content, opened.agency
    missing, warnings = _to_do(opened)
    return DraftView(
        id=begun.dossier_id,
        version=opened.draft.version,
        procedure=begun.procedure,
        procedure_version=begun.procedure_version,
        agency=AgencyName(code=agency.code, name_vi=agency.name_vi, name_en=agency.name_en),
        name=Names(vi=opened.procedure.name_vi, en=opened.procedure.name_en),
        form=content.form,
        values=content.values,
        channel=content.channel,
        address=content.address.model_dump() if content.address else None,
        exemption=content.exemption,
        files=[FileView.model_validate(kept.file.model_dump()) for kept in opened.files],
        known=known,
        missing=missing,
        warnings=warnings,
        updated_at=opened.draft.updated_at,
    )


def _to_do(opened: Opened) -> tuple[list[ToMend], list[ToMend]]:
    warnings = opened.filled.warnings if opened.filled else ()
    return _mend(opened.missing), _mend([in_the_form(warning) for warning in warnings])


def _mend(missing: list[Missing]) -> list[ToMend]:
    return [ToMend.model_validate(one.model_dump()) for one in missing]
