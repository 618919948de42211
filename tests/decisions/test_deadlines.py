"""When a dossier is due: the law's way of counting, on the real calendar of 2026."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contracts.values import VIETNAM, Calendar, LimitUnit, TimeLimit
from services.submission.deadlines import (
    NoWorkingDays,
    Timeliness,
    add_working_days,
    due_date,
    first_answer_by,
    forward_by,
    is_working_day,
    late_from,
    latest_extension_notice,
    restart,
    resume,
    timeliness,
    working_time_between,
)

HOLIDAYS = Path(__file__).parents[2] / "deploy" / "catalogue" / "holidays.json"
DAYS = json.loads(HOLIDAYS.read_text(encoding="utf-8"))
CALENDAR = Calendar(
    days_off=frozenset(date.fromisoformat(day["date"]) for day in DAYS if not day["working"]),
    extra_working_days=frozenset(date.fromisoformat(day["date"]) for day in DAYS if day["working"]),
)
PLAIN_WEEK = Calendar()

SAME_DAY = TimeLimit(value=1, unit=LimitUnit.SAME_DAY)


def working_days(count: int) -> TimeLimit:
    return TimeLimit(value=count, unit=LimitUnit.WORKING_DAY)


def days(count: int) -> TimeLimit:
    return TimeLimit(value=count, unit=LimitUnit.DAY)


def working_hours(count: int) -> TimeLimit:
    return TimeLimit(value=count, unit=LimitUnit.WORKING_HOUR)


def at(day: int, month: int, hour: int = 10, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


def closing(day: int, month: int, *, year: int = 2026) -> datetime:
    return at(day, month, 17, 30, year=year)


def test_working_days_skip_the_first_day_and_the_holidays_of_the_end_of_april():
    assert due_date(working_days(3), at(29, 4), CALENDAR) == closing(6, 5)


def test_working_hours_run_from_the_moment_of_intake():
    assert due_date(working_hours(16), at(5, 3, 14), CALENDAR) == at(9, 3, 14)


def test_a_same_day_procedure_received_before_three_is_due_that_day():
    assert due_date(SAME_DAY, at(6, 3, 14, 59), CALENDAR) == closing(6, 3)


def test_a_same_day_procedure_received_after_three_is_due_on_the_next_working_day():
    assert due_date(SAME_DAY, at(6, 3, 15, 20), CALENDAR) == closing(9, 3)


def test_three_o_clock_sharp_is_not_after_three():
    assert due_date(SAME_DAY, at(6, 3, 15, 0), CALENDAR) == closing(6, 3)


def test_a_same_day_procedure_received_on_a_day_off_is_due_on_the_next_working_day():
    assert due_date(SAME_DAY, at(7, 3), CALENDAR) == closing(9, 3)


def test_a_complete_supplement_starts_the_limit_from_zero():
    assert due_date(working_days(10), at(2, 3), CALENDAR) == closing(16, 3)
    assert restart(working_days(10), at(10, 3), CALENDAR) == closing(24, 3)


def test_calendar_days_that_end_on_a_day_off_end_on_the_next_working_day():
    """26 April 2026 is a Sunday and a holiday, the Monday its substitute."""
    assert due_date(days(10), at(16, 4), CALENDAR) == closing(28, 4)


def test_calendar_days_count_weekends_in_between():
    assert due_date(days(7), at(2, 3), CALENDAR) == closing(9, 3)


def test_a_worked_saturday_counts():
    """22 August 2026 is worked for 31 August."""
    assert due_date(working_days(1), at(21, 8), CALENDAR) == closing(22, 8)
    assert due_date(working_days(5), at(27, 8), CALENDAR) == closing(8, 9)


def test_a_limit_over_tet_waits_for_the_whole_holiday():
    assert due_date(working_days(1), at(13, 2), CALENDAR) == closing(23, 2)
    assert due_date(days(3), at(13, 2), CALENDAR) == closing(23, 2)


def test_working_hours_received_at_night_start_at_the_next_opening():
    assert due_date(working_hours(1), at(5, 3, 22), CALENDAR) == at(6, 3, 8, 30)


def test_working_hours_that_end_with_the_morning_end_then_and_not_after_lunch():
    assert due_date(working_hours(4), at(5, 3, 7, 30), CALENDAR) == at(5, 3, 11, 30)


def test_the_local_day_counts_and_not_the_utc_one():
    """06:30 on Tuesday in Vietnam is still Monday in UTC."""
    assert due_date(working_days(1), datetime(2026, 3, 2, 23, 30, tzinfo=UTC), CALENDAR) == closing(
        4, 3
    )


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        due_date(days(1), datetime(2026, 3, 2), CALENDAR)  # noqa: DTZ001


@pytest.mark.parametrize(
    "calendar", [Calendar(weekdays=frozenset()), Calendar(hours=())], ids=["no days", "no hours"]
)
@pytest.mark.parametrize("limit", [working_days(1), days(1), working_hours(1), SAME_DAY])
def test_a_calendar_without_working_time_is_refused_and_not_searched_for_ever(
    calendar: Calendar, limit: TimeLimit
):
    with pytest.raises(NoWorkingDays):
        due_date(limit, at(2, 3), calendar)


def test_a_pause_gives_back_the_working_days_it_took():
    due = due_date(working_days(10), at(2, 3), CALENDAR)
    assert resume(working_days(10), due, at(4, 3), at(10, 3), CALENDAR) == closing(20, 3)


def test_a_pause_in_hours_gives_back_the_hours_that_were_left():
    due = due_date(working_hours(16), at(5, 3, 14), CALENDAR)
    resumed = resume(working_hours(16), due, at(6, 3, 9), at(10, 3, 15), CALENDAR)
    assert resumed == at(12, 3, 8)


def test_a_pause_in_calendar_days_gives_back_days_and_ends_on_a_working_day():
    due = due_date(days(10), at(2, 3), CALENDAR)
    assert due == closing(12, 3)
    assert resume(days(10), due, at(4, 3), at(6, 3), CALENDAR) == closing(16, 3)


def test_a_pause_that_began_too_late_mends_nothing():
    due = due_date(working_days(1), at(2, 3), CALENDAR)
    assert resume(working_days(1), due, at(4, 3), at(20, 3), CALENDAR) == due


def test_a_pause_on_the_last_day_that_ends_on_a_sunday_leaves_the_monday():
    due = due_date(working_days(1), at(5, 3), CALENDAR)
    assert resume(working_days(1), due, at(6, 3), at(8, 3), CALENDAR) == closing(9, 3)


def test_an_extension_is_told_a_day_before_and_on_a_working_day():
    assert latest_extension_notice(closing(12, 3), CALENDAR) == closing(11, 3)
    assert latest_extension_notice(closing(9, 3), CALENDAR) == closing(6, 3)


def test_what_comes_before_three_is_passed_on_the_same_day_and_later_the_next_morning():
    assert forward_by(at(5, 3, 14), CALENDAR) == closing(5, 3)
    assert forward_by(at(6, 3, 15, 1), CALENDAR) == at(9, 3, 7, 30)


def test_the_desk_answers_within_eight_working_hours():
    assert first_answer_by(at(5, 3, 20), CALENDAR) == closing(6, 3)
    assert first_answer_by(at(6, 3, 10), CALENDAR) == at(9, 3, 10)


@pytest.mark.parametrize(
    ("completed", "expected"),
    [
        (at(15, 3, 23), Timeliness.EARLY),
        (at(16, 3, 8), Timeliness.ON_TIME),
        (at(16, 3, 23, 59), Timeliness.ON_TIME),
        (at(17, 3, 0), Timeliness.OVERDUE),
    ],
)
def test_a_limit_in_days_ends_at_midnight_of_its_last_day(
    completed: datetime, expected: Timeliness
):
    assert timeliness(working_days(10), closing(16, 3), completed, CALENDAR) is expected


@pytest.mark.parametrize(
    ("completed", "expected"),
    [
        (at(9, 3, 11, 30), Timeliness.ON_TIME),
        (at(9, 3, 11), Timeliness.EARLY),
        (at(9, 3, 14), Timeliness.ON_TIME),
        (at(9, 3, 14, 1), Timeliness.OVERDUE),
    ],
)
def test_a_limit_in_hours_ends_at_its_instant(completed: datetime, expected: Timeliness):
    assert timeliness(working_hours(16), at(9, 3, 14), completed, CALENDAR) is expected


LIMITS = some.builds(
    TimeLimit,
    value=some.integers(1, 60),
    unit=some.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.DAY, LimitUnit.WORKING_HOUR]),
) | some.just(SAME_DAY)
FIRST, LAST = date(2024, 1, 1), date(2027, 6, 30)
INSTANTS = some.builds(
    datetime.combine, some.dates(FIRST, LAST), some.times(), tzinfo=some.just(UTC)
)


@given(LIMITS, INSTANTS)
def test_a_due_date_is_never_before_intake_and_always_in_working_time(
    limit: TimeLimit, received: datetime
):
    due = due_date(limit, received, CALENDAR)
    local = due.astimezone(VIETNAM)
    assert due >= received
    assert due.tzinfo is UTC
    assert is_working_day(local.date(), CALENDAR)
    assert any(start <= local.time() <= end for start, end in CALENDAR.hours)


@given(LIMITS, INSTANTS, some.timedeltas(timedelta(0), timedelta(days=30)))
def test_what_is_received_later_is_never_due_earlier(
    limit: TimeLimit, received: datetime, later: timedelta
):
    assert due_date(limit, received, CALENDAR) <= due_date(limit, received + later, CALENDAR)


@given(LIMITS, INSTANTS)
def test_a_longer_limit_is_never_due_earlier(limit: TimeLimit, received: datetime):
    longer = limit.model_copy(update={"value": limit.value + 1})
    assert due_date(limit, received, CALENDAR) <= due_date(longer, received, CALENDAR)


@given(some.integers(1, 200), INSTANTS)
def test_between_intake_and_due_lie_just_the_hours_of_the_limit(count: int, received: datetime):
    due = due_date(working_hours(count), received, CALENDAR)
    assert working_time_between(received, due, CALENDAR) == timedelta(hours=count)


@given(some.integers(0, 60), some.dates(date(2024, 1, 1), date(2027, 6, 30)))
def test_working_days_are_counted_one_by_one(count: int, day: date):
    end = add_working_days(day, count, CALENDAR)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(is_working_day(one, CALENDAR) for one in between) == (count or end > day)


PAUSES = some.tuples(
    some.timedeltas(timedelta(0), timedelta(days=20)),
    some.timedeltas(timedelta(0), timedelta(days=90)),
)


@given(LIMITS, INSTANTS, PAUSES)
def test_a_pause_never_shortens_and_a_real_one_never_ends_in_the_past(
    limit: TimeLimit, received: datetime, pause: tuple[timedelta, timedelta]
):
    due = due_date(limit, received, CALENDAR)
    stopped = received + pause[0]
    resumed = stopped + pause[1]
    new = resume(limit, due, stopped, resumed, CALENDAR)
    assert new >= due
    if stopped < due:
        assert new >= resumed
        assert is_working_day(new.astimezone(VIETNAM).date(), CALENDAR)


@given(LIMITS, INSTANTS)
def test_a_pause_of_no_length_changes_nothing(limit: TimeLimit, received: datetime):
    due = due_date(limit, received, CALENDAR)
    assert resume(limit, due, received, received, CALENDAR) == due


@given(LIMITS, INSTANTS)
def test_nothing_is_late_on_its_due_date_and_everything_is_a_day_after(
    limit: TimeLimit, received: datetime
):
    due = due_date(limit, received, CALENDAR)
    assert timeliness(limit, due, due, CALENDAR) is not Timeliness.OVERDUE
    assert timeliness(limit, due, due + timedelta(days=1), CALENDAR) is Timeliness.OVERDUE
    assert due <= late_from(limit, due) <= due + timedelta(days=1)


@given(LIMITS, INSTANTS)
def test_notice_of_an_extension_is_always_a_day_before_the_due_day(
    limit: TimeLimit, received: datetime
):
    due = due_date(limit, received, CALENDAR)
    notice = latest_extension_notice(due, CALENDAR).astimezone(VIETNAM)
    assert notice.date() < due.astimezone(VIETNAM).date()
    assert notice.time() == time(17, 30)


def test_an_agency_with_its_own_hours_closes_at_its_own_hour():
    mornings = Calendar(hours=((time(8), time(12)),))
    assert due_date(working_hours(6), at(5, 3, 9), mornings) == at(6, 3, 11)
    assert due_date(SAME_DAY, at(5, 3, 13), mornings) == at(6, 3, 12)
    assert PLAIN_WEEK.hours[-1][1] == time(17, 30)
