"""Who is told what: no event goes undecided, every sentence is whole in both languages, each
message is written, sent and opened once.
"""

import inspect
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any, Literal
from uuid import UUID, uuid5

import pytest

from chassis.testing import Spec
from contracts import payment, submission
from contracts.event import Event
from contracts.notification import (
    Channel,
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
)
from contracts.submission import Outcome, Stage
from contracts.values import (
    AgencyCode,
    AgencyName,
    DeskRole,
    DossierCode,
    DossierId,
    FeeRule,
    FileId,
    LimitUnit,
    MessageId,
    PaymentId,
    PersonId,
    ProcedureKey,
    ResultChannel,
    Status,
    Terms,
    TimeLimit,
)
from services.notification.message import Message as MessageState
from services.notification.message import (
    MessageCommand,
    MessageEvent,
    MessageWritten,
    NoSuchMessage,
    OpenMessage,
    RecordFailure,
    RecordSent,
    Words,
    WriteMessage,
    decider,
)
from services.notification.telling import SILENT, TOLD, KnownDossier, Told, messages, words_of
from services.notification.words import WORDS

given = Spec[MessageCommand, MessageState, MessageEvent](decider)


@pytest.mark.parametrize("publisher", [submission, payment])
def test_every_event_of_a_dossier_or_its_fee_is_told_or_silent(publisher: ModuleType) -> None:
    for event in events_of(publisher):
        assert (event in TOLD) != (event in SILENT), event.__name__


def test_every_sentence_is_said_when_its_event_happens_and_none_is_left_over() -> None:
    said = {words_of(event, BY_CHANNEL[channel]).subject_en for channel, event in happenings()}
    assert {type(event) for _, event in happenings()} == set(TOLD)
    assert len({words_of(event, BY_CHANNEL[c]).text_vi for c, event in happenings()}) == len(WORDS)
    assert all("H01-2026-7" in subject for subject in said)


def test_no_sentence_has_a_gap_and_each_is_in_its_language() -> None:
    for channel, event in happenings():
        words = words_of(event, BY_CHANNEL[channel])
        for text in words.model_dump().values():
            assert not re.search(r"[{}]|None|datetime|\.v1|  ", text), text
        assert words.text_en.isascii() and words.subject_en.isascii()
        assert not words.text_vi.isascii() and not words.subject_vi.isascii()
        assert "Khai sinh" in words.text_vi and "Birth" in words.text_en


def test_instants_are_told_in_local_time_and_money_in_dong() -> None:
    words = words_of(fee("online"), BY_CHANNEL[ResultChannel.DESK])
    assert "8.000 đồng" in words.text_vi and "trước 06:30 ngày 02/09/2026" in words.text_vi
    assert "VND 8,000" in words.text_en and "before 06:30 on 2 September 2026" in words.text_en


def test_applicant_submitter_and_payer_are_told_once_each_by_each_channel() -> None:
    known = BY_CHANNEL[ResultChannel.DESK]
    told = messages(fee("desk"), EVENT, known, NOON)
    assert [(m.person_id, m.channel) for m in told] == [
        (person, channel) for person in (AN, BINH, CHI) for channel in ("inbox", "mail")
    ]
    own = replace(known, submitter=AN)
    assert {m.person_id for m in messages(REFUSED, EVENT, own, NOON)} == {AN}


def test_the_same_event_makes_the_same_messages_and_another_event_others() -> None:
    known = BY_CHANNEL[ResultChannel.DESK]
    once, again = (messages(REFUSED, EVENT, known, at) for at in (NOON, LATER))
    other = messages(REFUSED, OTHER_EVENT, known, NOON)
    assert ids(once) == ids(again) and not ids(once) & ids(other)
    assert len(ids(once)) == len(once)


def test_that_a_dossier_is_being_processed_is_news_once() -> None:
    known = BY_CHANNEL[ResultChannel.DESK]
    first = messages(FORWARDED, EVENT, known, NOON)
    assert ids(first) == ids(messages(FORWARDED, OTHER_EVENT, known, LATER))


def test_a_message_in_the_inbox_is_there_at_once() -> None:
    inbox = written("inbox")
    given().when(WriteMessage(inbox)).then(inbox, sent("inbox", NOON))


def test_a_mail_is_sent_when_the_relay_took_it() -> None:
    given().when(WriteMessage(written("mail"))).then(written("mail"))
    given(written("mail")).when(RecordSent(LATER)).then(sent("mail", LATER))


def test_a_message_is_written_and_sent_once() -> None:
    given(written("mail")).when(WriteMessage(written("mail"))).then()
    given(written("mail"), sent("mail", NOON)).when(RecordSent(LATER)).then()
    given(written("mail"), sent("mail", NOON)).when(RecordFailure("not-in-time", LATER)).then()


def test_a_mail_that_did_not_arrive_says_why() -> None:
    failed = NotificationFailed(**facts("mail"), cause="no-verified-address", at=LATER)
    given(written("mail")).when(RecordFailure("no-verified-address", LATER)).then(failed)
    given(written("mail"), failed).when(RecordSent(LATER)).then()


def test_a_message_is_opened_once() -> None:
    before = (written("inbox"), sent("inbox", NOON))
    opened = NotificationDelivered(**facts("inbox"), at=LATER)
    given(*before).when(OpenMessage(LATER)).then(opened)
    given(*before, opened).when(OpenMessage(LATER)).then()


def test_what_was_never_written_cannot_be_opened() -> None:
    given().when(OpenMessage(NOON)).then_refused(NoSuchMessage)


def events_of(publisher: ModuleType) -> list[type[Event]]:
    found = [value for _, value in inspect.getmembers(publisher, inspect.isclass)]
    return [value for value in found if issubclass(value, Event) and value is not Event]


def ids(told: Sequence[MessageWritten]) -> set[MessageId]:
    return {message.message_id for message in told}


EVENT, OTHER_EVENT = UUID(int=1), UUID(int=2)
DOSSIER, PAYMENT = DossierId(UUID(int=3)), PaymentId(UUID(int=4))
AN, BINH, CHI, OFFICER = (PersonId(UUID(int=n)) for n in (5, 6, 7, 8))
NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
DUE = datetime(2026, 9, 1, 23, 30, tzinfo=UTC)
AGENCY = AgencyName(code=AgencyCode("H01"), name_vi="UBND xã", name_en="Commune office")
TERMS = Terms(
    procedure=ProcedureKey("khai-sinh"),
    procedure_code=None,
    procedure_version=1,
    name_vi="Khai sinh",
    name_en="Birth registration",
    level=4,
    receiving=AGENCY,
    competent=AGENCY,
    limit=TimeLimit(value=1, unit=LimitUnit.SAME_DAY),
    fee=FeeRule(amount=8000),
    components=(),
    channels=tuple(ResultChannel),
)
BY_CHANNEL = {
    channel: KnownDossier(
        DOSSIER,
        "H01-2026-7",
        None,
        AN,
        BINH,
        "Khai sinh",
        "Birth registration",
        "UBND xã",
        "Commune office",
        channel,
    )
    for channel in ResultChannel
}
ABOUT: dict[str, Any] = {"dossier_id": DOSSIER, "at": NOON}
BY_OFFICER: dict[str, Any] = {**ABOUT, "officer": OFFICER}
OF_FEE: dict[str, Any] = {**ABOUT, "payment_id": PAYMENT}
AT_BANK: dict[str, Any] = {**OF_FEE, "transaction": "MC1"}
ISSUED: dict[str, Any] = {
    **BY_OFFICER,
    "outcome": Outcome.GRANTED,
    "number": "12/QD",
    "file_id": FileId(UUID(int=9)),
    "sha256": "00",
    "in_time": True,
}
CODE = DossierCode("H01-2026-7")
WORDING = Words(subject_vi="Xin chào", text_vi="Chào", subject_en="Hello", text_en="Hi")
REFUSED = submission.IntakeRefused(**BY_OFFICER)
FORWARDED = submission.DossierForwarded(**BY_OFFICER, to_officer=None, to_role=DeskRole.SPECIALIST)
SUBMITTED = submission.DossierSubmitted(
    **ABOUT,
    reference="H01-2026-7",
    applicant=AN,
    submitter=BINH,
    terms=TERMS,
    attached=(),
    channel=ResultChannel.DESK,
)


def fee(where: Literal["online", "desk"]) -> submission.FeeRequired:
    pay_by = DUE if where == "online" else None
    return submission.FeeRequired(
        **OF_FEE,
        payer=CHI,
        agency=AGENCY,
        reference="H01-2026-7",
        amount=8000,
        where=where,
        pay_by=pay_by,
    )


def supplemented(due: datetime | None) -> submission.DossierSupplemented:
    return submission.DossierSupplemented(**ABOUT, items=("id",), round=1, due=due)


def decided(accepted: bool) -> submission.WithdrawalDecided:
    return submission.WithdrawalDecided(
        **BY_OFFICER, accepted=accepted, to=Status.STOPPED, due=None
    )


def lapsed(waited_for: Literal["supplement", "payment"]) -> submission.DossierLapsed:
    return submission.DossierLapsed(**ABOUT, waited_for=waited_for, to=Status.REFUSED)


def happenings() -> list[tuple[ResultChannel, Told]]:
    """Everything that people are told of, in each of its kinds."""
    anywhere: list[Told] = [
        SUBMITTED,
        REFUSED,
        submission.SupplementRequested(
            **BY_OFFICER, stage=Stage.INTAKE, items=("id",), round=1, answer_by=DUE
        ),
        supplemented(None),
        supplemented(DUE),
        submission.DossierReceived(**BY_OFFICER, code=CODE, due=DUE),
        fee("online"),
        fee("desk"),
        submission.ExemptionGranted(
            **OF_FEE,
            payer=CHI,
            agency=AGENCY,
            reference="H01-2026-7",
            amount=8000,
            basis="Law 97/2015",
            officer=OFFICER,
        ),
        submission.FeeSettled(**OF_FEE, amount=8000),
        FORWARDED,
        submission.DeadlineMissed(**ABOUT, agency=AGENCY.code, due=DUE),
        submission.DeadlineExtended(**BY_OFFICER, previous=NOON, due=DUE),
        submission.WithdrawalRequested(**ABOUT),
        decided(True),
        decided(False),
        submission.ProcessingStopped(**BY_OFFICER, law=""),
        submission.ProcessingStopped(**BY_OFFICER, law="Decree 61/2018"),
        submission.ProcessingResumed(**BY_OFFICER, due=DUE),
        submission.ResultRecalled(**BY_OFFICER),
        submission.ResultPosted(**BY_OFFICER, tracking="EB123"),
        *(submission.ResultHandedOver(**BY_OFFICER, channel=c) for c in ResultChannel),
        lapsed("supplement"),
        lapsed("payment"),
        payment.PaymentFailed(**AT_BANK, code="24"),
        payment.ReceiptIssued(
            **OF_FEE, payer=CHI, agency=AGENCY.code, number="H01-26-1", amount=8000
        ),
        payment.RefundApproved(**AT_BANK, officer=OFFICER),
        payment.FeeRefunded(**AT_BANK, amount=8000),
    ]
    issued = [(channel, submission.ResultIssued(**ISSUED)) for channel in ResultChannel]
    return [*((ResultChannel.DESK, event) for event in anywhere), *issued]


def facts(channel: Channel) -> dict[str, Any]:
    return {
        "message_id": MessageId(uuid5(EVENT, channel)),
        "person_id": AN,
        "dossier_id": DOSSIER,
        "about": REFUSED.wire_name,
        "channel": channel,
    }


def written(channel: Channel) -> MessageWritten:
    return MessageWritten(**facts(channel), cause=EVENT, words=WORDING, happened_at=NOON, at=NOON)


def sent(channel: Channel, at: datetime) -> NotificationSent:
    return NotificationSent(**facts(channel), at=at)
