"""The catalogue's three kinds of streams, each with its rules and the rows people read."""

from dataclasses import dataclass

from chassis.command_handling import CommandHandler
from chassis.event_store import EventStore
from chassis.projecting import ReadModel
from contracts.catalogue import Agency, CalendarDay, HolidaysDeclared

from . import agency, calendar, publishing
from .agency import AgencyCommand, AgencyEvent
from .calendar import DeclareHolidays
from .publishing import Published, PublishingCommand, PublishingEvent

EVENTS = (*agency.decider.events, *publishing.decider.events, *calendar.decider.events)
READ_MODELS = (
    ReadModel("agencies", "agency", agency.row),
    ReadModel("procedures", "procedure", publishing.head_row),
    ReadModel("procedure_versions", "procedure", publishing.version_rows),
    ReadModel("calendar_years", "year", calendar.row),
)


@dataclass(frozen=True)
class Streams:
    """Where agencies, procedures and years are changed."""

    agencies: CommandHandler[AgencyCommand, Agency | None, AgencyEvent]
    procedures: CommandHandler[PublishingCommand, Published, PublishingEvent]
    years: CommandHandler[DeclareHolidays, tuple[CalendarDay, ...] | None, HolidaysDeclared]

    @classmethod
    def of(cls, store: EventStore) -> "Streams":
        """Open them in a log."""
        rows = [publishing.version_row, publishing.head_row]
        return cls(
            agencies=CommandHandler(store, agency.decider, [agency.row]),
            procedures=CommandHandler(store, publishing.decider, rows),
            years=CommandHandler(store, calendar.decider, [calendar.row]),
        )
