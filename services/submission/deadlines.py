"""Working time and legal time limits: UTC in, UTC out, counted in Asia/Ho_Chi_Minh.

Pure: a calendar is an argument. First day, days off and end of day: Bộ luật Dân sự 2015 Đ147–148;
restart, extension and hand-over at the desk: Nghị định 61/2018/NĐ-CP Đ18–19.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from contracts.values import VIETNAM, Calendar, LimitUnit, TimeLimit

FIRST_ANSWER = timedelta(hours=8)
"""Working time in which the desk answers what came in online (Nghị định 107/2021/NĐ-CP)."""

FIRST_WARNING = timedelta(hours=16)
"""Working time before the due date at which people are warned: there is a day left to extend."""

LONGEST_CLOSURE = 400
"""Days without a working day after which a calendar is not believed."""


class NoWorkingDays(ValueError):
    """The calendar has no working time, so nothing can be counted in it."""


class Timeliness(StrEnum):
    """How a dossier stands to its due date (Thông tư 01/2018/TT-VPCP Đ13.1)."""

    EARLY = "early"
    ON_TIME = "on_time"
    OVERDUE = "overdue"


def due_date(limit: TimeLimit, received_at: datetime, calendar: Calendar) -> datetime:
    """Give the end of a limit that starts at intake: closing time of its last day, or an instant.

    Days: the first is not counted (BLDS Đ147.2); an end on a day off moves to the end of the next
    working day (Đ148.5). Hours run from the moment itself (Đ147.1). Same day: after the cut-off of
    15:00, the next working day (Luật Hộ tịch 2014; Nghị định 23/2015/NĐ-CP Đ7).
    """
    received = _local(received_at)
    match limit.unit:
        case LimitUnit.WORKING_DAY:
            last = add_working_days(received.date(), limit.value, calendar)
        case LimitUnit.DAY:
            last = add_working_days(received.date() + timedelta(days=limit.value), 0, calendar)
        case LimitUnit.SAME_DAY:
            last = _last_of_same_day(received, calendar)
        case LimitUnit.WORKING_HOUR:
            return add_working_time(received_at, timedelta(hours=limit.value), calendar)
    return _closing(last, calendar)


def restart(limit: TimeLimit, supplemented_at: datetime, calendar: Calendar) -> datetime:
    """Count the limit anew from the day everything asked for was there (NĐ 61/2018 Đ19.4)."""
    return due_date(limit, supplemented_at, calendar)


def resume(
    limit: TimeLimit, due: datetime, stopped_at: datetime, resumed_at: datetime, calendar: Calendar
) -> datetime:
    """Give the due date after a pause: what was left when it began is left when it ends.

    A pause, where sector law has one, cannot mend a due date that had passed before it.
    """
    if stopped_at >= late_from(limit, due):
        return due
    stopped, resumed, end = (_local(at).date() for at in (stopped_at, resumed_at, due))
    match limit.unit:
        case LimitUnit.WORKING_HOUR:
            left = working_time_between(stopped_at, due, calendar)
            return add_working_time(resumed_at, left, calendar)
        case LimitUnit.SAME_DAY:
            return max(due, due_date(limit, resumed_at, calendar))
        case LimitUnit.WORKING_DAY:
            end = add_working_days(end, _working_days_between(stopped, resumed, calendar), calendar)
        case LimitUnit.DAY:
            end = add_working_days(end + (resumed - stopped), 0, calendar)
    later = max(due, _closing(end, calendar))
    return later if later >= resumed_at else _closing(_next_open(resumed_at, calendar), calendar)


def late_from(limit: TimeLimit, due: datetime) -> datetime:
    """Give the instant from which a result is late.

    A limit in days ends at midnight of its last day, not when the desk closes (BLDS Đ148.6).
    """
    if limit.unit is LimitUnit.WORKING_HOUR:
        return due
    return datetime.combine(_local(due).date() + timedelta(days=1), time(), VIETNAM).astimezone(UTC)


def overdue(limit: TimeLimit, due: datetime, at: datetime) -> bool:
    """Tell whether an instant is too late for a due date."""
    return at > due and at >= late_from(limit, due)


def timeliness(
    limit: TimeLimit, due: datetime, completed_at: datetime, calendar: Calendar
) -> Timeliness:
    """Tell early, on time or overdue, in the unit of the limit: less than allowed, equal, more."""
    if overdue(limit, due, completed_at):
        return Timeliness.OVERDUE
    if limit.unit is LimitUnit.WORKING_HOUR:
        early = working_time_between(completed_at, due, calendar) >= timedelta(hours=1)
    else:
        early = _local(completed_at).date() < _local(due).date()
    return Timeliness.EARLY if early else Timeliness.ON_TIME


def approaching(since: datetime, due: datetime, at: datetime, calendar: Calendar) -> bool:
    """Tell whether people should be warned: in the last two working days, or the last half of a
    limit shorter than four.
    """
    if at >= due:
        return False
    whole = working_time_between(since, due, calendar)
    return working_time_between(at, due, calendar) <= min(whole / 2, FIRST_WARNING)


def latest_extension_notice(due: datetime, calendar: Calendar) -> datetime:
    """Give the last moment to tell of an extension: a day before the due date (NĐ 61/2018 Đ19.9).

    It is the closing time of a working day, for notice is given through the desk.
    """
    day = _local(due).date() - timedelta(days=1)
    for _ in range(LONGEST_CLOSURE):
        if is_working_day(day, calendar):
            return _closing(day, calendar)
        day -= timedelta(days=1)
    raise NoWorkingDays


def forward_by(received_at: datetime, calendar: Calendar) -> datetime:
    """Give when the desk must have passed a dossier on (NĐ 61/2018 Đ18).

    On the same working day, or at the start of the next where it came after the cut-off.
    """
    received = _local(received_at)
    last = _last_of_same_day(received, calendar)
    if last == received.date():
        return _closing(last, calendar)
    return datetime.combine(last, calendar.hours[0][0], VIETNAM).astimezone(UTC)


def first_answer_by(submitted_at: datetime, calendar: Calendar) -> datetime:
    """Give when the desk should have answered an online submission: 8 working hours."""
    return add_working_time(submitted_at, FIRST_ANSWER, calendar)


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Tell whether the agency works on this day."""
    ordinary = day.weekday() in calendar.weekdays and day not in calendar.days_off
    return ordinary or day in calendar.extra_working_days


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """Give the working day that many working days later; with 0, the first from this day on."""
    days = _working_days_from(day if count == 0 else day + timedelta(days=1), calendar)
    for _ in range(count - 1):
        next(days)
    return next(days)


def add_working_time(start: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """Give the instant at which so much working time has passed."""
    for opening, closing in _spans_from(start, calendar):
        begin = max(opening, start)
        if begin + amount <= closing:
            return begin + amount
        amount -= closing - begin
    raise NoWorkingDays


def working_time_between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Give how much working time lies between two instants."""
    passed = timedelta()
    for opening, closing in _spans_from(start, calendar):
        if opening >= end:
            break
        passed += min(closing, end) - max(opening, start)
    return passed


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(VIETNAM)


def _closing(day: date, calendar: Calendar) -> datetime:
    if not calendar.hours:
        raise NoWorkingDays
    return datetime.combine(day, calendar.hours[-1][1], VIETNAM).astimezone(UTC)


def _last_of_same_day(received: datetime, calendar: Calendar) -> date:
    in_time = received.time() <= calendar.cut_off and received < _closing(received.date(), calendar)
    return add_working_days(received.date(), 0 if in_time else 1, calendar)


def _next_open(instant: datetime, calendar: Calendar) -> date:
    """Give the first day whose closing time is still ahead."""
    day = _local(instant).date()
    return add_working_days(day, 0 if instant <= _closing(day, calendar) else 1, calendar)


def _working_days_from(day: date, calendar: Calendar) -> Iterator[date]:
    closed = 0
    while closed < LONGEST_CLOSURE:
        if is_working_day(day, calendar):
            closed = 0
            yield day
        closed += 1
        day += timedelta(days=1)
    raise NoWorkingDays


def _working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Count the working days after one day, up to and including another."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, calendar) for day in days)


def _spans_from(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Give the spans of working time that end after an instant, in order."""
    if not calendar.hours:
        raise NoWorkingDays
    for day in _working_days_from(_local(start).date(), calendar):
        for opens, closes in calendar.hours:
            closing = datetime.combine(day, closes, VIETNAM).astimezone(UTC)
            if closing > start:
                yield datetime.combine(day, opens, VIETNAM).astimezone(UTC), closing
