"""A dossier whole, put together for whoever looks, from its log. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Literal
from uuid import UUID

from contracts.http.dossiers import (
    AskedView,
    ClockView,
    DossierDetail,
    Entry,
    FeeView,
    FileView,
    Names,
    ResultView,
    ToldView,
)
from contracts.identity import fee_of
from contracts.submission import ResultIssued, SupplementRequested
from contracts.values import AgencyCode, Calendar, DeliveryStatus, PersonId, ResultChannel, Status

from .content import Content, content_of
from .dossier import Dossier, DossierEvent, evolve
from .dossier.events import Paper, ReasonRecorded, Words
from .dossier_view import DossierView, in_words
from .rights import Place, Roles, actions, may_read, waiting_for
from .timeline import ERASED, Happened, timeline
from .words import STATUS, how_counted

Holder = Literal["office", "you", "another", "nobody"]


@dataclass(frozen=True)
class Sight:
    """Who looks: an officer with these roles at the agency, or, without, the applicant."""

    person: PersonId
    roles: Roles | None = None
    agency: AgencyCode | None = None

    @property
    def full(self) -> bool:
        """Whether they see more than number, status and money."""
        return self.roles is None or may_read(self.roles)


@dataclass(frozen=True)
class Whole:
    """A dossier as its log tells it."""

    view: DossierView
    dossier: Dossier
    log: Sequence[Happened]
    content: Content

    @classmethod
    def of(cls, log: Sequence[Happened]) -> "Whole | None":
        """Put a history together; None where nothing was handed in."""
        history = [happened.event for happened in log]
        view = DossierView.of(history)
        if view is None:
            return None
        return cls(view, reduce(evolve, history, Dossier()), log, content_of(history))

    @property
    def history(self) -> Sequence[DossierEvent]:
        """What happened."""
        return [happened.event for happened in self.log]


def detail(
    whole: Whole, sight: Sight, told: Sequence[ToldView], *, now: datetime, calendar: Calendar
) -> DossierDetail:
    """Show the dossier, without what this reader may not see."""
    view, dossier = whole.view, whole.dossier
    terms, own = dossier.terms, view.belongs_to(sight.person)
    shown = DossierDetail(
        **view.model_dump(include=_COMMON),
        procedure_code=terms.procedure_code,
        name=Names(vi=terms.name_vi, en=terms.name_en),
        level=terms.level,
        receiving=terms.receiving,
        competent=terms.competent,
        law=list(terms.law),
        status_name=view.status.name,
        status_words=STATUS[view.status],
        fee=_fee(dossier),
        clock=_clock(whole, sight, now, calendar),
        channel=dossier.filed.channel,
        outcome=dossier.outcome,
        full=sight.full,
        erased=dossier.erased,
    )
    if not sight.full:
        return shown
    inside = {**_inside(whole, calendar), "timeline": entries(whole.log), "told": list(told)}
    possible = actions(sight.roles or frozenset(), Place(view.status, view.step, own))
    return shown.model_copy(update={**inside, "actions": sorted(possible)})


_COMMON = (DossierDetail.model_fields.keys() & DossierView.model_fields.keys()) - {"receiving"}


def _inside(whole: Whole, calendar: Calendar) -> dict[str, Any]:
    filing = whole.content.filing
    return {
        "asked": _asked(whole),
        "tracking": whole.dossier.tracking,
        "result": _result(whole, calendar),
        "form": filing.form if filing else None,
        "values": whole.content.values,
        "address": filing.address.model_dump() if filing and filing.address else None,
        "exemption": filing.exemption if filing else "",
        "papers": [file_view(paper) for paper in whole.content.papers],
    }


def entries(log: Sequence[Happened]) -> list[Entry]:
    """Show the timeline."""
    return [
        Entry(
            **{name: getattr(line, name) for name in _SAME},
            actor=line.who.kind,
            person=line.who.person,
            desk=line.who.desk,
            reason=line.why,
            items=dict(line.items),
            given=list(line.given),
        )
        for line in timeline(log)
    ]


_SAME = ("version", "position", "at", "type", "what", "status", "due", "clock", "payment", "law")


def file_view(paper: Paper) -> FileView:
    """Show a file."""
    return FileView.model_validate(paper.model_dump())


def _fee(dossier: Dossier) -> FeeView:
    fee, asked_for = dossier.fee, dossier.fee.required
    return FeeView(
        what=fee.what,
        amount=fee.amount,
        where=fee.where,
        timing=fee.timing,
        pay_by=fee.pay_by,
        payment_id=fee_of(dossier.filed.dossier_id) if asked_for else None,
    )


def _clock(whole: Whole, sight: Sight, now: datetime, calendar: Calendar) -> ClockView:
    clock, terms = whole.dossier.clock, whole.dossier.terms
    return ClockView(
        holder=_holder(whole, sight),
        limit=terms.limit,
        due=clock.due,
        late=whole.view.late(now),
        desk_by=whole.view.desk_by(calendar),
        running_since=None if clock.stopped_at else clock.since,
        stopped_at=clock.stopped_at,
        extended=clock.extended,
        counted=how_counted(terms.limit, terms.supplement_clock),
    )


def _holder(whole: Whole, sight: Sight) -> Holder:
    side = _side(whole.dossier)
    if side in ("another", "nobody"):
        return side
    if sight.roles is None:
        return "you" if side == "applicant" else "office"
    if side == "applicant":
        return "another"
    turn, specialist = waiting_for(whole.view.status, whole.view.step), whole.view.specialist
    mine = turn in sight.roles and specialist in (None, sight.person)
    return "you" if mine else "office"


def _side(dossier: Dossier) -> Literal["office", "applicant", "another", "nobody"]:
    """Tell whose move it is; with the post it is nobody's who reads this."""
    match dossier.status:
        case Status.SUPPLEMENT_REQUIRED | Status.PAYMENT_REQUIRED:
            return "applicant"
        case Status.COMPLETED if dossier.delivery is DeliveryStatus.POSTED:
            return "another"
        case Status.COMPLETED if dossier.filed.channel is not ResultChannel.POST:
            return "applicant"
        case status:
            return "office" if waiting_for(status, dossier.step) else "nobody"


def _asked(whole: Whole) -> AskedView | None:
    asked = whole.dossier.asked
    if asked is None:
        return None
    law, words = _reason_of(whole.history, SupplementRequested.wire_name)
    unsaid = ERASED if whole.dossier.erased else ""
    known: dict[str, Names] = {
        one.code: Names(vi=one.name_vi, en=one.name_en) for one in whole.dossier.terms.components
    }
    return AskedView(
        stage=asked.stage,
        items={item: words.items.get(item, unsaid) for item in asked.items},
        names={item: known[item] for item in asked.items if item in known},
        words=words.words or unsaid,
        law=law,
        answer_by=asked.answer_by,
    )


def _reason_of(history: Sequence[DossierEvent], about: str) -> tuple[str, Words]:
    """Find the latest reason that was given for such an event."""
    for event in reversed(history):
        if isinstance(event, ReasonRecorded) and event.about == about:
            return event.law, event.personal or Words()
    return "", Words()


def _result(whole: Whole, calendar: Calendar) -> ResultView | None:
    issued = [event for event in whole.history if isinstance(event, ResultIssued)]
    if whole.view.result_file is None or not issued:
        return None
    last = issued[-1]
    return ResultView(
        file_id=last.file_id,
        number=last.number,
        outcome=last.outcome,
        sha256=last.sha256,
        issued_at=last.at,
        in_time=last.in_time,
        **in_words(whole.view.timeliness(calendar)),
        available=whole.dossier.delivery is DeliveryStatus.HANDED_OVER,
    )


def result_file(whole: Whole) -> UUID | None:
    """Give the file of the result, once it is the applicant's."""
    handed_over = whole.dossier.delivery is DeliveryStatus.HANDED_OVER
    return whole.view.result_file if handed_over else None
