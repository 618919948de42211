"""What later decisions about a dossier need to remember, and the events it is remembered from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeVar

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
Told = AtTheDesk | Money | Work | Results | Deadlines | Endings
"""What a timeline tells by itself; the other events say more about the one that follows them."""

DossierEvent = Noted | Told

RUNNING = frozenset({Status.RECEIVED, Status.PROCESSING})
"""Where the clock runs; everywhere else it has not begun, stands, or is done with."""

ENDED = frozenset({Status.REFUSED, Status.STOPPED})
"""Where a dossier ends without a result."""


Known = TypeVar("Known")


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
    """What is owed, and how far it is settled; `told` are the payments the dossier has heard of."""

    standing: PaymentStatus = PaymentStatus.NOTHING_DUE
    what: Owing = Owing.NOTHING
    amount: Dong = 0
    timing: FeeTiming = FeeTiming.SUBMISSION
    where: Literal["online", "desk"] = "online"
    required: bool = False
    pay_by: datetime | None = None
    told: frozenset[tuple[PaymentId, Dong]] = frozenset()


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
    """One dossier, on its axes: status (and since when) and step, money, delivery, clock."""

    status: Status = Status.NOT_SUBMITTED
    since: datetime | None = None
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
        return self._once_known(self.filed_as)

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
        """When the result is due; before intake nothing is."""
        return self._once_known(self.clock.due)

    @property
    def request(self) -> Asked:
        """What the applicant was asked for."""
        return self._once_known(self.asked)

    @property
    def proposed(self) -> Outcome:
        """The outcome that lies before the approvers."""
        return self._once_known(self.outcome)

    @property
    def payment(self) -> PaymentStatus:
        """Where the money stands: what ends without a result owes nothing, and gets it back."""
        if self.status not in ENDED:
            return self.fee.standing
        return _WITHOUT_RESULT.get(self.fee.standing, self.fee.standing)

    def _once_known(self, known: Known | None) -> Known:
        if known is None:
            raise NotPossibleNow(self.status.name)
        return known


_WITHOUT_RESULT = {
    PaymentStatus.PAID: PaymentStatus.REFUND_DUE,
    PaymentStatus.DUE_ONLINE: PaymentStatus.NOTHING_DUE,
    PaymentStatus.DUE_AT_DESK: PaymentStatus.NOTHING_DUE,
    PaymentStatus.EXEMPTION_CLAIMED: PaymentStatus.NOTHING_DUE,
}
