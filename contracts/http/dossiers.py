"""What the submission service answers: drafts, lists, one dossier whole, its history."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from contracts.values import (
    AgencyName,
    DeliveryStatus,
    DeskRole,
    PaymentStatus,
    ResultChannel,
    SynchronisationStatus,
    TimeLimit,
)


class Names(BaseModel):
    """The same in Vietnamese and English."""

    vi: str
    en: str


class Look(BaseModel):
    """A look of an officer or auditor at what is personal: when, in which role at which agency, at
    what. `reader` is an id, with what its token was for.
    """

    id: int
    at: datetime
    reader: str
    role: str
    agency: str
    subject: UUID
    what: str


class ToMend(BaseModel):
    """One thing to do before a draft can be handed in; `path` names where."""

    path: str
    code: str
    vi: str
    en: str


class FileView(BaseModel):
    """A file of a draft or a dossier. `scan` is the virus scanner's verdict."""

    file_id: UUID
    component: str
    name: str
    media_type: str
    size: int
    pages: int | None = None
    sha256: str
    source: str
    scan: str


class DraftListed(BaseModel):
    """A draft in the list of somebody's own."""

    id: UUID
    version: int
    procedure: str
    procedure_version: int
    agency: str
    name: Names
    updated_at: datetime


class DraftView(BaseModel):
    """A draft whole. `known` is what the form can be filled with, `missing` what is still to do."""

    id: UUID
    version: int
    procedure: str
    procedure_version: int
    agency: AgencyName
    name: Names
    form: str | None
    values: dict[str, Any]
    channel: ResultChannel | None
    address: dict[str, str] | None
    exemption: str
    files: list[FileView]
    known: dict[str, dict[str, Any]]
    missing: list[ToMend]
    warnings: list[ToMend]
    updated_at: datetime


class DraftSaved(BaseModel):
    """The draft's new version, and what is still to do."""

    id: UUID
    version: int
    missing: list[ToMend]
    warnings: list[ToMend]


Timeliness = Literal["early", "on_time", "overdue"]
"""How a result stood to its due date."""


class DossierListed(BaseModel):
    """A dossier in a list: no names, no words. `turn` is the desk role whose turn it is; `desk_by`
    until when the desk should answer what was handed in, or pass on what it took in.
    """

    id: UUID
    version: int
    reference: str
    code: str | None
    procedure: str
    name: Names
    agency: AgencyName
    status: int
    status_words: Names
    step: str
    payment: PaymentStatus
    delivery: DeliveryStatus
    synchronisation: SynchronisationStatus
    amount: int
    turn: DeskRole | None
    specialist: UUID | None
    submitted_at: datetime
    received_at: datetime | None
    due: datetime | None
    late: bool
    desk_by: datetime | None = None
    timeliness: Timeliness | None = None
    timeliness_words: Names | None = None
    changed_at: datetime


class FeeView(BaseModel):
    """What is owed. `payment_id` names the obligation at the payment service, once there is one."""

    what: str
    amount: int
    where: Literal["online", "desk"]
    timing: str
    pay_by: datetime | None
    payment_id: UUID | None


class ClockView(BaseModel):
    """The time limit: who holds the clock now, seen by whoever asks, and how the due date came;
    `desk_by` as in lists.
    """

    holder: Literal["office", "you", "another", "nobody"]
    limit: TimeLimit
    due: datetime | None
    late: bool
    desk_by: datetime | None = None
    running_since: datetime | None
    stopped_at: datetime | None
    extended: bool
    counted: Names


class AskedView(BaseModel):
    """What the applicant is asked for now: the reason by item, an item being a component or a
    field.
    """

    stage: str
    items: dict[str, str]
    names: dict[str, Names]
    words: str
    law: str
    answer_by: datetime


class ResultView(BaseModel):
    """The result, once issued; its file may be fetched once it was handed over or collected."""

    file_id: UUID
    number: str
    outcome: str
    sha256: str
    issued_at: datetime
    in_time: bool
    timeliness: Timeliness | None = None
    timeliness_words: Names | None = None
    available: bool


class Entry(BaseModel):
    """One line of a dossier's timeline: what happened, who did it, why, by which law, and how
    status, due date, clock and money stood after it. `given` names what came with it.
    """

    version: int
    position: int
    at: datetime
    type: str
    what: Names
    actor: Literal["applicant", "officer", "system"]
    person: UUID | None
    desk: AgencyName | None
    status: int
    due: datetime | None
    clock: Literal["not-begun", "runs", "stands", "done"]
    payment: PaymentStatus
    reason: str
    law: str
    items: dict[str, str]
    given: list[str]


class ToldView(BaseModel):
    """What payment or notification told about the dossier: a receipt, a refund, a message sent."""

    at: datetime
    type: str
    what: Names
    facts: dict[str, Any]


class DossierDetail(BaseModel):
    """A dossier whole, as whoever asks may see it: `full` is False for those who see money only."""

    id: UUID
    version: int
    reference: str
    code: str | None
    procedure: str
    procedure_code: str | None
    procedure_version: int
    name: Names
    level: int
    receiving: AgencyName
    competent: AgencyName
    law: list[str]
    status: int
    status_name: str
    status_words: Names
    step: str
    payment: PaymentStatus
    delivery: DeliveryStatus
    synchronisation: SynchronisationStatus
    fee: FeeView
    clock: ClockView
    channel: ResultChannel
    submitted_at: datetime
    received_at: datetime | None
    outcome: str | None
    full: bool
    erased: bool
    asked: AskedView | None = None
    tracking: str = ""
    result: ResultView | None = None
    form: str | None = None
    values: dict[str, Any] = {}
    address: dict[str, str] | None = None
    exemption: str = ""
    papers: list[FileView] = []
    timeline: list[Entry] = []
    told: list[ToldView] = []
    actions: list[str] = []


class ManifestGroup(BaseModel):
    """A group of fields of the form: how many were filled in."""

    key: str
    fields: int


class Manifest(BaseModel):
    """What the applicant handed in, for their own keeping: groups of fields, files with their
    hashes.
    """

    reference: str
    code: str | None
    name: Names
    agency: AgencyName
    submitted_at: datetime
    form: str | None
    groups: list[ManifestGroup]
    files: list[FileView]
    size: int
    erased: bool = False


class LoggedView(BaseModel):
    """One event of a dossier as the log holds it: with `data`, `meta` and `hash`, in base64,
    anybody can recompute the chain.
    """

    position: int
    stream: str
    version: int
    id: UUID
    type: str
    public: bool
    recorded_at: datetime
    data: str
    meta: str
    hash: str


class AuditView(BaseModel):
    """A dossier folded from the log alone, up to an instant: where it stood, what had happened."""

    id: UUID
    as_of: datetime
    version: int
    reference: str
    code: str | None
    agency: AgencyName
    procedure: str
    status: int
    status_name: str
    status_words: Names
    step: str
    payment: PaymentStatus
    delivery: DeliveryStatus
    due: datetime | None
    timeliness: Timeliness | None = None
    timeliness_words: Names | None = None
    extended: bool
    outcome: str | None
    erased: bool
    timeline: list[Entry]
    events: list[LoggedView]
