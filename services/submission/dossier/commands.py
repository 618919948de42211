"""What can be asked of a dossier, and the facts it can be told.

An officer's command names the officer, a citizen's the person. `as_approver` is set by the door
for officers who hold that role at the dossier's agency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contracts.submission import Outcome, Step
from contracts.values import (
    Calendar,
    Dong,
    DossierCode,
    DossierId,
    PaymentId,
    PersonId,
    ResultChannel,
    Terms,
)

from .events import Answer, ErasureGround, Filing, Paper, Receiver


@dataclass(frozen=True)
class Reason:
    """Why, in words, and under which law."""

    words: str = ""
    law: str = ""


# Handing in


@dataclass(frozen=True)
class SubmitDossier:
    """An applicant, or somebody for them, hands the dossier in."""

    dossier_id: DossierId
    reference: str
    applicant: PersonId
    submitter: PersonId
    terms: Terms
    filing: Filing
    channel: ResultChannel
    calendar: Calendar
    at: datetime


# Intake


@dataclass(frozen=True)
class ReceiveDossier:
    """Take the dossier in. `fee` is what the officer counted, where the fee is by the page."""

    officer: PersonId
    code: DossierCode
    calendar: Calendar
    at: datetime
    fee: Dong | None = None


@dataclass(frozen=True)
class RefuseIntake:
    """Do not take the dossier in."""

    officer: PersonId
    reason: Reason
    at: datetime


@dataclass(frozen=True)
class DecideExemption:
    """Accept the claim that nothing is owed, or do not."""

    officer: PersonId
    granted: bool
    reason: Reason
    calendar: Calendar
    at: datetime


# Supplements


@dataclass(frozen=True)
class RequestSupplement:
    """Ask, once and completely: the reason by item, an item being a component or a field's path."""

    officer: PersonId
    items: Mapping[str, str]
    calendar: Calendar
    at: datetime
    reason: Reason = Reason()
    as_approver: bool = False


@dataclass(frozen=True)
class SupplementDossier:
    """Give what was asked for."""

    person: PersonId
    answer: Answer
    calendar: Calendar
    at: datetime


# Examination


@dataclass(frozen=True)
class ForwardDossier:
    """Pass the dossier from the desk to the specialists, or to one of them."""

    officer: PersonId
    to_officer: PersonId | None
    at: datetime


@dataclass(frozen=True)
class HandOverDossier:
    """Pass the dossier to another specialist, or back to all of them."""

    officer: PersonId
    to_officer: PersonId | None
    at: datetime
    reason: Reason = Reason()
    as_approver: bool = False


@dataclass(frozen=True)
class FinishExamination:
    """The papers were examined; `reason` holds the findings."""

    officer: PersonId
    at: datetime
    reason: Reason = Reason()


@dataclass(frozen=True)
class ProposeOutcome:
    """Lay an outcome before the approvers; rejecting needs words and law."""

    officer: PersonId
    outcome: Outcome
    at: datetime
    reason: Reason = Reason()


@dataclass(frozen=True)
class ApproveOutcome:
    """Approve what somebody else proposed."""

    officer: PersonId
    at: datetime


@dataclass(frozen=True)
class SendBack:
    """Return the dossier to an earlier step."""

    officer: PersonId
    step: Step
    reason: Reason
    at: datetime


# Deadlines


@dataclass(frozen=True)
class ExtendDeadline:
    """Give the applicant a later date, with an apology."""

    officer: PersonId
    due: datetime
    reason: Reason
    calendar: Calendar
    at: datetime


@dataclass(frozen=True)
class RecordTimePassed:
    """Tell the dossier what time it is."""

    calendar: Calendar
    at: datetime


# Results


@dataclass(frozen=True)
class IssueResult:
    """Sign, number and issue the approved outcome."""

    officer: PersonId
    number: str
    file: Paper
    at: datetime


@dataclass(frozen=True)
class CompleteAtDesk:
    """Issue the result at once, where the procedure is done on the same day."""

    officer: PersonId
    outcome: Outcome
    number: str
    file: Paper
    at: datetime
    reason: Reason = Reason()


@dataclass(frozen=True)
class RecallResult:
    """Take back a result found wrong before it was handed over."""

    officer: PersonId
    reason: Reason
    at: datetime


@dataclass(frozen=True)
class HandOverAtDesk:
    """Give the result to whoever came for it."""

    officer: PersonId
    receiver: Receiver = field(repr=False)
    id_checked: bool
    at: datetime


@dataclass(frozen=True)
class PostResult:
    """Give the result to the post."""

    officer: PersonId
    tracking: str
    at: datetime


@dataclass(frozen=True)
class ConfirmDelivery:
    """The post says that the applicant has it."""

    officer: PersonId
    at: datetime


@dataclass(frozen=True)
class CollectResult:
    """Collect the result online."""

    person: PersonId
    at: datetime


# Endings


@dataclass(frozen=True)
class RequestWithdrawal:
    """Take the dossier back: at once before intake, afterwards if the agency agrees."""

    person: PersonId
    at: datetime
    reason: Reason = Reason()


@dataclass(frozen=True)
class CancelWithdrawal:
    """Go on after all."""

    person: PersonId
    calendar: Calendar
    at: datetime


@dataclass(frozen=True)
class DecideWithdrawal:
    """Let the dossier go, or say why not."""

    officer: PersonId
    accepted: bool
    reason: Reason
    calendar: Calendar
    at: datetime


@dataclass(frozen=True)
class StopProcessing:
    """End processing for a legal reason."""

    officer: PersonId
    reason: Reason
    at: datetime


@dataclass(frozen=True)
class ResumeProcessing:
    """Go on with a dossier that an officer stopped."""

    officer: PersonId
    reason: Reason
    calendar: Calendar
    at: datetime


@dataclass(frozen=True)
class EraseDossier:
    """Destroy what is personal in a dossier that has ended. Ground and law stay readable for ever,
    so they name nobody.
    """

    ground: ErasureGround
    law: str
    at: datetime


# Money


@dataclass(frozen=True)
class RecordFeePaid:
    """Money for the fee arrived."""

    payment_id: PaymentId
    amount: Dong
    at: datetime


@dataclass(frozen=True)
class RecordFeeWaived:
    """The fee was waived."""

    payment_id: PaymentId
    at: datetime


AtIntake = ReceiveDossier | RefuseIntake | DecideExemption
Supplementing = RequestSupplement | SupplementDossier
Examining = (
    ForwardDossier
    | HandOverDossier
    | FinishExamination
    | ProposeOutcome
    | ApproveOutcome
    | SendBack
)
KeepingTime = ExtendDeadline | RecordTimePassed
Resulting = IssueResult | CompleteAtDesk | RecallResult
Delivering = HandOverAtDesk | PostResult | ConfirmDelivery | CollectResult
Withdrawing = RequestWithdrawal | CancelWithdrawal | DecideWithdrawal
Stopping = StopProcessing | ResumeProcessing | EraseDossier
Settling = RecordFeePaid | RecordFeeWaived

DossierCommand = (
    SubmitDossier
    | AtIntake
    | Supplementing
    | Examining
    | KeepingTime
    | Resulting
    | Delivering
    | Withdrawing
    | Stopping
    | Settling
)
