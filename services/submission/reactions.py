"""Kafka in: copies of the catalogue, appointments, fees settled, what others told. Pure; no rules
here.
"""

from collections.abc import Sequence

from chassis.appointments import appointed, relieved
from chassis.changes import Put
from chassis.reactions import Effect, Reactions, To
from contracts.accounts import OfficerAppointed, OfficerRelieved
from contracts.catalogue import (
    AgencyRegistered,
    HolidaysDeclared,
    ProcedurePublished,
    ProcedureWithdrawn,
)
from contracts.envelope import Envelope
from contracts.notification import NotificationDelivered, NotificationFailed, NotificationSent
from contracts.payment import (
    FeePaid,
    FeeRefunded,
    FeeRequested,
    FeeWaived,
    PaymentFailed,
    ReceiptIssued,
    RefundApproved,
    RefundProposed,
)

from .copies import declared, published, registered, withdrawn
from .dossier.commands import RecordFeePaid, RecordFeeWaived

react = Reactions()

react.to(AgencyRegistered)(registered)
react.to(ProcedurePublished)(published)
react.to(ProcedureWithdrawn)(withdrawn)
react.to(HolidaysDeclared)(declared)
react.to(OfficerAppointed)(appointed)
react.to(OfficerRelieved)(relieved)


@react.to(FeePaid)
def settle_fee(paid: FeePaid, envelope: Envelope) -> Sequence[Effect]:
    """Money arrived: the dossier learns of it."""
    command = RecordFeePaid(paid.payment_id, paid.amount, at=paid.at)
    return [To(paid.dossier_id, command), *_told(paid, envelope)]


@react.to(FeeWaived)
def settle_waiver(waived: FeeWaived, envelope: Envelope) -> Sequence[Effect]:
    """Nothing is owed: the dossier learns of it."""
    command = RecordFeeWaived(waived.payment_id, at=waived.at)
    return [To(waived.dossier_id, command), *_told(waived, envelope)]


Told = (
    FeePaid
    | FeeWaived
    | FeeRequested
    | PaymentFailed
    | ReceiptIssued
    | RefundProposed
    | RefundApproved
    | FeeRefunded
    | NotificationSent
    | NotificationDelivered
    | NotificationFailed
)
_FACTS = {"amount", "method", "number", "code", "where", "about", "channel", "cause"}


def _told(event: Told, envelope: Envelope) -> Sequence[Put]:
    """Write a fact beside the dossier's timeline; one about no dossier is somebody else's."""
    if event.dossier_id is None:
        return ()
    values = {
        "dossier_id": event.dossier_id,
        "what": event.wire_name,
        "facts": event.model_dump(mode="json", include=_FACTS),
        "at": event.at,
    }
    return (Put("told", {"event_id": envelope.event_id}, values, once=True),)


for _fact in (
    FeeRequested,
    PaymentFailed,
    ReceiptIssued,
    RefundProposed,
    RefundApproved,
    FeeRefunded,
    NotificationSent,
    NotificationDelivered,
    NotificationFailed,
):
    react.to(_fact)(_told)
