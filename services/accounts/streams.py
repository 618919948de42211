"""The three kinds of streams that accounts keep, each with its rules and the row people read."""

from dataclasses import dataclass

from chassis.command_handling import CommandHandler
from chassis.event_store import EventStore
from chassis.projecting import ReadModel

from . import officer, organisation, person
from .officer import Appointment, AppointmentCommand, AppointmentEvent
from .organisation import Organisation, OrganisationCommand, OrganisationEvent
from .person import Person, PersonCommand, PersonEvent

DECIDERS = (person.decider, organisation.decider, officer.decider)
READ_MODELS = (
    ReadModel("persons", "person", person.row),
    ReadModel("organisations", "organisation", organisation.row),
    ReadModel("appointments", "appointment", officer.row),
)


@dataclass(frozen=True)
class Streams:
    """Where accounts, organisations and appointments are changed."""

    persons: CommandHandler[PersonCommand, Person, PersonEvent]
    organisations: CommandHandler[OrganisationCommand, Organisation, OrganisationEvent]
    appointments: CommandHandler[AppointmentCommand, Appointment, AppointmentEvent]

    @classmethod
    def of(cls, store: EventStore) -> "Streams":
        """Open them in a log."""
        return cls(
            persons=CommandHandler(store, person.decider, [person.row]),
            organisations=CommandHandler(store, organisation.decider, [organisation.row]),
            appointments=CommandHandler(store, officer.decider, [officer.row]),
        )
