"""A dossier for stories: its people, its procedure, March 2026 in Bình Lãng, and how it came there.

An hands in; Bình receives; Chi examines; Dũng approves; Em signs and hands over; Hoa stands by.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import reduce
from typing import Any
from uuid import UUID

from contracts.submission import Outcome
from contracts.values import (
    AgencyCode,
    AgencyName,
    Calendar,
    Component,
    ComponentCode,
    ComponentKind,
    DossierCode,
    DossierId,
    FeeRule,
    FeeTiming,
    FileId,
    LimitUnit,
    PersonId,
    ProcedureKey,
    ResultChannel,
    Terms,
    TimeLimit,
)
from services.submission.dossier import Dossier, DossierCommand, DossierEvent, decider
from services.submission.dossier import commands as do
from services.submission.dossier.events import Answer, DeliveryAddress, Filing, Paper, Receiver


def march(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Give an instant of March 2026 by the clock on the wall in Bình Lãng; the 2nd is a Monday."""
    there = timezone(timedelta(hours=7))
    return (datetime(2026, 3, 1, hour, minute, tzinfo=there) + timedelta(days=day - 1)).astimezone(
        UTC
    )


def person(number: int) -> PersonId:
    return PersonId(UUID(int=number))


AN, BINH, CHI, DUNG, EM, HOA = (person(number) for number in range(1, 7))
DOSSIER = DossierId(UUID(int=100))
REFERENCE = "NT-260302-7K2M9Q4T1X"
CODE = DossierCode("H23.40.09-260302-0001")
CALENDAR = Calendar()
BINH_LANG = AgencyName(
    code=AgencyCode("H23.40.09"),
    name_vi="UBND xã Bình Lãng",
    name_en="Binh Lang Commune People's Committee",
)
LAW = "Luật Hộ tịch 2014 Điều 15"
REASON = do.Reason("Giấy chứng sinh bị mờ", LAW)
WORDS_ONLY = do.Reason("Giấy chứng sinh bị mờ")
NO_REASON = do.Reason()


def component(code: str, kind: ComponentKind, *forms: str, required: bool = True) -> Component:
    return Component(
        code=ComponentCode(code),
        name_vi=code,
        name_en=code,
        required=required,
        kind=kind,
        forms=forms,
    )


FORM = component("to-khai", ComponentKind.FORM, "TKDKKS")
BIRTH_PAPER = component("giay-chung-sinh", ComponentKind.ORIGINAL)
MANDATE = component("uy-quyen", ComponentKind.ORIGINAL, required=False)

FREE = FeeRule(amount=0)
NOT_SET = FeeRule(amount=None)
PAID_FIRST = FeeRule(amount=8_000)
PAID_AT_RECEIPT = FeeRule(amount=8_000, timing=FeeTiming.RECEIPT)
PAID_WITH_RESULT = FeeRule(amount=8_000, timing=FeeTiming.RESULT)
BY_THE_PAGE = FeeRule(amount=2_000, per_page=True)

FIVE_WORKING_DAYS = TimeLimit(value=5, unit=LimitUnit.WORKING_DAY)
SAME_DAY = TimeLimit(value=1, unit=LimitUnit.SAME_DAY)


def terms(fee: FeeRule = FREE, **changes: Any) -> Terms:
    return Terms(
        procedure=ProcedureKey("dang-ky-khai-sinh"),
        procedure_code="1.001193",
        procedure_version=1,
        name_vi="Đăng ký khai sinh",
        name_en="Birth registration",
        level=4,
        receiving=BINH_LANG,
        competent=BINH_LANG,
        limit=FIVE_WORKING_DAYS,
        fee=fee,
        components=(FORM, BIRTH_PAPER, MANDATE),
        channels=tuple(ResultChannel),
        law=(LAW,),
    ).model_copy(update=changes)


def paper(code: str = "giay-chung-sinh", number: int = 200, **changes: Any) -> Paper:
    return Paper(
        file_id=FileId(UUID(int=number)),
        component=code,
        name=f"{code}.pdf",
        media_type="application/pdf",
        size=1_000,
        sha256="ab" * 32,
        source="upload",
        scan="clean",
    ).model_copy(update=changes)


RESULT_FILE = paper("", 300, name="ket-qua.pdf", source="officer")
VALUES = {"child": {"full_name": "Nguyễn Văn Bé"}}
FILING = Filing(form="TKDKKS", values=VALUES, papers=(paper(),))
ADDRESS = DeliveryAddress(
    recipient="Nguyễn Văn An",
    phone="0912345678",
    detail="Thôn 2",
    commune="Xã Bình Lãng",
    province="Thành phố Hải Phòng",
)
RECEIVER = Receiver(name="Nguyễn Văn An", id_number="030090000001")


def submit(fee: FeeRule = FREE, filing: Filing = FILING, **changes: Any) -> do.SubmitDossier:
    """An hands in on Monday the 2nd at nine."""
    channel = changes.pop("channel", ResultChannel.DESK)
    return do.SubmitDossier(
        dossier_id=DOSSIER,
        reference=REFERENCE,
        applicant=AN,
        submitter=AN,
        terms=terms(fee, **changes),
        filing=filing,
        channel=channel,
        calendar=CALENDAR,
        at=march(2),
    )


CLAIM = FILING.model_copy(update={"exemption": "Hộ nghèo"})
TO_BE_POSTED = FILING.model_copy(update={"address": ADDRESS})
SUBMIT = submit()
RECEIVE = do.ReceiveDossier(BINH, CODE, CALENDAR, march(2, 10))
FORWARD = do.ForwardDossier(BINH, None, march(2, 11))
FORWARD_TO_CHI = replace(FORWARD, to_officer=CHI)
EXAMINE = do.FinishExamination(CHI, march(3))
PROPOSE = do.ProposeOutcome(CHI, Outcome.GRANTED, march(3, 10))
APPROVE = do.ApproveOutcome(DUNG, march(4))
ISSUE = do.IssueResult(EM, "12/2026", RESULT_FILE, march(4, 10))
ASK = do.RequestSupplement(
    BINH, {"giay-chung-sinh": "Ảnh mờ, không đọc được"}, CALENDAR, march(2, 11)
)
ASK_LATER = replace(ASK, officer=CHI, at=march(4))
GIVE = do.SupplementDossier(AN, Answer(papers=(paper(number=201),)), CALENDAR, march(5))
WITHDRAW = do.RequestWithdrawal(AN, march(3))
STOP = do.StopProcessing(DUNG, REASON, march(3))
HAND_OVER = do.HandOverAtDesk(EM, RECEIVER, True, march(5))
POST = do.PostResult(EM, "EB123456789VN", march(5))
COLLECT = do.CollectResult(AN, march(5))

TO_THE_SPECIALISTS = (SUBMIT, RECEIVE, FORWARD)
TO_APPROVAL = (*TO_THE_SPECIALISTS, EXAMINE, PROPOSE)
TO_SIGNING = (*TO_APPROVAL, APPROVE)


def issued(begin: do.SubmitDossier = SUBMIT) -> tuple[DossierCommand, ...]:
    """Bring a dossier that was begun in this way to its result."""
    return (begin, *TO_SIGNING[1:], ISSUE)


def lived(*commands: DossierCommand) -> tuple[DossierEvent, ...]:
    """Give the history that these commands lead to."""
    history: list[DossierEvent] = []
    for command in commands:
        history += decider.decide(command, state(*history))
    return tuple(history)


def state(*history: DossierEvent) -> Dossier:
    return reduce(decider.evolve, history, decider.initial)


def after(*commands: DossierCommand) -> Dossier:
    """Give what is remembered of a dossier these commands were asked of."""
    return state(*lived(*commands))


def kinds(events: Sequence[DossierEvent]) -> list[str]:
    return [type(event).__name__ for event in events]
