"""How events change what is remembered of a dossier.

Nothing is decided here: where a fact may lead to one status or another, the event says which.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from contracts.submission import (
    DeadlineApproaching,
    DeadlineExtended,
    DeadlineMissed,
    DossierForwarded,
    DossierLapsed,
    DossierReceived,
    DossierSubmitted,
    DossierSupplemented,
    ExemptionGranted,
    FeeRequired,
    FeeSettled,
    IntakeRefused,
    PersonalDataErased,
    ProcessingResumed,
    ProcessingStopped,
    ResultApproved,
    ResultHandedOver,
    ResultIssued,
    ResultPosted,
    ResultRecalled,
    Step,
    StepCompleted,
    StepSentBack,
    SupplementRequested,
    WithdrawalDecided,
    WithdrawalRequested,
)
from contracts.values import DeliveryStatus, PaymentStatus, Status

from .events import (
    ExemptionDenied,
    FeeAssessed,
    FeeNotExpected,
    WaiverRecorded,
)
from .state import (
    Asked,
    AtTheDesk,
    Clock,
    Deadlines,
    Dossier,
    DossierEvent,
    Endings,
    Filed,
    Money,
    Noted,
    Results,
    Told,
    Work,
)

_DUE: Mapping[str, PaymentStatus] = {
    "online": PaymentStatus.DUE_ONLINE,
    "desk": PaymentStatus.DUE_AT_DESK,
}
_NEXT = {Step.EXAMINE: Step.PROPOSE, Step.PROPOSE: Step.APPROVE}


def evolve(dossier: Dossier, event: DossierEvent) -> Dossier:
    """Remember an event, and since when the dossier is where it led to."""
    if isinstance(event, Noted):
        return dossier
    after = _evolve(dossier, event)
    return after if after.status is dossier.status else replace(after, since=event.at)


def _evolve(dossier: Dossier, event: Told) -> Dossier:
    if isinstance(event, AtTheDesk):
        return _evolve_at_the_desk(dossier, event)
    if isinstance(event, Money):
        return _evolve_money(dossier, event)
    if isinstance(event, Work):
        return _evolve_work(dossier, event)
    if isinstance(event, Results):
        return _evolve_result(dossier, event)
    if isinstance(event, Deadlines):
        return _evolve_deadline(dossier, event)
    return _evolve_ending(dossier, event)


def _evolve_at_the_desk(dossier: Dossier, event: AtTheDesk) -> Dossier:
    match event:
        case DossierSubmitted():
            filed = Filed(
                dossier_id=event.dossier_id,
                reference=event.reference,
                applicant=event.applicant,
                submitter=event.submitter,
                terms=event.terms,
                channel=event.channel,
            )
            return replace(dossier, status=Status.SUBMITTED, filed_as=filed)
        case IntakeRefused():
            return replace(dossier, status=Status.REFUSED)
        case DossierReceived():
            clock = Clock(due=event.due, since=event.at)
            return replace(dossier, status=Status.RECEIVED, clock=clock, received_by=event.officer)
        case SupplementRequested():
            return replace(
                dossier,
                status=Status.SUPPLEMENT_REQUIRED,
                clock=dossier.clock.stop(event.at),
                asked=Asked(event.stage, event.items, event.answer_by),
                rounds={**dossier.rounds, event.stage: event.round},
            )
        case DossierSupplemented():
            clock = dossier.clock.run(event.due, event.at)
            return replace(dossier, status=event.to, clock=clock, step=Step.EXAMINE, asked=None)
        case _:
            assert_never(event)


def _evolve_money(dossier: Dossier, event: Money) -> Dossier:
    fee = dossier.fee
    match event:
        case FeeAssessed():
            return replace(
                dossier,
                fee=replace(
                    fee,
                    standing=event.payment,
                    what=event.what,
                    amount=event.amount,
                    timing=event.timing,
                    where=event.where,
                ),
            )
        case ExemptionGranted():
            return replace(dossier, fee=replace(fee, standing=PaymentStatus.WAIVED))
        case ExemptionDenied():
            denied = replace(fee, standing=PaymentStatus.NOTHING_DUE, what=event.what)
            return replace(dossier, fee=denied)
        case FeeRequired():
            due = replace(fee, standing=_DUE[event.where], required=True, pay_by=event.pay_by)
            return replace(dossier, status=event.to, fee=due)
        case FeeSettled():
            told = fee.told | {(event.payment_id, event.amount)}
            paid = replace(fee, standing=PaymentStatus.PAID, told=told)
            return replace(dossier, status=event.to, fee=paid)
        case WaiverRecorded():
            return replace(
                dossier, status=event.to, fee=replace(fee, standing=PaymentStatus.WAIVED)
            )
        case FeeNotExpected():
            told = fee.told | {(event.payment_id, event.amount)}
            return replace(dossier, fee=replace(fee, standing=event.payment, told=told))
        case _:
            assert_never(event)


def _evolve_work(dossier: Dossier, event: Work) -> Dossier:
    match event:
        case DossierForwarded():
            return replace(dossier, status=Status.PROCESSING, specialist=event.to_officer)
        case StepCompleted():
            return replace(
                dossier,
                step=_NEXT[event.step],
                specialist=event.officer,
                proposer=event.officer,
                outcome=event.outcome,
            )
        case StepSentBack():
            return replace(dossier, step=event.step)
        case ResultApproved():
            return replace(dossier, step=Step.SIGN)
        case _:
            assert_never(event)


def _evolve_result(dossier: Dossier, event: Results) -> Dossier:
    match event:
        case ResultIssued():
            return replace(dossier, status=Status.COMPLETED, delivery=DeliveryStatus.READY)
        case ResultRecalled():
            return replace(
                dossier,
                status=Status.PROCESSING,
                step=Step.EXAMINE,
                delivery=DeliveryStatus.NO_RESULT,
            )
        case ResultPosted():
            return replace(dossier, delivery=DeliveryStatus.POSTED, tracking=event.tracking)
        case ResultHandedOver():
            return replace(dossier, status=Status.RETURNED, delivery=DeliveryStatus.HANDED_OVER)
        case _:
            assert_never(event)


def _evolve_deadline(dossier: Dossier, event: Deadlines) -> Dossier:
    match event:
        case DeadlineApproaching():
            return replace(dossier, clock=replace(dossier.clock, warned_for=event.due))
        case DeadlineMissed():
            return replace(dossier, clock=replace(dossier.clock, missed=event.due))
        case DeadlineExtended():
            return replace(dossier, clock=replace(dossier.clock, due=event.due, extended=True))
        case _:
            assert_never(event)


def _evolve_ending(dossier: Dossier, event: Endings) -> Dossier:
    match event:
        case WithdrawalRequested():
            return replace(
                dossier,
                status=Status.WITHDRAWAL_REQUESTED,
                before=dossier.status,
                clock=dossier.clock.stop(event.at),
            )
        case WithdrawalDecided():
            clock = dossier.clock.run(event.due, event.at)
            return replace(dossier, status=event.to, clock=clock)
        case ProcessingStopped():
            return replace(
                dossier,
                status=Status.STOPPED,
                clock=dossier.clock.stop(event.at),
                resumable=True,
            )
        case ProcessingResumed():
            return replace(
                dossier,
                status=Status.PROCESSING,
                clock=dossier.clock.run(event.due, event.at),
                resumable=False,
            )
        case DossierLapsed():
            return replace(dossier, status=event.to)
        case PersonalDataErased():
            return replace(dossier, resumable=False, erased=True)
        case _:
            assert_never(event)
