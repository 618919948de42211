"""What applicants do before a dossier begins: a draft begun, written, looked at, and handed in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg

from chassis.auth import Principal
from chassis.changes import History, Origin
from chassis.command_handling import Accepted, CommandHandler
from chassis.decider import Refusal
from chassis.problems import Problem
from contracts.catalogue import Agency, ProcedureVersion
from contracts.http.submission import BeginDraft, SaveDraft
from contracts.values import AgencyCode, Calendar, DossierId, FileId, PersonId, ProcedureKey

from .captcha import Captcha, Solved
from .codes import REFERENCE_BITS, submission_reference
from .copies import Copies
from .deadlines import VIETNAM
from .dossier import Dossier, DossierCommand, DossierEvent
from .dossier.commands import SubmitDossier
from .dossier.events import DeliveryAddress, Filing
from .draft_store import Begun, Draft, DraftStore
from .drafts import DraftContent, Missing, keepable, to_mend
from .file_store import FileStore, Kept, named
from .forms.filled import FilledForm
from .terms import terms_of

Dossiers = CommandHandler[DossierCommand, Dossier, DossierEvent]


@dataclass(frozen=True)
class Opened:
    """A draft with everything it is held against."""

    draft: Draft
    procedure: ProcedureVersion
    agency: Agency
    calendar: Calendar
    files: list[Kept]
    filled: FilledForm | None
    missing: list[Missing]


class Drafting:
    """Leads drafts from their beginning to the dossiers they become."""

    def __init__(
        self,
        drafts: DraftStore,
        files: FileStore,
        copies: Copies,
        now: Callable[[], datetime],
    ) -> None:
        """Take where drafts and files lie, the copies of the catalogue, and the clock."""
        self._drafts, self._files, self._copies, self._now = drafts, files, copies, now

    async def begin(self, applicant: Principal, dossier: DossierId, wanted: BeginDraft) -> bool:
        """Begin a draft with the version in force; False if this very draft was begun before."""
        procedure = await self._copies.procedure(ProcedureKey(wanted.procedure))
        found = await self._copies.agency(AgencyCode(wanted.agency))
        if procedure is None or found is None:
            raise Problem(422, "procedure-or-agency-unknown", *_UNKNOWN)
        agency, _ = found
        terms_of(procedure, agency, kind_of(applicant), self._today())
        begun = Begun(dossier, person(applicant), procedure.key, procedure.version, agency.code)
        if await self._drafts.begin(begun, self._now()):
            return True
        earlier = await self._drafts.find(dossier)
        same = earlier and (earlier.begun.applicant, earlier.begun.procedure, earlier.begun.agency)
        if same != (begun.applicant, begun.procedure, begun.agency):
            raise Problem(409, "id-taken", *_TAKEN)
        return False

    async def own(self, applicant: Principal, dossier: DossierId) -> Draft:
        """Find a draft of the applicant's own."""
        draft = await self._drafts.find(dossier)
        if draft is None or draft.begun.applicant != applicant.person_id:
            raise Problem(404, "not-found")
        return draft

    async def open(self, draft: Draft) -> Opened:
        """Hold a draft against its procedure."""
        begun = draft.begun
        procedure = await self._copies.procedure(begun.procedure, begun.procedure_version)
        found = await self._copies.agency(begun.agency)
        if procedure is None or found is None:
            raise Problem(422, "procedure-or-agency-unknown", *_UNKNOWN)
        files = await self._files.all(begun.dossier_id, draft.key)
        attached = [kept.file for kept in files]
        filled, missing = to_mend(procedure, draft.content, attached, self._today())
        return Opened(draft, procedure, *found, files, filled, missing)

    async def save(self, draft: Draft, written: SaveDraft, seen: int) -> Draft:
        """Keep what was written, whole; the version seen must be the present one."""
        if not keepable(written.values):
            raise Problem(422, "unreadable-text")
        content = DraftContent.model_validate(written.model_dump())
        saved = await self._drafts.save(draft, content, seen, self._now())
        if saved is None:
            raise Problem(409, "version-moved", current=draft.version, since=[])
        return saved

    async def discard(self, draft: Draft) -> None:
        """Forget a draft with its files."""
        blobs = await self._drafts.discard(draft.begun.dossier_id)
        if blobs is None:
            raise Problem(409, "handed-in", *_HANDED_IN)
        await self._files.forget(blobs)

    def _today(self) -> date:
        return self._now().astimezone(VIETNAM).date()


class HandingIn:
    """Turns a draft into a dossier."""

    def __init__(
        self,
        dossiers: Dossiers,
        drafting: Drafting,
        pool: "asyncpg.Pool[Any]",
        captcha: Captcha,
    ) -> None:
        """Take the log's door, the drafts, and the guard against machines."""
        self._dossiers, self._drafting = dossiers, drafting
        self._pool, self._captcha = pool, captcha

    async def hand_in(
        self, applicant: Principal, draft: Draft, solution: str, origin: Origin, at: datetime
    ) -> Accepted:
        """Hand in a draft as it was last saved; `number` of the answer is the reference. The same
        request again is answered as before, whatever has changed since.
        """
        try:
            return await self._handed_in(applicant, draft, solution, origin, at)
        except (Problem, Refusal):
            if earlier := await self._dossiers.answered(origin):
                return earlier
            raise

    async def _handed_in(
        self, applicant: Principal, draft: Draft, solution: str, origin: Origin, at: datetime
    ) -> Accepted:
        opened = await self._drafting.open(draft)
        if opened.missing:
            errors = [missing.model_dump() for missing in opened.missing]
            raise Problem(422, "draft-incomplete", *_INCOMPLETE, errors=errors)
        dossier = draft.begun.dossier_id
        await self._spend(self._captcha.solved(solution), dossier)
        command = _command(applicant, opened, at)
        files = [FileId(paper.file_id) for paper in command.filing.papers]
        unbegun = History(self._dossiers.stream(dossier), data_key=draft.key)
        try:
            return await self._dossiers.handle(
                dossier,
                command,
                origin,
                history=None if draft.handed_in else unbegun,
                number=command.reference,
                rows=(draft.hand_in(), *named(files)),
            )
        except asyncpg.ForeignKeyViolationError as cause:
            raise Problem(409, "draft-changed", *_CHANGED) from cause

    async def _spend(self, solved: Solved | None, dossier: DossierId) -> None:
        """Let a solved challenge count for one dossier, which is handed in once."""
        if solved is None:
            raise Problem(422, "captcha-wrong", *_WRONG_CAPTCHA)
        spent = await self._pool.fetchval(
            "insert into spent_challenges as s (challenge, dossier_id, expires_at) "
            "values ($1, $2, $3) on conflict (challenge) do update set expires_at = $3 "
            "where s.dossier_id = $2 returning true",
            *(solved.challenge, dossier, solved.expires_at),
        )
        if not spent:
            raise Problem(422, "captcha-wrong", *_WRONG_CAPTCHA)


def _command(applicant: Principal, opened: Opened, at: datetime) -> SubmitDossier:
    content, today = opened.draft.content, at.astimezone(VIETNAM).date()
    assert content.channel is not None
    filing = Filing(
        form=content.form,
        values=opened.filled.values if opened.filled else {},
        papers=tuple(kept.paper for kept in opened.files),
        address=DeliveryAddress(**content.address.model_dump()) if content.address else None,
        exemption=content.exemption.strip(),
    )
    return SubmitDossier(
        dossier_id=opened.draft.begun.dossier_id,
        reference=submission_reference(today, secrets.randbits(REFERENCE_BITS)),
        applicant=person(applicant),
        submitter=person(applicant),
        terms=terms_of(opened.procedure, opened.agency, kind_of(applicant), today),
        filing=filing,
        channel=content.channel,
        calendar=opened.calendar,
        at=at,
    )


def person(principal: Principal) -> PersonId:
    """Give the id of a person; a service has none and never comes here."""
    assert principal.person_id is not None
    return principal.person_id


def kind_of(principal: Principal) -> Any:
    """Give the kind of an applicant: citizen or organisation."""
    return principal.kind


_UNKNOWN = (
    "Thủ tục không có hoặc không còn nhận hồ sơ, hoặc không có cơ quan này. "
    "Hãy chọn lại trong danh mục thủ tục.",
    "There is no such procedure taking dossiers, or no such agency: choose from the catalogue.",
)
_TAKEN = (
    "Mã hồ sơ này đã được dùng. Hãy tạo mã mới.",
    "This id is taken. Make a new one.",
)
_HANDED_IN = (
    "Hồ sơ này đã nộp, không bỏ được nữa. Nếu không muốn tiếp tục, hãy xin rút hồ sơ.",
    "This dossier was handed in and cannot be discarded: withdraw it instead.",
)
_INCOMPLETE = (
    "Hồ sơ còn mục chưa đủ hoặc chưa đúng. Hãy sửa các mục được nêu.",
    "Something is missing or not right. Mend what is named.",
)
_CHANGED = (
    "Bản nháp vừa thay đổi, hoặc hồ sơ đã nộp. Hãy tải lại rồi thử lại.",
    "The draft has just changed, or was handed in. Load it again and retry.",
)
_WRONG_CAPTCHA = (
    "Xác nhận chống máy tự động không đúng, quá hạn hoặc đã dùng. Hãy lấy mã mới.",
    "The proof against machines is wrong, too old or used. Ask for a new challenge.",
)
