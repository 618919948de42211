"""What later decisions about a dossier need to remember, and how events change it.

`evolve` decides nothing: where a fact may lead to one status or another, the event says which.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never

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
    Outcome,
    PersonalDataErased,
    ProcessingResumed,
    ProcessingStopped,
    ResultApproved,
    ResultHandedOver,
    ResultIssued,
    ResultPosted,
    ResultRecalled,
    Stage,
    Step,
    StepCompleted,
    StepSentBack,
    SupplementRequested,
    WithdrawalDecided,
    WithdrawalRequested,
)
from contracts.values import (
    DeliveryStatus,
    Dong,
    DossierId,
    FeeTiming,
    PaymentId,
    PaymentStatus,
    PersonId,
    ResultChannel,
    Status,
    Terms,
)
from services.submission.fees import Owing

from .events import (
    ExemptionDenied,
    FeeAssessed,
    FeeNotExpected,
    FormFilled,
    ReasonRecorded,
    ReceiverRecorded,
    ResultFileStored,
    SupplementAnswered,
    WaiverRecorded,
)
from .refusals import NotPossibleNow

Noted = FormFilled | ReasonRecorded | SupplementAnswered | ResultFileStored | ReceiverRecorded
AtTheDesk = (
    DossierSubmitted | IntakeRefused | DossierReceived | SupplementRequested | DossierSupplemented
)
Money = (
    FeeAssessed
    | ExemptionGranted
    | ExemptionDenied
    | FeeRequired
    | FeeSettled
    | WaiverRecorded
    | FeeNotExpected
)
Deadlines = DeadlineApproaching | DeadlineMissed | DeadlineExtended
Work = DossierForwarded | StepCompleted | StepSentBack | ResultApproved
Results = ResultIssued | ResultRecalled | ResultPosted | ResultHandedOver
Endings = (
    WithdrawalRequested
    | WithdrawalDecided
    | ProcessingStopped
    | ProcessingResumed
    | DossierLapsed
    | PersonalDataErased
)
DossierEvent = Noted | AtTheDesk | Money | Deadlines | Work | Results | Endings

RUNNING = frozenset({Status.RECEIVED, Status.PROCESSING})
"""Where the clock runs; everywhere else it has not begun, stands, or is done with."""

ENDED = frozenset({Status.REFUSED, Status.STOPPED})
"""Where a dossier ends without a result."""


@dataclass(frozen=True)
class Filed:
    """What a dossier is held to for ever."""

    dossier_id: DossierId
    reference: str
    applicant: PersonId
    submitter: PersonId
    terms: Terms
    channel: ResultChannel


@dataclass(frozen=True)
class Fee:
    """What is owed, and how far it is settled."""

    standing: PaymentStatus = PaymentStatus.NOTHING_DUE
    what: Owing = Owing.NOTHING
    amount: Dong = 0
    timing: FeeTiming = FeeTiming.SUBMISSION
    where: Literal["online", "desk"] = "online"
    required: bool = False
    pay_by: datetime | None = None
    told: frozenset[PaymentId] = frozenset()


@dataclass(frozen=True)
class Clock:
    """When the result is due; `since` when the clock last began to run, `stopped_at` when it stood.

    `warned_for` and `missed` are the due dates already spoken of: each is spoken of once.
    """

    due: datetime | None = None
    since: datetime | None = None
    stopped_at: datetime | None = None
    extended: bool = False
    warned_for: datetime | None = None
    missed: datetime | None = None

    def stop(self, at: datetime) -> "Clock":
        """Stand still, if it does not already."""
        return replace(self, stopped_at=self.stopped_at or at)

    def run(self, due: datetime | None, at: datetime) -> "Clock":
        """Run on to a due date; without one it stays as it is."""
        return replace(self, due=due, since=at, stopped_at=None) if due else self


@dataclass(frozen=True)
class Asked:
    """What the applicant was asked for, and until when they may answer."""

    stage: Stage
    items: tuple[str, ...]
    answer_by: datetime


@dataclass(frozen=True)
class Dossier:
    """One dossier, on its axes: status and step, money, delivery, clock."""

    status: Status = Status.NOT_SUBMITTED
    before: Status = Status.NOT_SUBMITTED
    filed_as: Filed | None = None
    fee: Fee = Fee()
    clock: Clock = Clock()
    asked: Asked | None = None
    rounds: Mapping[Stage, int] = field(default_factory=dict[Stage, int])
    received_by: PersonId | None = None
    step: Step = Step.EXAMINE
    specialist: PersonId | None = None
    proposer: PersonId | None = None
    outcome: Outcome | None = None
    delivery: DeliveryStatus = DeliveryStatus.NO_RESULT
    tracking: str = ""
    resumable: bool = False
    erased: bool = False

    @property
    def filed(self) -> Filed:
        """What was handed in; before that nothing is possible."""
        if self.filed_as is None:
            raise NotPossibleNow(self.status.name)
        return self.filed_as

    @property
    def terms(self) -> Terms:
        """What the dossier is held to."""
        return self.filed.terms

    @property
    def people(self) -> frozenset[PersonId]:
        """Whose dossier it is."""
        return frozenset({self.filed.applicant, self.filed.submitter})

    @property
    def due(self) -> datetime:
        """When the result is due; before receipt nothing is."""
        if self.clock.due is None:
            raise NotPossibleNow(self.status.name)
        return self.clock.due

    @property
    def payment(self) -> PaymentStatus:
        """Where the money stands: what ends without a result owes nothing, and gets it back."""
        if self.status not in ENDED:
            return self.fee.standing
        return _WITHOUT_RESULT.get(self.fee.standing, self.fee.standing)


_WITHOUT_RESULT = {
    PaymentStatus.PAID: PaymentStatus.REFUND_DUE,
    PaymentStatus.DUE_ONLINE: PaymentStatus.NOTHING_DUE,
    PaymentStatus.DUE_AT_DESK: PaymentStatus.NOTHING_DUE,
    PaymentStatus.EXEMPTION_CLAIMED: PaymentStatus.NOTHING_DUE,
}
_DUE: Mapping[str, PaymentStatus] = {
    "online": PaymentStatus.DUE_ONLINE,
    "desk": PaymentStatus.DUE_AT_DESK,
}
_NEXT = {Step.EXAMINE: Step.PROPOSE, Step.PROPOSE: Step.APPROVE}


def evolve(dossier: Dossier, event: DossierEvent) -> Dossier:
    """Remember an event."""
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
    if isinstance(event, Endings):
        return _evolve_ending(dossier, event)
    return dossier


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
            paid = replace(fee, standing=PaymentStatus.PAID, told=fee.told | {event.payment_id})
            return replace(dossier, status=event.to, fee=paid)
        case WaiverRecorded():
            return replace(
                dossier, status=event.to, fee=replace(fee, standing=PaymentStatus.WAIVED)
            )
        case FeeNotExpected():
            told = replace(fee, standing=PaymentStatus.PAID, told=fee.told | {event.payment_id})
            return replace(dossier, fee=told)
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
