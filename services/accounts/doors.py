"""The doors of accounts, opened on what they work with."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from chassis.errands import Errand, Sweep
from chassis.service import Tools

from .documents_api import document_routes, document_sweeps, documents_of, store_of
from .forgetting import FORGET_PERSON, forget_person
from .forgetting_api import forgetting
from .mails import mail_code
from .profile_api import knowing, representing
from .registration_api import inviting, registering
from .registrations import MAIL_CODE
from .registry import Registry
from .sign_in_api import signed_in, signing_in
from .staff_api import appointing, staffing

_HOURLY = 3600.0


def routes(tools: Tools) -> Sequence[APIRouter]:
    """Open what people and services call."""
    registry = Registry.of(tools)
    openings = (registering, inviting, signing_in, signed_in, knowing, representing)
    own = [
        opening(registry, tools.now) for opening in (*openings, staffing, appointing, forgetting)
    ]
    return [*own, *document_routes(tools)]


def errands(tools: Tools) -> Mapping[str, Errand]:
    """Tell how mails leave, and what a forgotten person kept here."""
    registry = Registry.of(tools)
    papers, sessions = (store_of(tools), documents_of(tools)), registry.sessions
    return {
        MAIL_CODE: mail_code(tools.settings, registry.registrations, registry.queries),
        FORGET_PERSON: forget_person(tools.pool, *papers, sessions),
    }


def sweeps(tools: Tools) -> Sequence[Sweep]:
    """Forget what has run out: codes, sessions, tries, papers nobody kept."""
    registry = Registry.of(tools)

    async def forget() -> None:
        now = tools.now()
        await registry.registrations.sweep(now)
        await registry.sessions.sweep(now)
        await registry.tries.sweep(now)

    return [Sweep(_HOURLY, forget), *document_sweeps(tools)]
