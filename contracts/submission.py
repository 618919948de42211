"""What the submission service publishes: the life of a dossier, without anybody's
words or papers.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from .event import Event
from .values import (
    AgencyCode,
    AgencyName,
    ComponentCode,
    DeskRole,
    Dong,
    DossierCode,
    DossierId,
    FileId,
    PaymentId,
    PersonId,
    ResultChannel,
    Status,
    Terms,
)


class Stage(StrEnum):
    """When a supplement is asked for: before the dossier was received, or while it is examined."""

    INTAKE = "intake"
    EXAMINATION = "examination"


class Step(StrEnum):
    """The steps of processing, in their order."""

    EXAMINE = "examine"
    PROPOSE = "propose"
    APPROVE = "approve"
    SIGN = "sign"


class Outcome(StrEnum):
    """What the agency decided."""

    GRANTED = "granted"
    REJECTED = "rejected"


class DossierSubmitted(Event, named="submission.dossier-submitted.v1"):
    """An applicant handed the dossier in; from here on its terms never change."""

    dossier_id: DossierId
    reference: str
    applicant: PersonId
    submitter: PersonId
    terms: Terms
    attached: tuple[ComponentCode, ...]
    reused: tuple[ComponentCode, ...] = ()
    channel: ResultChannel
    exemption_claimed: bool = False
    at: datetime


class IntakeRefused(Event, named="submission.intake-refused.v1"):
    """The desk did not take the dossier in; the reason is on the dossier."""

    dossier_id: DossierId
    officer: PersonId
    at: datetime


class SupplementRequested(Event, named="submission.supplement-requested.v1"):
    """The desk asked, once and completely, for what is missing. `items` are component codes or
    field paths.
    """

    dossier_id: DossierId
    officer: PersonId
    stage: Stage
    items: tuple[str, ...]
    round: int
    answer_by: datetime
    at: datetime


class DossierSupplemented(Event, named="submission.dossier-supplemented.v1"):
    """The applicant gave everything asked for. `due` is the due date counted anew, None before
    intake; `to` is the status it led to.
    """

    dossier_id: DossierId
    items: tuple[str, ...]
    round: int
    due: datetime | None
    to: Status = Status.SUBMITTED
    at: datetime


class DossierReceived(Event, named="submission.dossier-received.v1"):
    """The desk took the dossier in: it has its code and its due date."""

    dossier_id: DossierId
    code: DossierCode
    officer: PersonId
    due: datetime
    at: datetime


class FeeRequired(Event, named="submission.fee-required.v1"):
    """A fee is owed: online before `pay_by`, or in cash at the desk before hand-over. `to` is the
    status it led to; only a fee with a `pay_by` holds the dossier up.
    """

    dossier_id: DossierId
    payment_id: PaymentId
    payer: PersonId
    agency: AgencyName
    reference: str
    amount: Dong
    where: Literal["online", "desk"]
    pay_by: datetime | None
    to: Status = Status.PAYMENT_REQUIRED
    at: datetime


class ExemptionGranted(Event, named="submission.exemption-granted.v1"):
    """The desk accepted that nothing is owed. `basis` is the law, never the circumstances."""

    dossier_id: DossierId
    payment_id: PaymentId
    payer: PersonId
    agency: AgencyName
    reference: str
    amount: Dong
    basis: str
    officer: PersonId
    at: datetime


class FeeSettled(Event, named="submission.fee-settled.v1"):
    """The dossier knows that its fee was paid; `to` is the status it led to."""

    dossier_id: DossierId
    payment_id: PaymentId
    amount: Dong
    to: Status = Status.SUBMITTED
    at: datetime


class DossierForwarded(Event, named="submission.dossier-forwarded.v1"):
    """The dossier passed from the desk to the specialists, or from one officer to another."""

    dossier_id: DossierId
    officer: PersonId
    to_officer: PersonId | None
    to_role: DeskRole
    at: datetime


class StepCompleted(Event, named="submission.step-completed.v1"):
    """An officer finished a step and handed the dossier on."""

    dossier_id: DossierId
    step: Step
    officer: PersonId
    to_role: DeskRole
    outcome: Outcome | None = None
    at: datetime


class StepSentBack(Event, named="submission.step-sent-back.v1"):
    """An officer returned the dossier to an earlier step; the reason is on the dossier."""

    dossier_id: DossierId
    step: Step
    officer: PersonId
    to_role: DeskRole
    at: datetime


class DeadlineApproaching(Event, named="submission.deadline-approaching.v1"):
    """The due date is near."""

    dossier_id: DossierId
    agency: AgencyCode
    due: datetime
    at: datetime


class DeadlineMissed(Event, named="submission.deadline-missed.v1"):
    """The due date passed without a result."""

    dossier_id: DossierId
    agency: AgencyCode
    due: datetime
    at: datetime


class DeadlineExtended(Event, named="submission.deadline-extended.v1"):
    """The one permitted extension, told to the applicant with an apology (NĐ 61/2018 Đ19.9)."""

    dossier_id: DossierId
    officer: PersonId
    previous: datetime
    due: datetime
    at: datetime


class WithdrawalRequested(Event, named="submission.withdrawal-requested.v1"):
    """The applicant asked to take the dossier back."""

    dossier_id: DossierId
    at: datetime


class WithdrawalDecided(Event, named="submission.withdrawal-decided.v1"):
    """The request to withdraw was accepted (`to` is STOPPED) or not (`to` is the status before).

    `officer` is None where the applicant needed nobody; `due` is None where no clock runs.
    """

    dossier_id: DossierId
    officer: PersonId | None
    accepted: bool
    to: Status
    due: datetime | None
    at: datetime


class ProcessingStopped(Event, named="submission.processing-stopped.v1"):
    """Processing ended for a legal reason."""

    dossier_id: DossierId
    officer: PersonId
    law: str
    at: datetime


class ProcessingResumed(Event, named="submission.processing-resumed.v1"):
    """Processing goes on, with this due date."""

    dossier_id: DossierId
    officer: PersonId
    due: datetime
    at: datetime


class ResultApproved(Event, named="submission.result-approved.v1"):
    """A second pair of eyes approved the outcome."""

    dossier_id: DossierId
    officer: PersonId
    outcome: Outcome
    at: datetime


class ResultIssued(Event, named="submission.result-issued.v1"):
    """The result was signed, numbered and issued; `sha256` is the hex hash of its
    file's content.
    """

    dossier_id: DossierId
    officer: PersonId
    outcome: Outcome
    number: str
    file_id: FileId
    sha256: str
    in_time: bool
    at: datetime


class ResultRecalled(Event, named="submission.result-recalled.v1"):
    """The result was found wrong before hand-over (NĐ 61/2018 Đ21)."""

    dossier_id: DossierId
    officer: PersonId
    at: datetime


class ResultPosted(Event, named="submission.result-posted.v1"):
    """The result was given to the post."""

    dossier_id: DossierId
    officer: PersonId
    tracking: str
    at: datetime


class ResultHandedOver(Event, named="submission.result-handed-over.v1"):
    """The applicant has the result."""

    dossier_id: DossierId
    channel: ResultChannel
    officer: PersonId | None
    at: datetime


class DossierLapsed(Event, named="submission.dossier-lapsed.v1"):
    """Nothing came in time: the dossier ended in `to` (REFUSED before intake, STOPPED after)."""

    dossier_id: DossierId
    waited_for: Literal["supplement", "payment"]
    to: Status
    at: datetime


class PersonalDataErased(Event, named="submission.personal-data-erased.v1"):
    """The key of the dossier's personal parts was destroyed; its history remains."""

    dossier_id: DossierId
    at: datetime
