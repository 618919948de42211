"""The days of a year that differ from the ordinary week, declared by the province. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from chassis.changes import Put
from chassis.decider import Decider, Refusal
from contracts.catalogue import CalendarDay, HolidaysDeclared

_NAMESPACE = UUID("6f1c8f0e-0d0a-5a57-9b0e-3f6f6d0c1a02")


def year_id(year: int) -> UUID:
    """Give the id of a year's stream."""
    return uuid5(_NAMESPACE, str(year))


@dataclass(frozen=True)
class DeclareHolidays:
    """Declare a year's days, in place of what was declared before."""

    year: int
    days: tuple[CalendarDay, ...]
    at: datetime


class DayOutsideYear(Refusal):
    """Có ngày ngoài năm được khai báo, hoặc khai hai lần; hãy sửa các ngày được nêu. |
    A day lies outside the year, or stands twice; mend the days named.
    """


def decide(
    command: DeclareHolidays, declared: tuple[CalendarDay, ...] | None
) -> list[HolidaysDeclared]:
    """Declare what differs from what stands."""
    dates = [day.date for day in command.days]
    strays = [str(day) for day in dates if day.year != command.year or dates.count(day) > 1]
    if strays:
        raise DayOutsideYear(*strays)
    days = tuple(sorted(command.days, key=lambda day: day.date))
    if days == declared:
        return []
    return [HolidaysDeclared(year=command.year, days=days, at=command.at)]


def evolve(
    _: tuple[CalendarDay, ...] | None, event: HolidaysDeclared
) -> tuple[CalendarDay, ...] | None:
    """Remember the days."""
    return event.days


decider = Decider[DeclareHolidays, tuple[CalendarDay, ...] | None, HolidaysDeclared](
    "year", None, decide, evolve, (HolidaysDeclared,)
)


def row(events: Sequence[Any]) -> Put:
    """Write the year as it now is."""
    latest: HolidaysDeclared = events[-1]
    days = [day.model_dump(mode="json") for day in latest.days]
    return Put("calendar_years", {"year": latest.year}, {"days": days, "version": len(events)})
