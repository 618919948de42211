"""What the accounts service publishes: who exists and who may do what. Never names, numbers or
addresses.
"""

from datetime import datetime
from typing import Literal

from .event import Event
from .values import AgencyCode, AppointmentId, DeskRole, DocumentId, PersonId


class AccountRegistered(Event, named="accounts.account-registered.v1"):
    """A person, an organisation or a member of staff has an account."""

    person_id: PersonId
    kind: Literal["citizen", "organisation", "staff"]
    at: datetime


class ContactVerified(Event, named="accounts.contact-verified.v1"):
    """The person proved that a contact is theirs."""

    person_id: PersonId
    contact: Literal["email", "phone"]
    at: datetime


class OfficerAppointed(Event, named="accounts.officer-appointed.v1"):
    """A person may act for an agency in these desk roles."""

    appointment_id: AppointmentId
    person_id: PersonId
    agency: AgencyCode
    roles: tuple[DeskRole, ...]
    at: datetime


class OfficerRelieved(Event, named="accounts.officer-relieved.v1"):
    """An appointment ended; its rights end with it."""

    appointment_id: AppointmentId
    person_id: PersonId
    agency: AgencyCode
    at: datetime


class DocumentStored(Event, named="accounts.document-stored.v1"):
    """A paper lies in a person's own store and may be reused."""

    document_id: DocumentId
    person_id: PersonId
    at: datetime


class DocumentRevoked(Event, named="accounts.document-revoked.v1"):
    """The person ended the future use of a stored paper."""

    document_id: DocumentId
    person_id: PersonId
    at: datetime
