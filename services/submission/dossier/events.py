"""What the dossier's log holds beside the public facts: stored, never published.

People's words, papers and numbers stand in `personal` and read as None once the key is destroyed,
so nothing here may be needed to decide.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from contracts.event import Event
from contracts.values import (
    Dong,
    FeeTiming,
    FileId,
    PaymentId,
    PaymentStatus,
    PersonId,
    Status,
    Value,
)
from services.submission.fees import Owing


class Paper(Value):
    """A file of the dossier: which component it is for, and the hash of its content.

    `scan` is the virus scanner's verdict; `source` says how the paper came here.
    """

    file_id: FileId
    component: str
    name: str
    media_type: str
    size: int
    pages: int | None = None
    sha256: str
    source: Literal["upload", "scan", "photo", "store", "officer"]
    scan: str


class DeliveryAddress(Value):
    """Where the result is posted to."""

    recipient: str
    phone: str
    detail: str
    commune: str
    province: str


class Filing(Value):
    """Everything the applicant handed in. `exemption` is the ground on which they owe nothing."""

    form: str | None = None
    values: dict[str, Any]
    papers: tuple[Paper, ...] = ()
    address: DeliveryAddress | None = None
    contact: str = ""
    exemption: str = ""
    note: str = ""


class Answer(Value):
    """What the applicant gave when asked: new values by item (a field's path, or the code of a form
    for the whole of it), and papers.
    """

    fields: dict[str, Any] = Field(default_factory=dict[str, Any])
    papers: tuple[Paper, ...] = ()


class Words(Value):
    """Why something was done, in the words of whoever did it; `items` by what is asked for."""

    words: str = ""
    items: dict[str, str] = Field(default_factory=dict[str, str])


class Receiver(Value):
    """Who took the result away: the applicant, or somebody they authorised."""

    name: str
    id_number: str
    authorisation: str = ""


class FormFilled(Event, named="submission.form-filled.v1"):
    """What the applicant wrote and attached."""

    personal: Filing | None


class FeeAssessed(Event, named="submission.fee-assessed.v1"):
    """What the procedure's fee comes to for this dossier, before anything is asked for."""

    what: Owing
    amount: Dong
    timing: FeeTiming
    where: Literal["online", "desk"]
    payment: PaymentStatus
    at: datetime


ErasureGround = Literal["asked-for", "kept-long-enough", "ordered"]
"""Why a dossier is erased: its people asked, its time is over, an authority decided so."""


class ReasonRecorded(Event, named="submission.reason-recorded.v1"):
    """Why the next event of this dossier happened, and by which law. `about` is its wire name;
    `ground` says why where words would go with what they are about.
    """

    about: str
    law: str = ""
    ground: ErasureGround | None = None
    personal: Words | None


class SupplementAnswered(Event, named="submission.supplement-answered.v1"):
    """What the applicant gave when asked."""

    personal: Answer | None


class ExemptionDenied(Event, named="submission.exemption-denied.v1"):
    """The desk did not accept the claim that nothing is owed."""

    officer: PersonId
    what: Owing
    at: datetime


class WaiverRecorded(Event, named="submission.waiver-recorded.v1"):
    """The dossier knows that its fee was waived elsewhere; `to` is the status it led to."""

    payment_id: PaymentId
    to: Status
    at: datetime


class FeeNotExpected(Event, named="submission.fee-not-expected.v1"):
    """Money came that the dossier was not waiting for; `payment` is where the money stands with it.
    Whoever holds it gives it back.
    """

    payment_id: PaymentId
    amount: Dong
    payment: PaymentStatus
    at: datetime


class ResultFileStored(Event, named="submission.result-file-stored.v1"):
    """The file of the result."""

    personal: Paper | None


class ReceiverRecorded(Event, named="submission.receiver-recorded.v1"):
    """Who took the result away, as checked at the desk."""

    personal: Receiver | None
