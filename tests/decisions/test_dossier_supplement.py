"""Stories of supplements: asked once and completely, given wholly, and the clock counted anew."""

from dataclasses import replace

import pytest
from dossiers_at_hand import (
    AN,
    APPROVE,
    ASK,
    ASK_LATER,
    BINH,
    BIRTH_PAPER,
    CHI,
    DOSSIER,
    DUNG,
    EXAMINE,
    FILING,
    FORWARD,
    FORWARD_TO_CHI,
    GIVE,
    HOA,
    LAW,
    PROPOSE,
    REASON,
    RECEIVE,
    SUBMIT,
    TO_APPROVAL,
    TO_THE_SPECIALISTS,
    after,
    lived,
    march,
    paper,
    submit,
)

from chassis.testing import Spec
from contracts.submission import DossierSupplemented, Stage, SupplementRequested
from contracts.values import LimitUnit, Status, SupplementClock, TimeLimit
from services.submission.dossier import commands as do
from services.submission.dossier import decider
from services.submission.dossier.events import Answer, ReasonRecorded, SupplementAnswered, Words
from services.submission.dossier.refusals import (
    AssignedToAnother,
    ItemsMissing,
    NotAskedFor,
    NothingAskedFor,
    NotPossibleNow,
    NotYourDossier,
    OwnDossier,
    ReasonMissing,
    SecondRequest,
    TooLateToAsk,
    UnknownItem,
)

given = Spec(decider)

FIELDS = {"child.full_name": "Thiếu họ", "witnesses.2.id_number": "Sai số", "child": "Xem lại"}


# Asking at intake


def test_the_desk_asks_item_by_item_and_names_the_last_day() -> None:
    given(*lived(SUBMIT)).when(ASK).then(
        ReasonRecorded(
            about="submission.supplement-requested.v1",
            personal=Words(items={"giay-chung-sinh": "Ảnh mờ, không đọc được"}),
        ),
        ASKED_AT_INTAKE,
    )
    assert after(SUBMIT, ASK).status is Status.SUPPLEMENT_REQUIRED


def test_fields_of_the_form_may_be_asked_for_and_the_form_itself() -> None:
    items = {**FIELDS, "to-khai": "Khai lại"}
    given(*lived(SUBMIT)).when(replace(ASK, items=items)).then_kinds(
        ReasonRecorded, SupplementRequested
    )


def test_something_has_to_be_asked_for() -> None:
    given(*lived(SUBMIT)).when(replace(ASK, items={})).then_refused(NothingAskedFor)


@pytest.mark.parametrize("item", ["Giấy khác", "child..name", "child.", "a.12345.b", "a\n"])
def test_what_the_procedure_does_not_have_is_not_asked_for(item: str) -> None:
    given(*lived(SUBMIT)).when(replace(ASK, items={item: "Cần"})).then_refused(UnknownItem, item)


def test_without_a_form_no_field_is_asked_for() -> None:
    bare = submit(filing=FILING.model_copy(update={"form": None}), components=(BIRTH_PAPER,))
    given(*lived(bare)).when(replace(ASK, items=FIELDS)).then_refused(UnknownItem, *FIELDS)


def test_each_item_has_its_reason_or_all_have_one() -> None:
    wordless = replace(ASK, items={"giay-chung-sinh": " "})
    given(*lived(SUBMIT)).when(wordless).then_refused(ReasonMissing, "giay-chung-sinh")
    given(*lived(SUBMIT)).when(replace(wordless, reason=REASON)).then_kinds(
        ReasonRecorded, SupplementRequested
    )


def test_nobody_asks_on_their_own_dossier() -> None:
    given(*lived(SUBMIT)).when(replace(ASK, officer=AN)).then_refused(OwnDossier)


def test_the_desk_asks_once_and_then_an_approver_has_to() -> None:
    again = replace(ASK, at=march(5, 10))
    given(*lived(SUBMIT, ASK, GIVE)).when(again).then_refused(SecondRequest)
    second = replace(again, officer=DUNG, as_approver=True)
    asked = given(*lived(SUBMIT, ASK, GIVE)).when(second).decided()[-1]
    assert isinstance(asked, SupplementRequested)
    assert asked.round == 2


def test_a_request_at_intake_does_not_use_up_the_one_in_examination() -> None:
    received_later = (replace(RECEIVE, at=march(5, 10)), replace(FORWARD, at=march(5, 11)))
    given(*lived(SUBMIT, ASK, GIVE, *received_later)).when(
        replace(ASK_LATER, at=march(6))
    ).then_kinds(ReasonRecorded, SupplementRequested)


def test_nothing_is_asked_while_an_answer_is_awaited() -> None:
    given(*lived(SUBMIT, ASK)).when(ASK).then_refused(NotPossibleNow, "SUPPLEMENT_REQUIRED")


# Asking in examination


def test_a_specialist_asks_and_the_clock_stands() -> None:
    given(*lived(*TO_THE_SPECIALISTS)).when(ASK_LATER).then_kinds(
        ReasonRecorded, SupplementRequested
    )
    assert after(*TO_THE_SPECIALISTS, ASK_LATER).clock.stopped_at == march(4)


def test_only_who_has_the_dossier_asks_or_an_approver() -> None:
    with_chi = lived(SUBMIT, RECEIVE, FORWARD_TO_CHI)
    given(*with_chi).when(replace(ASK_LATER, officer=HOA)).then_refused(AssignedToAnother)
    given(*with_chi).when(ASK_LATER).then_kinds(ReasonRecorded, SupplementRequested)
    given(*with_chi).when(replace(ASK_LATER, officer=DUNG, as_approver=True)).then_kinds(
        ReasonRecorded, SupplementRequested
    )


def test_three_working_days_after_intake_it_is_too_late_to_ask() -> None:
    last_moment, too_late = march(5, 23, 59), march(6, 0)
    specialists = lived(*TO_THE_SPECIALISTS)
    given(*specialists).when(replace(ASK_LATER, at=last_moment)).then_kinds(
        ReasonRecorded, SupplementRequested
    )
    given(*specialists).when(replace(ASK_LATER, at=too_late)).then_refused(TooLateToAsk)


def test_unless_a_law_gives_longer() -> None:
    by_law = replace(ASK_LATER, at=march(9), reason=do.Reason(law=LAW))
    given(*lived(*TO_THE_SPECIALISTS)).when(by_law).then_kinds(ReasonRecorded, SupplementRequested)


def test_nothing_is_asked_once_an_outcome_is_proposed() -> None:
    given(*lived(*TO_APPROVAL)).when(ASK_LATER).then_refused(NotPossibleNow, "approve")
    given(*lived(*TO_APPROVAL, APPROVE)).when(ASK_LATER).then_refused(NotPossibleNow, "sign")


# Giving


def test_everything_asked_for_leads_back_to_intake() -> None:
    given(*lived(SUBMIT, ASK)).when(GIVE).then(
        SupplementAnswered(personal=GIVE.answer), GIVEN_AT_INTAKE
    )


def test_the_time_limit_is_counted_anew_from_the_day_everything_was_there() -> None:
    supplemented = given(*lived(*TO_THE_SPECIALISTS, ASK_LATER)).when(GIVE).decided()[-1]
    assert isinstance(supplemented, DossierSupplemented)
    assert (supplemented.due, supplemented.to) == (march(12, 17, 30), Status.PROCESSING)
    clock = after(*TO_THE_SPECIALISTS, ASK_LATER, GIVE).clock
    assert (clock.due, clock.since, clock.stopped_at) == (march(12, 17, 30), march(5), None)


def test_where_sector_law_pauses_the_limit_what_was_left_is_left() -> None:
    paused = submit(supplement_clock=SupplementClock.PAUSE)
    supplemented = lived(paused, RECEIVE, FORWARD, ASK_LATER, GIVE)[-1]
    assert isinstance(supplemented, DossierSupplemented)
    assert supplemented.due == march(10, 17, 30)


def test_examination_begins_again_after_a_supplement() -> None:
    proposing = (*TO_THE_SPECIALISTS, EXAMINE, ASK_LATER, GIVE)
    given(*lived(*proposing)).when(replace(PROPOSE, at=march(5, 11))).then_refused(
        NotPossibleNow, "examine"
    )
    given(*lived(*proposing)).when(replace(EXAMINE, at=march(5, 11))).then_kinds(
        type(lived(*TO_THE_SPECIALISTS, EXAMINE)[-1])
    )


def test_new_values_answer_for_fields() -> None:
    asked = replace(ASK, items=FIELDS)
    answer = Answer(fields={item: {"new": 1} for item in FIELDS})
    given(*lived(SUBMIT, asked)).when(replace(GIVE, answer=answer)).then_kinds(
        SupplementAnswered, DossierSupplemented
    )


def test_a_form_is_answered_by_its_values_or_as_a_paper() -> None:
    asked = lived(SUBMIT, replace(ASK, items={"to-khai": "Khai lại"}))
    for answer in (Answer(fields={"to-khai": {}}), Answer(papers=(paper("to-khai"),))):
        given(*asked).when(replace(GIVE, answer=answer)).then_kinds(
            SupplementAnswered, DossierSupplemented
        )


@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        Answer(fields={"giay-chung-sinh": "Nội dung"}),
        Answer(fields={"child.full_name": ""}, papers=(paper(),)),
        Answer(fields={"child.full_name": None}, papers=(paper(),)),
    ],
)
def test_nothing_asked_for_may_be_left_out(answer: Answer) -> None:
    asked = replace(ASK, items={**ASK.items, "child.full_name": "Thiếu họ"})
    given(*lived(SUBMIT, asked)).when(replace(GIVE, answer=answer)).then_refused(ItemsMissing)


def test_nothing_else_may_be_slipped_in() -> None:
    more = Answer(fields={"child.gender": "male"}, papers=(paper(), paper("uy-quyen", 202)))
    given(*lived(SUBMIT, ASK)).when(replace(GIVE, answer=more)).then_refused(
        NotAskedFor, "child.gender", "uy-quyen"
    )


def test_only_whose_dossier_it_is_gives() -> None:
    given(*lived(SUBMIT, ASK)).when(replace(GIVE, person=HOA)).then_refused(NotYourDossier)


def test_nothing_is_given_that_nobody_asked_for() -> None:
    given(*lived(SUBMIT)).when(GIVE).then_refused(NotPossibleNow, "SUBMITTED")


def test_an_answer_after_the_last_day_counts_while_the_dossier_waits() -> None:
    late = replace(GIVE, at=march(31, 20))
    assert after(SUBMIT, replace(ASK, at=march(1)), late).status is Status.SUBMITTED


def test_a_limit_in_hours_is_counted_anew_too() -> None:
    hours = submit(limit=TimeLimit(value=16, unit=LimitUnit.WORKING_HOUR))
    supplemented = lived(hours, RECEIVE, FORWARD, replace(ASK_LATER, at=march(3)), GIVE)[-1]
    assert isinstance(supplemented, DossierSupplemented)
    assert supplemented.due == march(9, 9)


ASKED_AT_INTAKE = SupplementRequested(
    dossier_id=DOSSIER,
    officer=BINH,
    stage=Stage.INTAKE,
    items=("giay-chung-sinh",),
    round=1,
    answer_by=march(32, 17, 30),
    at=march(2, 11),
)
GIVEN_AT_INTAKE = DossierSupplemented(
    dossier_id=DOSSIER,
    items=("giay-chung-sinh",),
    round=1,
    due=None,
    to=Status.SUBMITTED,
    at=march(5),
)
assert ASK_LATER.officer == CHI
