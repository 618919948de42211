"""Who is told what about an event of a dossier or its fee. Pure.

Every public event of submission and payment is either told or silent, each for its reason. Reasons
that officers wrote are on the dossier, which the message points to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from uuid import UUID

from contracts import payment, submission
from contracts.event import Event
from contracts.notification import Channel
from contracts.values import VIETNAM, DossierId, PersonId, ResultChannel

from .message import MessageWritten, Words, message_id
from .words import FOOT_EN, FOOT_VI, WORDS

Told = (
    submission.DossierSubmitted
    | submission.IntakeRefused
    | submission.SupplementRequested
    | submission.DossierSupplemented
    | submission.DossierReceived
    | submission.FeeRequired
    | submission.ExemptionGranted
    | submission.FeeSettled
    | submission.DossierForwarded
    | submission.DeadlineMissed
    | submission.DeadlineExtended
    | submission.WithdrawalRequested
    | submission.WithdrawalDecided
    | submission.ProcessingStopped
    | submission.ProcessingResumed
    | submission.ResultIssued
    | submission.ResultRecalled
    | submission.ResultPosted
    | submission.ResultHandedOver
    | submission.DossierLapsed
    | payment.PaymentFailed
    | payment.ReceiptIssued
    | payment.RefundApproved
    | payment.FeeRefunded
)
"""What the people of a dossier hear of."""

TOLD: tuple[type[Told], ...] = get_args(Told)

SILENT: dict[type[Event], str] = {
    submission.StepCompleted: "work among officers",
    submission.StepSentBack: "work among officers",
    submission.ResultApproved: "work among officers; the result itself is told",
    submission.DeadlineApproaching: "for the officers' queue",
    submission.PersonalDataErased: "long after the dossier ended",
    payment.FeeRequested: "told when submission requires the fee",
    payment.PaymentStarted: "the payer is at the bank's page",
    payment.FeePaid: "told when the dossier's fee is settled, and with the receipt",
    payment.FeeWaived: "told when the exemption is granted",
    payment.RefundProposed: "told when it is approved",
    payment.PaymentMismatchFound: "for cashiers and auditors to look into",
}
"""What they do not hear of, and why."""

_ONCE_A_DOSSIER = (submission.DossierForwarded,)
"""Events of which only the first is news: the cause of the message is the dossier itself."""

CHANNELS: tuple[Channel, ...] = ("inbox", "mail")


@dataclass(frozen=True)
class KnownDossier:
    """What this service knows of a dossier: whose it is and what it is called."""

    dossier_id: DossierId
    reference: str
    code: str | None
    applicant: PersonId
    submitter: PersonId
    procedure_vi: str
    procedure_en: str
    agency_vi: str
    agency_en: str
    channel: ResultChannel


def messages(
    event: Told, event_id: UUID, dossier: KnownDossier, at: datetime
) -> Sequence[MessageWritten]:
    """Write what each person is told about an event, for each channel."""
    words = words_of(event, dossier)
    cause = dossier.dossier_id if isinstance(event, _ONCE_A_DOSSIER) else event_id
    return [
        MessageWritten(
            message_id=message_id(cause, person, channel),
            person_id=person,
            dossier_id=dossier.dossier_id,
            about=event.wire_name,
            cause=event_id,
            channel=channel,
            words=words,
            happened_at=event.at,
            at=at,
        )
        for person in people(event, dossier)
        for channel in CHANNELS
    ]


def people(event: Told, dossier: KnownDossier) -> Sequence[PersonId]:
    """List who is told: the applicant, who handed it in, and who pays, each once."""
    payer = getattr(event, "payer", dossier.submitter)
    return list(dict.fromkeys((dossier.applicant, dossier.submitter, payer)))


def words_of(event: Told, dossier: KnownDossier) -> Words:
    """Say what happened, in Vietnamese and English."""
    subject_vi, text_vi, subject_en, text_en = WORDS[_occasion(event, dossier)]
    number = dossier.code or dossier.reference
    vi = {name: _vietnamese(value) for name, value in event}
    vi |= {"dossier": number, "procedure": dossier.procedure_vi, "agency": dossier.agency_vi}
    en = {name: _english(value) for name, value in event}
    en |= {"dossier": number, "procedure": dossier.procedure_en, "agency": dossier.agency_en}
    return Words(
        subject_vi=subject_vi.format_map(vi),
        text_vi=f"{text_vi}\n\n{FOOT_VI}".format_map(vi),
        subject_en=subject_en.format_map(en),
        text_en=f"{text_en}\n\n{FOOT_EN}".format_map(en),
    )


def _occasion(event: Told, dossier: KnownDossier) -> str:
    name = event.wire_name.split(".")[1]
    match event:
        case submission.FeeRequired(where=where):
            return f"{name} {where}"
        case submission.DossierSupplemented(due=due):
            return f"{name} {'intake' if due is None else 'examination'}"
        case submission.WithdrawalDecided(accepted=accepted):
            return f"{name} {'accepted' if accepted else 'declined'}"
        case submission.ProcessingStopped(law=law):
            return f"{name} by law" if law else name
        case submission.ResultIssued():
            return f"{name} {dossier.channel}"
        case submission.ResultHandedOver(channel=channel):
            return f"{name} {channel}"
        case submission.DossierLapsed(waited_for=waited_for):
            return f"{name} {waited_for}"
        case _:
            return name


def _vietnamese(value: object) -> str:
    match value:
        case datetime():
            return f"{value.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
        case int():  # amounts are the only numbers that sentences name
            return f"{value:,}".replace(",", ".") + " đồng"
        case _:
            return str(value)


def _english(value: object) -> str:
    match value:
        case datetime():
            here = value.astimezone(VIETNAM)
            return f"{here:%H:%M} on {here.day} {here:%B %Y}"
        case int():
            return f"VND {value:,}"
        case _:
            return str(value)
