"""Handing in: a dossier begins complete, held to the terms of that day."""

from functools import reduce

from contracts.submission import DossierSubmitted
from contracts.values import ComponentCode, ComponentKind, ResultChannel, Status, Terms

from .commands import SubmitDossier
from .events import Filing, FormFilled
from .evolve import evolve
from .grounds import at_stage
from .money import assess, due_at_submission
from .refusals import (
    AddressMissing,
    ChannelNotOffered,
    DocumentsMissing,
    FormNotFilled,
    UnknownItem,
)
from .state import Dossier, DossierEvent


def decide_handing_in(command: SubmitDossier, dossier: Dossier) -> list[DossierEvent]:
    """Take in what an applicant hands in; nothing that is required may be missing."""
    at_stage(dossier, Status.NOT_SUBMITTED)
    _complete(command.terms, command.filing)
    _deliverable(command)
    assessed = assess(command.terms, command.filing, command.at)
    events = [FormFilled(personal=command.filing), _submitted(command), assessed]
    handed_in = reduce(evolve, events, dossier)
    return [*events, *due_at_submission(handed_in, command.calendar, command.at)]


def _submitted(command: SubmitDossier) -> DossierSubmitted:
    filing = command.filing
    return DossierSubmitted(
        dossier_id=command.dossier_id,
        reference=command.reference,
        applicant=command.applicant,
        submitter=command.submitter,
        terms=command.terms,
        attached=_components(filing),
        reused=_components(filing, "store"),
        channel=command.channel,
        exemption_claimed=bool(filing.exemption),
        at=command.at,
    )


def _components(filing: Filing, source: str | None = None) -> tuple[ComponentCode, ...]:
    papers = (paper for paper in filing.papers if source in (None, paper.source))
    return tuple(dict.fromkeys(ComponentCode(paper.component) for paper in papers))


def _complete(terms: Terms, filing: Filing) -> None:
    """Every required paper is there, and one form is filled; a second form comes as a paper."""
    forms = [one for one in terms.components if one.kind is ComponentKind.FORM and one.forms]
    offered = {form for one in forms for form in one.forms}
    if filing.form not in offered and (filing.form or any(one.required for one in forms)):
        raise FormNotFilled(*sorted(offered))
    filled = {one.code for one in forms if filing.form in one.forms}
    attached = frozenset(_components(filing))
    required = (one.code for one in terms.components if one.required)
    if missing := [code for code in required if code not in attached | filled]:
        raise DocumentsMissing(*missing)
    if unknown := attached - {one.code for one in terms.components}:
        raise UnknownItem(*sorted(unknown))


def _deliverable(command: SubmitDossier) -> None:
    if command.channel not in command.terms.channels:
        raise ChannelNotOffered(*command.terms.channels)
    if command.channel is ResultChannel.POST and command.filing.address is None:
        raise AddressMissing
