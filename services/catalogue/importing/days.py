"""Rows of days that differ from the ordinary week, gathered by year."""

from collections import defaultdict
from collections.abc import Iterator

from contracts.catalogue import CalendarDay

from .json_rows import BadRow, JsonFile, JsonRow, validated

SATURDAY = 5
IN_LIEU = frozenset({"compensatory_day_off", "swapped_day_off"})
WORKED = "compensatory_working_day"
KINDS = IN_LIEU | {"public_holiday", WORKED}


class DayRow(CalendarDay):
    """A day, and which notice says so."""

    source: str


def read_years(file: JsonFile) -> dict[int, tuple[CalendarDay, ...]]:
    """Read the days, year by year in order; complaints go to the file."""
    years: dict[int, dict[object, CalendarDay]] = defaultdict(dict)
    for row in file.rows:
        day = validated(DayRow, row, file.bad)
        if day is None:
            continue
        file.bad.extend(_faults(row, day))
        if day.date in years[day.date.year]:
            file.bad.append(row.bad("date", "Ngày bị trùng.", "The date stands twice."))
        years[day.date.year][day.date] = CalendarDay.model_validate(day.model_dump())
    return {
        year: tuple(sorted(days.values(), key=lambda day: day.date))
        for year, days in sorted(years.items())
    }


def _faults(row: JsonRow, day: DayRow) -> Iterator[BadRow]:
    weekend = day.date.weekday() >= SATURDAY
    if day.kind not in KINDS:
        kinds = ", ".join(sorted(KINDS))
        yield row.bad("kind", f"Phải là một trong: {kinds}.", f"Must be one of: {kinds}.")
    if day.working != (day.kind == WORKED):
        vi = "Chỉ ngày làm bù mới là ngày làm việc."
        yield row.bad("working", vi, "Only a compensatory working day is worked.")
    if day.kind == WORKED and not weekend:
        vi = "Ngày làm bù phải rơi vào cuối tuần."
        yield row.bad("date", vi, "A compensatory working day lies on a weekend.")
    if day.kind in IN_LIEU and weekend:
        vi = "Ngày nghỉ bù, nghỉ hoán đổi phải là ngày thường."
        yield row.bad("date", vi, "A day off in lieu lies on a weekday.")
