"""Which files may come to a dossier now: any paper while it is a draft, later only what is asked
for.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID, uuid5

from chassis.auth import Principal
from chassis.file_kinds import USUAL, Kind
from chassis.problems import Problem
from contracts.http.accounts import CopyRequest
from contracts.values import ComponentCode, DossierId, FileId

from .copies import Copies
from .drafting import Dossiers, Drafting, person
from .file_store import Coming, FileStore, Kept
from .gateway import Accounts


class Attaching:
    """Takes applicants' files in, from their devices or from their personal stores."""

    def __init__(
        self,
        drafting: Drafting,
        dossiers: Dossiers,
        copies: Copies,
        files: FileStore,
        now: Callable[[], datetime],
    ) -> None:
        """Take drafts, dossiers, the papers procedures ask for, and where files are kept."""
        self._drafting, self._dossiers, self._copies = drafting, dossiers, copies
        self._files, self._now = files, now

    async def keep(
        self, coming: Coming, content: AsyncIterator[bytes], accepted: frozenset[Kind] = USUAL
    ) -> tuple[Kept, bool]:
        """Keep a file; True beside it if it is new."""
        return await self._files.keep(coming, content, self._now(), accepted)

    async def from_store(
        self,
        applicant: Principal,
        accounts: Accounts,
        bearer: str,
        wanted: CopyRequest,
        paper: UUID,
    ) -> Kept:
        """Keep a copy of a paper of the personal store; the same paper again changes nothing."""
        dossier = DossierId(wanted.dossier_id)
        file = FileId(uuid5(dossier, f"{paper} {wanted.component}"))
        if earlier := await self._files.find(dossier, file):
            return earlier
        async with accounts.copy(bearer, paper, wanted, f"copy-{file}") as (name, content):
            coming = Coming(
                dossier, file, wanted.component, "store", person(applicant), name, document=paper
            )
            kept, _ = await self.keep(coming, content)
        return kept

    async def open_for(
        self, applicant: Principal, dossier: DossierId, component: str
    ) -> frozenset[Kind]:
        """Go on only where the applicant may attach a file for this component now; gives the kinds
        of files that the procedure takes for it.
        """
        draft = await self._drafting.own(applicant, dossier)
        begun = draft.begun
        procedure = await self._copies.procedure(begun.procedure, begun.procedure_version)
        papers = {one.code: one for one in procedure.components} if procedure else {}
        codes = set[str](papers)
        if draft.handed_in:
            state, _ = await self._dossiers.load(dossier)
            if state.asked is None:
                raise Problem(409, "not-asked-for", *_NOT_NOW)
            codes &= {*state.asked.items}
        if component not in codes:
            raise Problem(422, "component-unknown", *_UNKNOWN)
        return USUAL | {Kind.DOCX} if papers[ComponentCode(component)].docx else USUAL

    async def own(self, applicant: Principal, dossier: DossierId, file: FileId) -> Kept:
        """Find a file that the applicant's own dossier holds; results are handed over otherwise."""
        await self._drafting.own(applicant, dossier)
        kept = await self._files.find(dossier, file)
        if kept is None or kept.by_desk:
            raise Problem(404, "not-found")
        return kept


_NOT_NOW = (
    "Hồ sơ đã nộp; chỉ đính kèm thêm khi được yêu cầu bổ sung.",
    "The dossier was handed in; attach more only when a supplement is asked for.",
)
_UNKNOWN = (
    "Không cần giấy tờ này: thủ tục không có, hoặc không nằm trong yêu cầu bổ sung.",
    "This paper is not needed: the procedure has none such, or it was not asked for.",
)
