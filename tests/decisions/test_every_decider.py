"""Laws that every decider of the house keeps, whatever it is asked and in whatever order.

Each command is answered or refused in two languages; answers can be written down, read and
remembered; facts are taken as they come; nothing happens twice because somebody asked twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

import pytest
from dossiers_at_hand import (
    AN,
    BINH,
    BINH_LANG,
    BY_THE_PAGE,
    CALENDAR,
    CHI,
    CLAIM,
    CODE,
    DOSSIER,
    DUNG,
    EM,
    FREE,
    LAW,
    PAID_AT_RECEIPT,
    PAID_FIRST,
    PAID_WITH_RESULT,
    RECEIVER,
    RESULT_FILE,
    SAME_DAY,
    TO_BE_POSTED,
    march,
    paper,
    submit,
)
from forms_at_hand import catalogue
from hypothesis import given as laws
from hypothesis import settings
from hypothesis import strategies as some

from chassis.decider import Decider, Refusal
from contracts.catalogue import CalendarDay
from contracts.event import Event
from contracts.identity import fee_of
from contracts.submission import Outcome, Step
from contracts.values import (
    AgencyCode,
    AppointmentId,
    Calendar,
    ComponentCode,
    DeskRole,
    DocumentId,
    OrganisationId,
    PaymentId,
    PaymentMethod,
    ResultChannel,
    SupplementClock,
)
from services.accounts import documents, officer, organisation, person
from services.catalogue import agency, calendar, publishing
from services.notification import message
from services.payment.payment import commands as pay
from services.payment.payment import decider as payment
from services.payment.payment.entries import BankSource
from services.payment.receipt import DrawnNumber
from services.submission.dossier import commands as do
from services.submission.dossier import decider as dossier
from services.submission.dossier.events import Answer

Commands = some.SearchStrategy[Any]


@dataclass(frozen=True)
class House:
    """A decider, commands to try it with, and which of them are facts; `roads` lead far."""

    decider: Decider[Any, Any, Any]
    commands: Commands
    facts: tuple[type, ...] = ()
    roads: Sequence[Sequence[Any]] = ((),)

    def journeys(self) -> some.SearchStrategy[list[Any]]:
        """Draw commands to ask in turn: anything, before and after each step of a road."""
        anything = some.lists(self.commands, max_size=2)
        return some.sampled_from(self.roads).flatmap(
            lambda road: some.tuples(
                some.lists(self.commands, max_size=8), *(self._step(anything, one) for one in road)
            ).map(lambda parts: [command for part in parts for command in part])
        )

    def _step(self, anything: some.SearchStrategy[list[Any]], step: Any) -> Any:
        return anything.map(lambda asides: [step, *asides])


# The dossier

PEOPLE = some.sampled_from([BINH, CHI, DUNG, EM, AN])
OTHERS = some.sampled_from([None, CHI, DUNG, AN])
INSTANTS = some.builds(march, some.integers(1, 70), some.integers(0, 23))
CALENDARS = some.sampled_from(
    [CALENDAR, Calendar(weekdays=frozenset({0, 5}), days_off=frozenset({date(2026, 3, 9)}))]
)
REASONS = some.builds(
    do.Reason, some.sampled_from(["", " ", "Thiếu giấy"]), some.sampled_from(["", LAW])
)
ITEMS = some.sampled_from(["giay-chung-sinh", "to-khai", "child.full_name", "không có"])
FEES = some.sampled_from([FREE, PAID_FIRST, PAID_AT_RECEIPT, PAID_WITH_RESULT, BY_THE_PAGE])
ASKED = some.dictionaries(ITEMS, some.sampled_from(["", "Mờ"]), max_size=3)
ANSWERS = some.builds(
    Answer,
    fields=some.dictionaries(ITEMS, some.sampled_from([None, "", "x"]), max_size=2),
    papers=some.lists(some.builds(paper, ITEMS), max_size=2).map(tuple),
)
BEGINNINGS = some.builds(
    submit,
    FEES,
    some.sampled_from([TO_BE_POSTED, CLAIM, CLAIM.model_copy(update={"papers": ()})]),
    level=some.sampled_from([3, 4]),
    channel=some.sampled_from(ResultChannel),
    supplement_clock=some.sampled_from(SupplementClock),
)
MONEY = some.sampled_from([8_000, 8_000, 2_000])
PAYMENTS = some.sampled_from([fee_of(DOSSIER), fee_of(DOSSIER), PaymentId(UUID(int=8))])
OUTCOMES, YES_OR_NO = some.sampled_from(Outcome), some.booleans()
ABOUT_A_DOSSIER: Commands = some.one_of(
    BEGINNINGS,
    some.builds(
        do.ReceiveDossier,
        PEOPLE,
        some.just(CODE),
        CALENDARS,
        INSTANTS,
        some.sampled_from([None, 0, 8_000]),
    ),
    some.builds(do.RefuseIntake, PEOPLE, REASONS, INSTANTS),
    some.builds(do.DecideExemption, PEOPLE, YES_OR_NO, REASONS, CALENDARS, INSTANTS),
    some.builds(do.RequestSupplement, PEOPLE, ASKED, CALENDARS, INSTANTS, REASONS, YES_OR_NO),
    some.builds(do.SupplementDossier, PEOPLE, ANSWERS, CALENDARS, INSTANTS),
    some.builds(do.ForwardDossier, PEOPLE, OTHERS, INSTANTS),
    some.builds(do.HandOverDossier, PEOPLE, OTHERS, INSTANTS, REASONS, YES_OR_NO),
    some.builds(do.FinishExamination, PEOPLE, INSTANTS, REASONS),
    some.builds(do.ProposeOutcome, PEOPLE, OUTCOMES, INSTANTS, REASONS),
    some.builds(do.ApproveOutcome, PEOPLE, INSTANTS),
    some.builds(do.SendBack, PEOPLE, some.sampled_from(Step), REASONS, INSTANTS),
    some.builds(do.ExtendDeadline, PEOPLE, INSTANTS, REASONS, CALENDARS, INSTANTS),
    some.builds(do.RecordTimePassed, CALENDARS, INSTANTS),
    some.builds(do.IssueResult, PEOPLE, some.just("12"), some.just(RESULT_FILE), INSTANTS),
    some.builds(
        do.CompleteAtDesk,
        PEOPLE,
        OUTCOMES,
        some.just("12"),
        some.just(RESULT_FILE),
        INSTANTS,
        REASONS,
    ),
    some.builds(do.RecallResult, PEOPLE, REASONS, INSTANTS),
    some.builds(do.HandOverAtDesk, PEOPLE, some.just(RECEIVER), YES_OR_NO, INSTANTS),
    some.builds(do.PostResult, PEOPLE, some.just("EB123456789VN"), INSTANTS),
    some.builds(do.ConfirmDelivery, PEOPLE, INSTANTS),
    some.builds(do.CollectResult, PEOPLE, INSTANTS),
    some.builds(do.RequestWithdrawal, PEOPLE, INSTANTS, REASONS),
    some.builds(do.CancelWithdrawal, PEOPLE, CALENDARS, INSTANTS),
    some.builds(do.DecideWithdrawal, PEOPLE, YES_OR_NO, REASONS, CALENDARS, INSTANTS),
    some.builds(do.StopProcessing, PEOPLE, REASONS, INSTANTS),
    some.builds(do.ResumeProcessing, PEOPLE, REASONS, CALENDARS, INSTANTS),
    some.builds(do.EraseDossier, some.just("ordered"), some.just("law"), INSTANTS),
    some.builds(do.RecordFeePaid, PAYMENTS, MONEY, INSTANTS),
    some.builds(do.RecordFeeWaived, PAYMENTS, INSTANTS),
)
TO_A_RESULT = (
    do.ReceiveDossier(BINH, CODE, CALENDAR, march(2, 10)),
    do.ForwardDossier(BINH, None, march(2, 11)),
    do.FinishExamination(CHI, march(3)),
    do.ProposeOutcome(CHI, Outcome.GRANTED, march(3)),
    do.ApproveOutcome(DUNG, march(4)),
    do.IssueResult(EM, "12/2026", RESULT_FILE, march(4)),
)
DOSSIERS = House(
    dossier,
    ABOUT_A_DOSSIER,
    (do.RecordTimePassed, do.RecordFeePaid, do.RecordFeeWaived),
    (
        (),
        (submit(FREE, TO_BE_POSTED, channel=ResultChannel.POST), *TO_A_RESULT),
        (submit(PAID_WITH_RESULT, level=3), *TO_A_RESULT),
        (submit(PAID_FIRST), do.RecordFeePaid(fee_of(DOSSIER), 8_000, march(2)), *TO_A_RESULT),
        (submit(PAID_AT_RECEIPT, channel=ResultChannel.ONLINE), *TO_A_RESULT),
        (submit(limit=SAME_DAY), TO_A_RESULT[0]),
        (submit(PAID_FIRST, CLAIM),),
    ),
)

# The fee

TRANSACTIONS = some.sampled_from(["MC0123456789ABCD8", "MCZYXWVTSRQPNMK3"])
ENDINGS = some.sampled_from(["refused", "withdrawn", "stopped", "lapsed"])
TIMES = some.sampled_from([march(3), march(4)])
NUMBER = DrawnNumber(year=2026, number=1, tax_code="0800123456")
OPEN = pay.OpenObligation(
    fee_of(DOSSIER), DOSSIER, AN, BINH_LANG, "NT-1", 8_000, "online", march(12), march(2)
)
WAIVE = pay.WaiveObligation(fee_of(DOSSIER), DOSSIER, AN, BINH_LANG, "NT-1", 8_000, march(2))
MONEY_COMES = some.builds(
    pay.RecordMoneyReceived,
    some.just(fee_of(DOSSIER)),
    TRANSACTIONS,
    MONEY,
    some.sampled_from([PaymentMethod.VNPAY, PaymentMethod.VIETQR]),
    some.sampled_from([BankSource.CALL, BankSource.QUERY, BankSource.STATEMENT]),
    some.sampled_from(["14226112", ""]),
    some.just(NUMBER),
    TIMES,
)
FACTS_ABOUT_A_FEE: Commands = some.one_of(
    some.sampled_from([OPEN, WAIVE]),
    some.builds(pay.CancelObligation, ENDINGS, TIMES),
    some.builds(pay.ReopenObligation, TIMES),
    MONEY_COMES,
    some.builds(pay.RecordPaymentFailed, TRANSACTIONS, some.just("24"), TIMES),
    some.builds(pay.RecordRefunded, TRANSACTIONS, TIMES),
    some.builds(pay.RecordRefundFailed, TRANSACTIONS, some.just("95"), TIMES),
)
FEE_HOUSE = House(
    payment,
    some.one_of(
        FACTS_ABOUT_A_FEE,
        some.builds(pay.StartPayment, TRANSACTIONS, some.just(PaymentMethod.VNPAY), TIMES),
        some.builds(pay.TakeCash, PEOPLE, MONEY, some.just(NUMBER), TIMES),
        some.builds(pay.ProposeRefund, PEOPLE, TRANSACTIONS, some.just("Thu nhầm"), TIMES),
        some.builds(pay.ApproveRefund, PEOPLE, TRANSACTIONS, TIMES),
        some.builds(pay.RejectRefund, PEOPLE, TRANSACTIONS, some.just("Không"), TIMES),
        some.builds(pay.PayBackByHand, PEOPLE, TRANSACTIONS, TIMES),
    ),
    (
        pay.OpenObligation,
        pay.WaiveObligation,
        pay.CancelObligation,
        pay.ReopenObligation,
        pay.RecordMoneyReceived,
        pay.RecordPaymentFailed,
        pay.RecordRefunded,
        pay.RecordRefundFailed,
    ),
    ((), (OPEN, pay.TakeCash(BINH, 8_000, NUMBER, march(3)))),
)

# Accounts

PAPER = some.just(DocumentId(UUID(int=400)))
OWNERS = some.sampled_from([AN, BINH])
DOCUMENTS = House(
    documents.decider,
    some.one_of(
        some.builds(documents.StoreDocument, PAPER, OWNERS, TIMES),
        some.builds(
            documents.GiveCopy,
            PAPER,
            OWNERS,
            some.just(DOSSIER),
            some.sampled_from([ComponentCode("a"), ComponentCode("b")]),
            TIMES,
        ),
        some.builds(documents.RevokeDocument, PAPER, OWNERS, TIMES),
        some.builds(documents.RemoveDocument, PAPER, OWNERS, TIMES),
    ),
)
APPOINTMENTS = House(
    officer.decider,
    some.one_of(
        some.builds(
            officer.Appoint,
            some.just(AppointmentId(UUID(int=401))),
            OWNERS,
            OWNERS,
            some.sampled_from([frozenset({"staff"}), frozenset({"citizen"})]),
            some.just(AgencyCode("H23.40.09")),
            some.just(frozenset({DeskRole.INTAKE, DeskRole.CLERK})),
            TIMES,
        ),
        some.builds(officer.Relieve, TIMES),
    ),
)
DETAILS = some.builds(
    person.PersonalDetails,
    full_name=some.sampled_from(["Nguyễn Văn An", "Trần Thị Bình"]),
    email=some.just("an@example.vn"),
)
KINDS = some.sampled_from(["citizen", "staff", "administrator", "auditor"])
PERSONS = House(
    person.decider,
    some.one_of(
        some.builds(person.Register, some.just(AN), KINDS, DETAILS, YES_OR_NO, TIMES),
        some.builds(person.GrantKind, KINDS, TIMES),
        some.builds(person.RecordAddressProven, TIMES),
        some.builds(person.CorrectDetails, DETAILS, TIMES),
        some.builds(person.ForgetPerson, some.just("ordered"), some.just("law"), TIMES),
    ),
    (person.RecordAddressProven,),
)
PARTICULARS = some.builds(
    organisation.OrganisationParticulars,
    name=some.sampled_from(["Công ty A", "Công ty B"]),
    tax_code=some.sampled_from(["0800123456", "0800654321"]),
)
ORGANISATIONS = House(
    organisation.decider,
    some.one_of(
        some.builds(
            organisation.RegisterOrganisation,
            some.just(OrganisationId(UUID(int=402))),
            OWNERS,
            PARTICULARS,
            TIMES,
        ),
        some.builds(organisation.CorrectParticulars, OWNERS, PARTICULARS, TIMES),
    ),
)

# Catalogue

AGENCIES = House(
    agency.decider,
    some.one_of(
        some.builds(
            agency.RegisterAgency, some.sampled_from(list(catalogue().agencies)[:3]), TIMES
        ),
        some.builds(
            agency.SucceedAgency,
            some.sampled_from([each.code for each in list(catalogue().agencies)[:3]]),
            some.just(date(2026, 7, 1)),
            TIMES,
        ),
    ),
)
PROCEDURES = House(
    publishing.decider,
    some.one_of(
        some.builds(
            publishing.PublishProcedure,
            some.sampled_from(list(catalogue().procedures)[:3]),
            TIMES,
        ),
        some.builds(publishing.SetFee, some.sampled_from([0, 8_000]), TIMES),
        some.builds(publishing.WithdrawProcedure, TIMES),
    ),
)
DAYS = some.builds(
    CalendarDay,
    date=some.sampled_from([date(2026, 9, 2), date(2026, 9, 1), date(2027, 1, 1)]),
    working=YES_OR_NO,
    kind=some.just("holiday"),
    name_vi=some.just("Quốc khánh"),
    name_en=some.just("National Day"),
)
YEARS = House(
    calendar.decider,
    some.builds(
        calendar.DeclareHolidays,
        some.just(2026),
        some.lists(DAYS, max_size=3).map(tuple),
        TIMES,
    ),
)

# Messages

CAUSE = UUID(int=403)
MESSAGES = House(
    message.decider,
    some.one_of(
        some.builds(
            message.WriteMessage,
            some.builds(
                message.MessageWritten,
                message_id=some.just(message.message_id(CAUSE, AN, "mail")),
                person_id=some.just(AN),
                dossier_id=some.just(DOSSIER),
                about=some.just("submission.dossier-received.v1"),
                cause=some.just(CAUSE),
                channel=some.sampled_from(["mail", "inbox"]),
                words=some.just(
                    message.Words(subject_vi="a", text_vi="b", subject_en="c", text_en="d")
                ),
                happened_at=TIMES,
                at=TIMES,
            ),
        ),
        some.builds(message.RecordSent, TIMES),
        some.builds(message.OpenMessage, TIMES),
        some.builds(message.RecordFailure, some.just("refused by the server"), TIMES),
    ),
    (message.RecordSent, message.RecordFailure),
)

HOUSES = [
    DOSSIERS,
    FEE_HOUSE,
    DOCUMENTS,
    APPOINTMENTS,
    PERSONS,
    ORGANISATIONS,
    AGENCIES,
    PROCEDURES,
    YEARS,
    MESSAGES,
]
every_house = pytest.mark.parametrize("house", HOUSES, ids=lambda each: each.decider.category)


@every_house
@settings(max_examples=60)
@laws(some.data())
def test_every_command_is_answered_or_refused_and_never_twice_the_same(
    house: House, data: some.DataObject
) -> None:
    state = house.decider.initial
    for command in data.draw(house.journeys()):
        events = answered(house, command, state)
        state = remembered(house, events, state)
        if events:
            assert answered(house, command, state) == []


@laws(DOSSIERS.journeys())
def test_nothing_personal_is_needed_to_decide_about_a_dossier(commands: list[Any]) -> None:
    known = forgotten = dossier.initial
    for command in commands:
        for event in answered(DOSSIERS, command, known):
            known = dossier.evolve(known, event)
            bare = {"personal": None} if hasattr(event, "personal") else {}
            forgotten = dossier.evolve(forgotten, event.model_copy(update=bare))
    assert forgotten == known


def test_every_refusal_has_its_sentence_in_two_languages() -> None:
    refusals = list(refusals_of_the_house())
    assert len(refusals) > 50
    for refusal in refusals:
        vietnamese, english = refusal.sentences()
        assert vietnamese.endswith(".") and english.endswith("."), refusal
        assert vietnamese != english
        assert refusal.status in (403, 404, 409, 422)


def refusals_of_the_house() -> Iterator[type[Refusal]]:
    """Find every refusal that is written beside one of the deciders."""
    homes = tuple({house.decider.decide.__module__.rpartition(".")[0] for house in HOUSES})
    pending = list(Refusal.__subclasses__())
    while pending:
        refusal = pending.pop()
        pending += refusal.__subclasses__()
        if refusal.__module__.startswith(homes):
            yield refusal


def answered(house: House, command: object, state: object) -> list[Any]:
    """Give the answer; a refusal is none, and no fact about something there is refused."""
    try:
        return house.decider.decide(command, state)
    except Refusal as refused:
        assert all(refused.sentences())
        if isinstance(command, house.facts):
            assert refused.status == 404
            assert state == house.decider.initial or getattr(state, "forgotten", False)
        return []


def remembered(house: House, events: Sequence[Event], state: Any) -> Any:
    """Write the answer down, read it again, and remember it."""
    for event in events:
        assert type(event) in house.decider.events
        assert type(event).model_validate_json(event.model_dump_json()) == event
    return reduce(house.decider.evolve, events, state)
