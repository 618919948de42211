"""Stories of deadlines: extended once, spoken of once, and waiting that comes to an end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dossiers_at_hand import (
    AN,
    APPROVE,
    ASK,
    ASK_LATER,
    BINH_LANG,
    CALENDAR,
    DOSSIER,
    DUNG,
    FORWARD,
    GIVE,
    LAW,
    NO_REASON,
    PAID_FIRST,
    REASON,
    RECEIVE,
    SAME_DAY,
    SUBMIT,
    TO_SIGNING,
    WITHDRAW,
    after,
    issued,
    lived,
    march,
    submit,
)

from chassis.testing import Spec
from contracts.submission import (
    DeadlineApproaching,
    DeadlineExtended,
    DeadlineMissed,
    DossierLapsed,
)
from contracts.values import PaymentStatus, Status
from services.submission.dossier import DossierCommand, decider
from services.submission.dossier import commands as do
from services.submission.dossier.events import ReasonRecorded, Words
from services.submission.dossier.refusals import (
    ExtendedBefore,
    NotLater,
    NotPossibleNow,
    OwnDossier,
    ReasonMissing,
    TooFarOff,
    TooLateToExtend,
)

given = Spec(decider)

DUE = march(9, 17, 30)
"""Five working days after intake on the 2nd."""


def told_at(at: datetime) -> do.RecordTimePassed:
    return do.RecordTimePassed(CALENDAR, at)


# Extending


def test_a_deadline_is_extended_with_an_apology() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(EXTEND).then(
        ReasonRecorded(
            about="submission.deadline-extended.v1", law=LAW, personal=Words(words=REASON.words)
        ),
        DeadlineExtended(
            dossier_id=DOSSIER, officer=DUNG, previous=DUE, due=march(12, 17, 30), at=march(4)
        ),
    )
    assert after(SUBMIT, RECEIVE, FORWARD, EXTEND).due == march(12, 17, 30)


def test_it_is_extended_only_once() -> None:
    again = replace(EXTEND, due=march(16))
    given(*lived(SUBMIT, RECEIVE, EXTEND)).when(again).then_refused(ExtendedBefore)


def test_a_day_before_it_is_due_is_the_last_moment() -> None:
    friday = replace(EXTEND, at=march(6, 17, 30))
    given(*lived(SUBMIT, RECEIVE)).when(friday).then_kinds(ReasonRecorded, DeadlineExtended)
    late = replace(EXTEND, at=march(6, 17, 31))
    given(*lived(SUBMIT, RECEIVE)).when(late).then_refused(TooLateToExtend)


@pytest.mark.parametrize("due", [DUE, march(4), datetime.min.replace(tzinfo=UTC)])
def test_the_new_date_is_later(due: datetime) -> None:
    given(*lived(SUBMIT, RECEIVE)).when(replace(EXTEND, due=due)).then_refused(NotLater)


@pytest.mark.parametrize("due", [DUE + timedelta(days=367), datetime.max.replace(tzinfo=UTC)])
def test_the_new_date_is_not_in_another_age(due: datetime) -> None:
    given(*lived(SUBMIT, RECEIVE)).when(replace(EXTEND, due=due)).then_refused(TooFarOff)


def test_the_applicant_is_told_why() -> None:
    wordless = replace(EXTEND, reason=NO_REASON)
    given(*lived(SUBMIT, RECEIVE)).when(wordless).then_refused(ReasonMissing)


def test_nobody_extends_their_own() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(replace(EXTEND, officer=AN)).then_refused(OwnDossier)


def test_before_intake_there_is_nothing_to_extend() -> None:
    given(*lived(SUBMIT)).when(EXTEND).then_refused(NotPossibleNow, "SUBMITTED")


# Warnings


def test_two_working_days_before_it_is_due_people_are_warned() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(told_at(march(5, 17, 29))).then()
    given(*lived(SUBMIT, RECEIVE)).when(told_at(march(5, 17, 30))).then(
        DeadlineApproaching(dossier_id=DOSSIER, agency=BINH_LANG.code, due=DUE, at=march(5, 17, 30))
    )


def test_half_of_a_short_limit_is_left_when_people_are_warned() -> None:
    today = (submit(limit=SAME_DAY), RECEIVE)
    given(*lived(*today)).when(told_at(march(2, 14, 14))).then()
    given(*lived(*today)).when(told_at(march(2, 14, 45))).then_kinds(DeadlineApproaching)


def test_a_warning_is_given_once_for_each_due_date() -> None:
    warned = (SUBMIT, RECEIVE, told_at(march(6)))
    given(*lived(*warned)).when(told_at(march(6, 10))).then()
    extended = (*warned, replace(EXTEND, at=march(6, 11)))
    given(*lived(*extended)).when(told_at(march(12, 9))).then_kinds(DeadlineApproaching)


def test_after_closing_time_it_is_neither_near_nor_missed_until_midnight() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(told_at(march(9, 20))).then()


def test_a_missed_date_is_recorded_once() -> None:
    midnight = march(10, 0)
    given(*lived(SUBMIT, RECEIVE)).when(told_at(midnight)).then(
        DeadlineMissed(dossier_id=DOSSIER, agency=BINH_LANG.code, due=DUE, at=midnight)
    )
    given(*lived(SUBMIT, RECEIVE, told_at(midnight))).when(told_at(march(11))).then()


@pytest.mark.parametrize(
    "so_far",
    [
        (SUBMIT,),
        (SUBMIT, RECEIVE, FORWARD, ASK_LATER),
        (SUBMIT, RECEIVE, WITHDRAW),
        issued(),
    ],
)
def test_while_no_clock_runs_no_date_is_missed(so_far: tuple[DossierCommand, ...]) -> None:
    given(*lived(*so_far)).when(told_at(march(20))).then()


def test_time_that_passes_before_anything_was_handed_in_is_nothing() -> None:
    given().when(told_at(march(2))).then()


def test_work_goes_on_after_a_missed_date() -> None:
    late = lived(*TO_SIGNING[:-1], told_at(march(11)))
    given(*late).when(replace(APPROVE, at=march(11))).then_kinds(type(lived(*TO_SIGNING)[-1]))


# Waiting in vain


@pytest.mark.parametrize(
    ("so_far", "to"),
    [
        ((SUBMIT, ASK), Status.REFUSED),
        ((SUBMIT, RECEIVE, FORWARD, replace(ASK_LATER, at=march(2, 11))), Status.STOPPED),
    ],
)
def test_a_supplement_that_does_not_come_ends_the_dossier(
    so_far: tuple[DossierCommand, ...], to: Status
) -> None:
    last_day = march(32, 23, 59)
    given(*lived(*so_far)).when(told_at(last_day)).then()
    midnight = march(33, 0)
    given(*lived(*so_far)).when(told_at(midnight)).then(
        DossierLapsed(dossier_id=DOSSIER, waited_for="supplement", to=to, at=midnight)
    )
    given(*lived(*so_far, told_at(midnight))).when(told_at(midnight)).then()
    given(*lived(*so_far, told_at(midnight))).when(replace(GIVE, at=midnight)).then_refused(
        NotPossibleNow, to.name
    )


def test_a_fee_that_does_not_come_ends_the_dossier() -> None:
    unpaid = (submit(PAID_FIRST),)
    given(*lived(*unpaid)).when(told_at(march(12, 23, 59))).then()
    midnight = march(13, 0)
    given(*lived(*unpaid)).when(told_at(midnight)).then(
        DossierLapsed(dossier_id=DOSSIER, waited_for="payment", to=Status.REFUSED, at=midnight)
    )
    assert after(*unpaid, told_at(midnight)).payment is PaymentStatus.NOTHING_DUE


EXTEND = do.ExtendDeadline(DUNG, march(12, 17, 30), REASON, CALENDAR, march(4))
