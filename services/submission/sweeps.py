"""What the clock does again and again: tells dossiers the time, and takes away what is nobody's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from chassis.blobs import Blobs
from chassis.changes import Origin
from chassis.clock import new_id
from chassis.errands import Sweep
from contracts.values import DossierId, Status

from .copies import Copies
from .deadlines import FIRST_WARNING, add_working_time
from .dossier.commands import RecordTimePassed
from .draft_store import DraftStore
from .drafting import Dossiers
from .file_store import FileStore
from .queries import Queries

ORPHANED = timedelta(hours=24)
"""After this long, content that no draft and no dossier lists is nobody's."""

ABANDONED = timedelta(days=90)
"""After this long, a draft nobody touched is forgotten with its key."""

_MINUTE, _HOUR = 60.0, 3600.0


class Sweeps:
    """The rounds of the clock role."""

    def __init__(
        self,
        dossiers: Dossiers,
        drafts: DraftStore,
        files: FileStore,
        copies: Copies,
        blobs: Blobs,
        pool: "asyncpg.Pool[Any]",
        now: Callable[[], datetime],
    ) -> None:
        """Take what is looked through."""
        self._dossiers, self._drafts, self._files, self._copies = dossiers, drafts, files, copies
        self._blobs, self._pool, self._now = blobs, pool, now

    def all(self) -> list[Sweep]:
        """List the rounds and how often each is made."""
        return [
            Sweep(_MINUTE, self.tell_the_time),
            Sweep(_HOUR, self.forget_abandoned),
            Sweep(_HOUR, self.drop_orphans),
            Sweep(_HOUR, self.drop_unnamed),
            Sweep(_HOUR, self.forget_challenges),
        ]

    async def tell_the_time(self) -> int:
        """Tell every dossier whose time may have come what time it is; gives how many were told."""
        now, calendar = self._now(), await self._copies.calendar()
        soon = add_working_time(now, FIRST_WARNING, calendar)
        queries, after, told = Queries(self._pool), UUID(int=0), 0
        while page := await queries.awaiting_time(now, soon, after):
            for dossier in page:
                origin = Origin("service:submission", str(new_id()))
                await self._dossiers.handle(dossier, RecordTimePassed(calendar, now), origin)
            after, told = page[-1], told + len(page)
        return told

    async def forget_abandoned(self) -> None:
        """Forget drafts that nobody touched for long."""
        for dossier in await self._drafts.abandoned(self._now() - ABANDONED, 500):
            await self._files.forget(await self._drafts.discard(DossierId(dossier)) or [])

    async def drop_orphans(self) -> None:
        """Remove content that no row lists: its upload ended between the content and the row."""
        async for name in self._blobs.list(self._now() - ORPHANED):
            if not await self._pool.fetchval("select true from files where blob = $1", name):
                await self._files.forget([name])

    async def drop_unnamed(self) -> None:
        """Take out files sent to a dossier that nothing came of, once nothing can."""
        rows = await self._pool.fetch(
            "select f.dossier_id, f.file_id from files f join dossiers d using (dossier_id) "
            "where f.created_at < $1 "
            "and not exists (select from named_files n where n.file_id = f.file_id) "
            "and (d.ended_at < $1 or (f.source <> 'officer' and d.status <> $2)) limit 500",
            self._now() - ORPHANED,
            Status.SUPPLEMENT_REQUIRED,
        )
        for row in rows:
            await self._files.drop(row["dossier_id"], row["file_id"])

    async def forget_challenges(self) -> None:
        """Forget solved challenges that would not be taken again anyway."""
        await self._pool.execute("delete from spent_challenges where expires_at < $1", self._now())
