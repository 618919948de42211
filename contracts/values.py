"""Values that events carry: identifiers, money, time limits, statuses. Plain data, no behaviour."""

from datetime import date, time, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Annotated, Literal, NewType
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

PersonId = NewType("PersonId", UUID)
OrganisationId = NewType("OrganisationId", UUID)
AppointmentId = NewType("AppointmentId", UUID)
DocumentId = NewType("DocumentId", UUID)
DossierId = NewType("DossierId", UUID)
PaymentId = NewType("PaymentId", UUID)
MessageId = NewType("MessageId", UUID)
FileId = NewType("FileId", UUID)

AgencyCode = NewType("AgencyCode", str)
ProcedureKey = NewType("ProcedureKey", str)
ComponentCode = NewType("ComponentCode", str)
DossierCode = NewType("DossierCode", str)

Dong = Annotated[int, Field(ge=0, le=10**12)]
"""Money: whole Vietnamese đồng."""

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Where days begin and end. No summer time since 1975, so no time zone database is needed."""


class Value(BaseModel):
    """A plain immutable value; unknown fields of a newer writer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Status(IntEnum):
    """The national list of dossier statuses (trạng thái hồ sơ); 0 is ours, before
    the log begins.
    """

    NOT_SUBMITTED = 0
    SUBMITTED = 1
    RECEIVED = 2
    REFUSED = 3
    PROCESSING = 4
    SUPPLEMENT_REQUIRED = 5
    PAYMENT_REQUIRED = 6
    WITHDRAWAL_REQUESTED = 7
    STOPPED = 8
    COMPLETED = 9
    RETURNED = 10


class PaymentStatus(StrEnum):
    """Where the money stands, apart from the dossier's own status."""

    NOTHING_DUE = "nothing-due"
    EXEMPTION_CLAIMED = "exemption-claimed"
    DUE_ONLINE = "due-online"
    DUE_AT_DESK = "due-at-desk"
    PAID = "paid"
    WAIVED = "waived"
    REFUND_DUE = "refund-due"


class DeliveryStatus(StrEnum):
    """Where the result stands on its way to the applicant."""

    NO_RESULT = "no-result"
    READY = "ready"
    POSTED = "posted"
    HANDED_OVER = "handed-over"


class SynchronisationStatus(StrEnum):
    """Whether the national portal knows the dossier's present state."""

    NOT_SENT = "not-sent"
    SENT = "sent"
    FAILED = "failed"


class LimitUnit(StrEnum):
    """How a legal time limit is counted."""

    WORKING_DAY = "working_day"
    DAY = "day"
    WORKING_HOUR = "working_hour"
    SAME_DAY = "same_day"


class TimeLimit(Value):
    """A legal time limit: `value` counted in `unit`."""

    value: Annotated[int, Field(ge=1, le=1000)]
    unit: LimitUnit


class SupplementClock(StrEnum):
    """What a supplement does to the limit: counted anew (NĐ 61/2018 Đ19.4) or
    paused (sector law).
    """

    RESTART = "restart"
    PAUSE = "pause"


class FeeTiming(StrEnum):
    """When a fee falls due: at submission (online), at intake, or with the result
    (at the desk).
    """

    SUBMISSION = "submission"
    RECEIPT = "receipt"
    RESULT = "result"


class FeeRule(Value):
    """What a procedure costs. `amount` None means "set by the province": shown so, and nothing is
    owed until `by_province` says that it was.

    `quantity_field` names the form field that says how many times the amount is owed (copies asked
    for).
    """

    amount: Dong | None = None
    by_province: bool = False
    timing: FeeTiming = FeeTiming.SUBMISSION
    per_page: bool = False
    quantity_field: str | None = None
    exemptions: tuple[str, ...] = ()
    note_vi: str = ""


class ResultChannel(StrEnum):
    """How the applicant receives the result."""

    DESK = "desk"
    POST = "post"
    ONLINE = "online"


class ComponentKind(StrEnum):
    """What a required paper is."""

    FORM = "form"
    ORIGINAL = "original"
    COPY = "copy"
    SCAN = "scan"


class Component(Value):
    """One required or optional paper of a procedure; of kind form it names the forms that may be
    filled in. `docx` says that it may come as a Word document too.
    """

    code: ComponentCode
    name_vi: str
    name_en: str
    required: bool
    kind: ComponentKind
    copies: int = 1
    forms: tuple[str, ...] = ()
    docx: bool = False


class AgencyName(Value):
    """An agency as an event remembers it, so that history reads without the catalogue."""

    code: AgencyCode
    name_vi: str
    name_en: str


class Terms(Value):
    """What a dossier is held to for ever: the published version of its procedure, as it was at
    submission.
    """

    procedure: ProcedureKey
    procedure_code: str | None
    procedure_version: int
    name_vi: str
    name_en: str
    level: Literal[3, 4]
    receiving: AgencyName
    competent: AgencyName
    limit: TimeLimit
    supplement_clock: SupplementClock = SupplementClock.RESTART
    supplement_days: int = 30
    payment_days: int = 10
    fee: FeeRule
    components: tuple[Component, ...]
    channels: tuple[ResultChannel, ...]
    law: tuple[str, ...] = ()


class Calendar(Value):
    """An agency's working time, in Asia/Ho_Chi_Minh: the week's hours, days off, and Saturdays
    worked.

    `hours` are the (start, end) spans of a working day; same-day procedures received after
    `cut_off` are due on the next working day.
    """

    hours: tuple[tuple[time, time], ...] = (
        (time(7, 30), time(11, 30)),
        (time(13, 30), time(17, 30)),
    )
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    days_off: frozenset[date] = frozenset()
    extra_working_days: frozenset[date] = frozenset()
    cut_off: time = time(15, 0)


class DeskRole(StrEnum):
    """What an officer may do at an agency's desk."""

    INTAKE = "intake"
    SPECIALIST = "specialist"
    APPROVER = "approver"
    CLERK = "clerk"
    CASHIER = "cashier"


class PaymentMethod(StrEnum):
    """How money reached the agency."""

    VNPAY = "vnpay"
    VIETQR = "vietqr"
    CASH = "cash"
