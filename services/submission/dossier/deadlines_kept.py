"""Deadlines: the one extension, the warnings, and the end of waiting for the applicant.

That time passed is a fact: it is answered, never refused.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from contracts.submission import (
    DeadlineApproaching,
    DeadlineExtended,
    DeadlineMissed,
    DossierLapsed,
    Stage,
)
from contracts.values import Calendar, LimitUnit, Status, TimeLimit
from services.submission.deadlines import approaching, latest_extension_notice, overdue, resume

from .commands import ExtendDeadline, KeepingTime, RecordTimePassed
from .grounds import because, by_officer, explained
from .refusals import ExtendedBefore, NotLater, TooFarOff, TooLateToExtend
from .state import RUNNING, Dossier, DossierEvent

WAITING = TimeLimit(value=1, unit=LimitUnit.DAY)
"""How waiting for the applicant ends: at midnight, as every limit in days does."""

LONGEST_EXTENSION = timedelta(days=366)


def decide_deadlines(command: KeepingTime, dossier: Dossier) -> list[DossierEvent]:
    """Answer who extends, and the clock."""
    match command:
        case ExtendDeadline():
            return _extend(command, dossier)
        case RecordTimePassed():
            return [*_lapse(command.at, dossier), *_warn(command, dossier)]
        case _:
            assert_never(command)


def due_after_standing(dossier: Dossier, at: datetime, calendar: Calendar) -> datetime:
    """Give the due date of a clock that runs again: what was left is left."""
    stopped_at = dossier.clock.stopped_at or at
    return resume(dossier.terms.limit, dossier.due, stopped_at, at, calendar)


def _extend(command: ExtendDeadline, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, *RUNNING)
    if dossier.clock.extended:
        raise ExtendedBefore
    if command.at > latest_extension_notice(dossier.due, command.calendar):
        raise TooLateToExtend(dossier.due.isoformat())
    if command.due <= dossier.due:
        raise NotLater(dossier.due.isoformat())
    if command.due - dossier.due > LONGEST_EXTENSION:
        raise TooFarOff(dossier.due.isoformat())
    explained(command.reason)
    extended = DeadlineExtended(
        dossier_id=dossier.filed.dossier_id,
        officer=command.officer,
        previous=dossier.due,
        due=command.due,
        at=command.at,
    )
    return because(command.reason, extended)


def _lapse(at: datetime, dossier: Dossier) -> Sequence[DossierLapsed]:
    """End what waited for the applicant in vain."""
    asked, pay_by = dossier.asked, dossier.fee.pay_by
    match dossier.status:
        case Status.SUPPLEMENT_REQUIRED if asked and overdue(WAITING, asked.answer_by, at):
            to = Status.REFUSED if asked.stage is Stage.INTAKE else Status.STOPPED
            waited_for = "supplement"
        case Status.PAYMENT_REQUIRED if pay_by and overdue(WAITING, pay_by, at):
            to, waited_for = Status.REFUSED, "payment"
        case _:
            return []
    return [DossierLapsed(dossier_id=dossier.filed.dossier_id, waited_for=waited_for, to=to, at=at)]


def _warn(
    command: RecordTimePassed, dossier: Dossier
) -> Sequence[DeadlineApproaching | DeadlineMissed]:
    """Speak of a due date that is near, and of one that passed: once each."""
    clock, at = dossier.clock, command.at
    if dossier.status not in RUNNING or clock.due is None or clock.since is None:
        return []
    about = {
        "dossier_id": dossier.filed.dossier_id,
        "agency": dossier.terms.receiving.code,
        "due": clock.due,
        "at": at,
    }
    if overdue(dossier.terms.limit, clock.due, at):
        return [] if clock.missed == clock.due else [DeadlineMissed.model_validate(about)]
    if clock.warned_for == clock.due:
        return []
    near = approaching(clock.since, clock.due, at, command.calendar)
    return [DeadlineApproaching.model_validate(about)] if near else []
