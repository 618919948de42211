"""Who may see a dossier: its own people and its agency's desk; for others it is not there."""

from uuid import UUID

from chassis.appointments import Appointments
from chassis.auth import OnDuty, Principal, on_duty
from chassis.event_store import EventStore
from chassis.problems import Problem
from contracts.values import DeskRole, DossierId, FileId, PersonId
from services.submission.attaching import Attaching
from services.submission.dossier_view import DossierView
from services.submission.drafting import person
from services.submission.file_store import FileStore, Kept
from services.submission.queries import Queries
from services.submission.reading import log_of
from services.submission.rights import Action, Place, lacks_role
from services.submission.views import Sight, Whole


class Sights:
    """Finds dossiers for those who may see them, and writes down the looks of officers."""

    def __init__(self, queries: Queries, store: EventStore, appointments: Appointments) -> None:
        """Take the read table, the log, and who is appointed where."""
        self._queries, self._store, self._appointments = queries, store, appointments

    async def whole(self, reader: Principal, dossier_id: UUID, what: str) -> tuple[Whole, Sight]:
        """Give a dossier from its log to somebody who may see it; an officer's look is recorded."""
        dossier = DossierId(dossier_id)
        sight = await self.of(reader, dossier)
        if sight.roles is not None and sight.full:
            await self.record(reader, sight, dossier, what)
        log, _ = await log_of(self._store, dossier)
        whole = Whole.of(log)
        if whole is None:
            raise Problem(404, "not-found")
        return whole, sight

    async def of(self, reader: Principal, dossier: DossierId) -> Sight:
        """Tell how somebody sees a dossier: as its own, or by their roles at its agency."""
        view = await self._queries.dossier(dossier)
        if view is None:
            raise Problem(404, "not-found")
        if reader.kind in ("citizen", "organisation") and view.belongs_to(reader.person_id):
            return Sight(person(reader))
        duty = await on_duty(reader, self._appointments)
        if duty and (roles := duty.roles_at(view.agency)):
            return Sight(duty.person_id, roles, view.agency)
        raise Problem(404, "not-found")

    async def record(self, reader: Principal, sight: Sight, dossier: DossierId, what: str) -> None:
        """Write an officer's look down, before it is answered."""
        role, agency = ",".join(sorted(sight.roles or ())), sight.agency or ""
        await self._queries.read(reader.actor, dossier, what, role=role, agency=agency)

    async def own(self, applicant: Principal, dossier_id: UUID) -> DossierView:
        """Find a dossier of the applicant's own."""
        view = await self._queries.dossier(DossierId(dossier_id))
        if view is None or not view.belongs_to(applicant.person_id):
            raise Problem(404, "not-found")
        return view

    async def at_desk(self, officer: OnDuty, dossier_id: UUID, action: Action) -> DossierView:
        """Give the dossier an officer may act on; 404 at another agency, 403 without the role."""
        view = await self._queries.dossier(DossierId(dossier_id))
        roles = officer.roles_at(view.agency) if view else frozenset[DeskRole]()
        if view is None or not roles:
            raise Problem(404, "not-found")
        place = Place(view.status, view.step, view.belongs_to(officer.person_id))
        if lacks_role(action, roles, place):
            raise Problem(403, "not-for-you")
        return view

    async def specialist(self, view: DossierView, officer: UUID | None) -> PersonId | None:
        """Go on only with somebody who is a specialist at the dossier's agency, or with nobody."""
        if officer is None:
            return None
        held = await self._appointments.of(PersonId(officer))
        if not any(DeskRole.SPECIALIST in a.roles for a in held if a.agency == view.agency):
            raise Problem(
                422,
                "no-specialist",
                "Người này không phải chuyên viên của cơ quan; hãy chọn người khác.",
                "This person is no specialist of the agency; choose another.",
            )
        return PersonId(officer)


class FileSights:
    """Finds files for those who may open them: its own people, and officers of its desk."""

    def __init__(self, sights: Sights, attaching: Attaching, files: FileStore) -> None:
        """Take who sees a dossier, whose files are whose, and where they lie."""
        self._sights, self._attaching, self._files = sights, attaching, files

    async def of(self, reader: Principal, dossier: DossierId, file: FileId) -> Kept:
        """Find a file; officers see what was handed in or is a result, and their look is
        recorded.
        """
        if reader.kind in ("citizen", "organisation"):
            return await self._attaching.own(reader, dossier, file)
        sight = await self._sights.of(reader, dossier)
        kept = await self._files.find(dossier, file)
        if kept is None or not (kept.named or kept.by_desk) or not sight.full:
            raise Problem(404, "not-found")
        await self._sights.record(reader, sight, dossier, f"file {file}")
        return kept


def approves(officer: OnDuty, view: DossierView) -> bool:
    """Tell whether the officer is an approver at the dossier's agency."""
    return DeskRole.APPROVER in officer.roles_at(view.agency)
