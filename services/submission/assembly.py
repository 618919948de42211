"""The parts of the submission service put together, for the process they run in."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import cast

from fastapi import APIRouter

from chassis.errands import Errand, Sweep
from chassis.service import Tools
from chassis.uploads import Uploads
from chassis.virus_scan import VirusScanner

from . import errands as leaving
from .api import (
    audit,
    dossiers,
    drafts,
    erasure,
    examination,
    files,
    intake,
    looks,
    queue,
    results,
)
from .api.sights import FileSights, Sights
from .attaching import Attaching
from .captcha import Captcha
from .copies import Copies
from .desk import RESULT_HOME, Desk
from .draft_store import DraftStore
from .drafting import Dossiers, Drafting, HandingIn
from .erasure import ERASE_FILES, erase_files
from .file_store import FileStore
from .gateway import Accounts
from .queries import Queries
from .supplementing import Supplementing
from .sweeps import Sweeps


class Parts:
    """What the doors share."""

    def __init__(self, tools: Tools) -> None:
        """Take what the process opened."""
        self.tools, pool, keys = tools, tools.pool, tools.store.scribe.keys
        self.copies, self.queries = Copies(pool), Queries(pool)
        self.drafts = DraftStore(pool, keys)
        uploads = Uploads(VirusScanner(tools.settings.clamd))
        self.files = FileStore(pool, keys, tools.blobs, uploads)
        self.accounts = Accounts(tools.settings.url_of("accounts"), tools.http, tools.tokens)
        self.dossiers = cast("Dossiers", tools.commands)

    @cached_property
    def drafting(self) -> Drafting:
        """Applicants' drafts."""
        return Drafting(self.drafts, self.files, self.copies, self.tools.now)

    @cached_property
    def desk(self) -> Desk:
        """What officers decide with."""
        return Desk(self.tools.pool, self.copies, self.files)

    @cached_property
    def sights(self) -> Sights:
        """Who may see what."""
        return Sights(self.queries, self.tools.store, self.tools.appointments)


def routes(tools: Tools) -> Sequence[APIRouter]:
    """Open all doors."""
    parts = Parts(tools)
    return (*_for_applicants(parts), *_for_officers(parts))


def _for_applicants(parts: Parts) -> Sequence[APIRouter]:
    drafting, kept, now = parts.drafting, parts.files, parts.tools.now
    captcha = Captcha(parts.tools.settings.captcha_secret.get_secret_value())
    submission = HandingIn(parts.dossiers, drafting, parts.tools.pool, captcha)
    attaching = Attaching(drafting, parts.dossiers, parts.copies, kept, now)
    supplementing = Supplementing(parts.copies, kept)
    return (
        drafts.writing(drafting, parts.drafts, parts.accounts, now),
        drafts.handing_in(drafting, submission, captcha, now),
        files.sending(attaching, kept, parts.accounts),
        files.opening(FileSights(parts.sights, attaching, kept), kept),
        dossiers.following(parts.sights, parts.queries, parts.copies, kept, now),
        dossiers.acting(parts.dossiers, parts.sights, supplementing, parts.desk, now),
    )


def _for_officers(parts: Parts) -> Sequence[APIRouter]:
    desk, sights, now = parts.desk, parts.sights, parts.tools.now
    return (
        queue.queue(parts.queries, parts.copies, now),
        intake.intake(parts.dossiers, desk, sights, now),
        examination.examination(parts.dossiers, desk, sights, now),
        results.issuing(parts.dossiers, desk, sights, parts.files, now),
        results.handing_over(parts.dossiers, desk, sights, now),
        audit.auditing(parts.queries, parts.tools.store, parts.copies, now),
        looks.looking(sights, parts.queries),
        erasure.erasing(parts.dossiers, parts.queries, now),
    )


def errands(tools: Tools) -> Mapping[str, Errand]:
    """Say how each errand is done."""
    parts = Parts(tools)
    return {
        RESULT_HOME: leaving.result_home(parts.files, parts.accounts),
        ERASE_FILES: erase_files(tools.pool, tools.blobs),
    }


def sweeps(tools: Tools) -> Sequence[Sweep]:
    """List the clock's rounds."""
    parts = Parts(tools)
    rounds = Sweeps(
        parts.dossiers,
        parts.drafts,
        parts.files,
        parts.copies,
        tools.blobs,
        tools.pool,
        tools.now,
    )
    return rounds.all()
