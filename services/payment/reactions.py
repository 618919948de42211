"""Kafka in: fees required, exemptions and dossiers that end become our commands. No rules here."""

from chassis.appointments import appointed, relieved
from chassis.changes import Put
from chassis.reactions import Reactions, To
from contracts.accounts import OfficerAppointed, OfficerRelieved
from contracts.identity import fee_of
from contracts.submission import (
    DossierLapsed,
    ExemptionGranted,
    FeeRequired,
    IntakeRefused,
    ProcessingResumed,
    ProcessingStopped,
    WithdrawalDecided,
)

from .payment.commands import (
    CancelObligation,
    OpenObligation,
    ReopenObligation,
    WaiveObligation,
)

react = Reactions()


@react.to(FeeRequired)
def open_obligation(required: FeeRequired) -> To:
    """A fee is required: open an obligation."""
    command = OpenObligation(
        payment_id=required.payment_id,
        dossier_id=required.dossier_id,
        payer=required.payer,
        agency=required.agency,
        reference=required.reference,
        amount=required.amount,
        where=required.where,
        pay_by=required.pay_by,
        at=required.at,
    )
    return To(required.payment_id, command)


@react.to(ExemptionGranted)
def waive_obligation(granted: ExemptionGranted) -> To:
    """An exemption was granted: nothing is owed."""
    command = WaiveObligation(
        payment_id=granted.payment_id,
        dossier_id=granted.dossier_id,
        payer=granted.payer,
        agency=granted.agency,
        reference=granted.reference,
        amount=granted.amount,
        at=granted.at,
    )
    return To(granted.payment_id, command)


@react.to(IntakeRefused)
def cancel_refused(refused: IntakeRefused) -> To:
    """The dossier was not taken in."""
    return To(fee_of(refused.dossier_id), CancelObligation("refused", at=refused.at))


@react.to(WithdrawalDecided)
def cancel_withdrawn(decided: WithdrawalDecided) -> To | None:
    """The dossier was taken back, if the withdrawal was accepted."""
    if not decided.accepted:
        return None
    return To(fee_of(decided.dossier_id), CancelObligation("withdrawn", at=decided.at))


@react.to(ProcessingStopped)
def cancel_stopped(stopped: ProcessingStopped) -> To:
    """Processing ended."""
    return To(fee_of(stopped.dossier_id), CancelObligation("stopped", at=stopped.at))


@react.to(ProcessingResumed)
def reopen_resumed(resumed: ProcessingResumed) -> To:
    """Processing goes on after all."""
    return To(fee_of(resumed.dossier_id), ReopenObligation(at=resumed.at))


@react.to(DossierLapsed)
def cancel_lapsed(lapsed: DossierLapsed) -> To:
    """Nothing came in time."""
    return To(fee_of(lapsed.dossier_id), CancelObligation("lapsed", at=lapsed.at))


@react.to(OfficerAppointed)
def copy_appointment(event: OfficerAppointed) -> Put:
    """Know who may act at which desk."""
    return appointed(event)


@react.to(OfficerRelieved)
def end_appointment(event: OfficerRelieved) -> Put:
    """Know who no longer may."""
    return relieved(event)
