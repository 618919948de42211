"""Supplements: the desk asks once and completely; the applicant gives all of it and nothing else.

The clock is counted anew as soon as everything is there, so that no dossier lies without one.
"""

import re
from datetime import datetime
from typing import assert_never

from contracts.submission import DossierSupplemented, Stage, SupplementRequested
from contracts.values import (
    ComponentKind,
    LimitUnit,
    Status,
    SupplementClock,
    Terms,
    TimeLimit,
)
from services.submission.deadlines import due_date, overdue, restart

from .commands import RequestSupplement, SupplementDossier, Supplementing
from .deadlines_kept import due_after_standing
from .events import Answer, SupplementAnswered
from .examination import held_by, under_examination
from .grounds import because, by_applicant, by_officer
from .refusals import (
    ItemsMissing,
    NotAskedFor,
    NothingAskedFor,
    ReasonMissing,
    SecondRequest,
    TooLateToAsk,
    UnknownItem,
)
from .state import Dossier, DossierEvent

TIME_TO_ASK = TimeLimit(value=3, unit=LimitUnit.WORKING_DAY)
"""Once everything was taken in, unless a law gives longer (NĐ 61/2018 Đ19.4)."""

FIELD = re.compile(r"[a-z][a-z0-9_]*(\.[0-9]{1,4})?(\.[a-z][a-z0-9_]*)?")
"""A section of a form, a row of it, or a field."""


def decide_supplement(command: Supplementing, dossier: Dossier) -> list[DossierEvent]:
    """Answer officers who ask and applicants who give."""
    match command:
        case RequestSupplement():
            return _ask(command, dossier)
        case SupplementDossier():
            return _give(command, dossier)
        case _:
            assert_never(command)


def _ask(command: RequestSupplement, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.SUBMITTED, Status.PROCESSING)
    stage = Stage.INTAKE if dossier.status is Status.SUBMITTED else Stage.EXAMINATION
    if stage is Stage.EXAMINATION:
        _may_still_ask(command, dossier)
    _nameable(command, dossier.terms)
    rounds = dossier.rounds.get(stage, 0)
    if rounds and not command.as_approver:
        raise SecondRequest
    days = TimeLimit(value=dossier.terms.supplement_days, unit=LimitUnit.DAY)
    requested = SupplementRequested(
        dossier_id=dossier.filed.dossier_id,
        officer=command.officer,
        stage=stage,
        items=tuple(command.items),
        round=rounds + 1,
        answer_by=due_date(days, command.at, command.calendar),
        at=command.at,
    )
    return because(command.reason, requested, command.items)


def _may_still_ask(command: RequestSupplement, dossier: Dossier) -> None:
    under_examination(dossier)
    if not command.as_approver:
        held_by(command.officer, dossier)
    last = due_date(TIME_TO_ASK, dossier.clock.since or command.at, command.calendar)
    if overdue(TIME_TO_ASK, last, command.at) and not command.reason.law.strip():
        raise TooLateToAsk


def _nameable(command: RequestSupplement, terms: Terms) -> None:
    """Every item is a paper of this procedure or a place in its form, and has its reason."""
    if not command.items:
        raise NothingAskedFor
    has_form = any(one.kind is ComponentKind.FORM for one in terms.components)
    codes = {one.code for one in terms.components}
    if unknown := [
        item
        for item in command.items
        if item not in codes and not (has_form and FIELD.fullmatch(item))
    ]:
        raise UnknownItem(*unknown)
    unsaid = [item for item, why in command.items.items() if not why.strip()]
    if unsaid and not command.reason.words.strip():
        raise ReasonMissing(*unsaid)


def _give(command: SupplementDossier, dossier: Dossier) -> list[DossierEvent]:
    by_applicant(command.person, dossier, Status.SUPPLEMENT_REQUIRED)
    asked = dossier.request
    given = _given(command.answer, dossier.terms)
    if missing := [item for item in asked.items if item not in given]:
        raise ItemsMissing(*missing)
    if strange := given - set(asked.items):
        raise NotAskedFor(*sorted(strange))
    examined = asked.stage is Stage.EXAMINATION
    supplemented = DossierSupplemented(
        dossier_id=dossier.filed.dossier_id,
        items=asked.items,
        round=dossier.rounds[asked.stage],
        due=_due_again(command, dossier) if examined else None,
        to=Status.PROCESSING if examined else Status.SUBMITTED,
        at=command.at,
    )
    return [SupplementAnswered(personal=command.answer), supplemented]


def _given(answer: Answer, terms: Terms) -> set[str]:
    """List what an answer supplies: papers by component; values by field, or by a form's code."""
    on_paper = {one.code for one in terms.components if one.kind is not ComponentKind.FORM}
    if misplaced := on_paper & set(answer.fields):
        raise ItemsMissing(*sorted(misplaced))
    filled = {item for item, value in answer.fields.items() if value not in (None, "")}
    return filled | {paper.component for paper in answer.papers}


def _due_again(command: SupplementDossier, dossier: Dossier) -> datetime:
    if dossier.terms.supplement_clock is SupplementClock.PAUSE:
        return due_after_standing(dossier, command.at, command.calendar)
    return restart(dossier.terms.limit, command.at, command.calendar)
