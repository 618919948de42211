"""What the desk has at hand: numbers, the calendar, papers, and the errand that takes a result
home.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from chassis.changes import Put
from chassis.errands import errand
from chassis.numbers import Numbers
from chassis.problems import Problem
from contracts.values import Calendar, DossierId, FileId

from .copies import Copies
from .dossier.events import Paper
from .dossier_view import DossierView
from .file_store import FileStore, named

RESULT_HOME = "result-home"
"""The errand that puts a copy of a result into the applicant's personal store."""

_PATIENCE = timedelta(days=30)
_ERRANDS = UUID("f3f4d0a2-58f5-5d5c-9a3e-2f1f0c6f7b11")


class Desk:
    """What officers' decisions are made with."""

    def __init__(self, pool: "asyncpg.Pool[Any]", copies: Copies, files: FileStore) -> None:
        """Take the counters' database, the copies of the calendar, and the files."""
        self.numbers = Numbers(pool)
        self._copies, self._files = copies, files

    async def calendar(self) -> Calendar:
        """Give the working time of the province's agencies."""
        return await self._copies.calendar()

    async def result(self, dossier: DossierId, file: FileId) -> Paper:
        """Find the file of a result, as an event names it; the desk itself must have sent it."""
        kept = await self._files.find(dossier, file)
        if kept is None or not kept.by_desk:
            raise Problem(422, "result-file-missing", *_NO_RESULT)
        return kept.paper

    def result_issued(self, file: FileId) -> list[Put]:
        """Keep the file of a result for ever."""
        return named([file])

    def result_home(self, view: DossierView, at: datetime) -> list[Put]:
        """Take a result to the personal store of the applicant, once it is theirs."""
        if view.result_file is None:
            return []
        job = errand(
            RESULT_HOME,
            view.id,
            {"person": str(view.applicant), "file": str(view.result_file)},
            "submission",
            at,
            at + _PATIENCE,
            uuid5(_ERRANDS, f"{view.id} {view.result_file}"),
        )
        return [job]


_NO_RESULT = (
    "Hãy tải tệp kết quả (PDF) lên trước khi phát hành.",
    "Upload the result's file (PDF) before issuing it.",
)
