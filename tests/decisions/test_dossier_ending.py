"""Stories of endings without a result: withdrawn, stopped by law, resumed, erased."""

from dataclasses import replace

import pytest
from dossiers_at_hand import (
    AN,
    ASK,
    ASK_LATER,
    BINH,
    CALENDAR,
    DOSSIER,
    DUNG,
    FORWARD,
    HAND_OVER,
    HOA,
    LAW,
    NO_REASON,
    PAID_FIRST,
    REASON,
    RECEIVE,
    STOP,
    SUBMIT,
    TO_SIGNING,
    TO_THE_SPECIALISTS,
    WITHDRAW,
    WORDS_ONLY,
    after,
    issued,
    lived,
    march,
    submit,
)

from chassis.testing import Spec
from contracts.submission import (
    PersonalDataErased,
    ProcessingResumed,
    ProcessingStopped,
    WithdrawalDecided,
    WithdrawalRequested,
)
from contracts.values import Status
from services.submission.dossier import DossierCommand, decider
from services.submission.dossier import commands as do
from services.submission.dossier.events import ReasonRecorded, Words
from services.submission.dossier.refusals import (
    LawMissing,
    NotPossibleNow,
    NotYourDossier,
    OwnDossier,
    ReasonMissing,
)

given = Spec(decider)

REQUESTED = WithdrawalRequested(dossier_id=DOSSIER, at=march(3))


def said(about: str) -> ReasonRecorded:
    return ReasonRecorded(about=about, law=LAW, personal=Words(words=REASON.words))


# Withdrawing


@pytest.mark.parametrize("so_far", [(SUBMIT,), (submit(PAID_FIRST),), (SUBMIT, ASK)])
def test_before_intake_a_dossier_is_withdrawn_at_once(
    so_far: tuple[DossierCommand, ...],
) -> None:
    given(*lived(*so_far)).when(WITHDRAW).then(REQUESTED, LET_GO)
    assert after(*so_far, WITHDRAW).status is Status.STOPPED


@pytest.mark.parametrize(
    "so_far",
    [(SUBMIT, RECEIVE), TO_THE_SPECIALISTS, TO_SIGNING, (*TO_THE_SPECIALISTS, ASK_LATER)],
)
def test_after_intake_the_agency_decides(so_far: tuple[DossierCommand, ...]) -> None:
    given(*lived(*so_far)).when(WITHDRAW).then(REQUESTED)
    dossier = after(*so_far, WITHDRAW)
    assert dossier.status is Status.WITHDRAWAL_REQUESTED
    assert dossier.clock.stopped_at is not None


def test_a_reason_may_be_given() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(replace(WITHDRAW, reason=REASON)).then(
        said("submission.withdrawal-requested.v1"), REQUESTED
    )


def test_what_has_a_result_is_not_withdrawn() -> None:
    given(*lived(*issued())).when(WITHDRAW).then_refused(NotPossibleNow, "COMPLETED")


def test_a_stranger_withdraws_nothing() -> None:
    given(*lived(SUBMIT)).when(replace(WITHDRAW, person=HOA)).then_refused(NotYourDossier)
    given().when(WITHDRAW).then_refused(NotPossibleNow, "NOT_SUBMITTED")


def test_the_agency_lets_a_dossier_go() -> None:
    given(*lived(SUBMIT, RECEIVE, WITHDRAW)).when(DECIDE).then(
        said("submission.withdrawal-decided.v1"),
        LET_GO.model_copy(update={"officer": BINH, "at": march(4)}),
    )


def test_or_says_why_not_and_the_clock_runs_on_with_what_was_left() -> None:
    keep = replace(DECIDE, accepted=False)
    given(*lived(*TO_THE_SPECIALISTS, WITHDRAW)).when(keep).then(
        said("submission.withdrawal-decided.v1"),
        KEPT.model_copy(update={"officer": BINH}),
    )
    wordless = replace(keep, reason=NO_REASON)
    given(*lived(*TO_THE_SPECIALISTS, WITHDRAW)).when(wordless).then_refused(ReasonMissing)


def test_letting_go_needs_no_words() -> None:
    given(*lived(SUBMIT, RECEIVE, WITHDRAW)).when(replace(DECIDE, reason=NO_REASON)).then_kinds(
        WithdrawalDecided
    )


def test_nobody_decides_on_their_own_withdrawal() -> None:
    own = replace(DECIDE, officer=AN)
    given(*lived(SUBMIT, RECEIVE, WITHDRAW)).when(own).then_refused(OwnDossier)


def test_nothing_is_decided_that_was_not_asked_for() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(DECIDE).then_refused(NotPossibleNow, "RECEIVED")
    given(*lived(SUBMIT, RECEIVE)).when(CANCEL).then_refused(NotPossibleNow, "RECEIVED")


def test_the_applicant_goes_on_after_all() -> None:
    given(*lived(*TO_THE_SPECIALISTS, WITHDRAW)).when(CANCEL).then(KEPT)
    dossier = after(*TO_THE_SPECIALISTS, WITHDRAW, CANCEL)
    assert (dossier.status, dossier.clock.stopped_at) == (Status.PROCESSING, None)


def test_a_clock_that_stood_before_stands_again() -> None:
    asked = (*TO_THE_SPECIALISTS, replace(ASK_LATER, at=march(2, 12)))
    kept = lived(*asked, WITHDRAW, CANCEL)[-1]
    assert isinstance(kept, WithdrawalDecided)
    assert (kept.to, kept.due) == (Status.SUPPLEMENT_REQUIRED, None)
    assert after(*asked, WITHDRAW, CANCEL).clock.stopped_at == march(2, 12)


def test_a_stranger_does_not_go_on_with_it() -> None:
    stranger = replace(CANCEL, person=HOA)
    given(*lived(SUBMIT, RECEIVE, WITHDRAW)).when(stranger).then_refused(NotYourDossier)


# Stopping and going on


@pytest.mark.parametrize("so_far", [(SUBMIT, RECEIVE), TO_THE_SPECIALISTS])
def test_processing_is_stopped_by_law(so_far: tuple[DossierCommand, ...]) -> None:
    given(*lived(*so_far)).when(STOP).then(
        said("submission.processing-stopped.v1"),
        ProcessingStopped(dossier_id=DOSSIER, officer=DUNG, law=LAW, at=march(3)),
    )


def test_it_is_not_stopped_without_words_and_law() -> None:
    processing = lived(*TO_THE_SPECIALISTS)
    given(*processing).when(replace(STOP, reason=NO_REASON)).then_refused(ReasonMissing)
    given(*processing).when(replace(STOP, reason=WORDS_ONLY)).then_refused(LawMissing)


def test_nobody_stops_their_own() -> None:
    given(*lived(*TO_THE_SPECIALISTS)).when(replace(STOP, officer=AN)).then_refused(OwnDossier)


def test_only_what_is_worked_on_is_stopped() -> None:
    given(*lived(SUBMIT)).when(STOP).then_refused(NotPossibleNow, "SUBMITTED")


def test_a_stopped_dossier_goes_on_with_the_time_that_was_left() -> None:
    given(*lived(*TO_THE_SPECIALISTS, STOP)).when(RESUME).then(
        said("submission.processing-resumed.v1"),
        ProcessingResumed(dossier_id=DOSSIER, officer=DUNG, due=march(10, 17, 30), at=march(4)),
    )
    assert after(*TO_THE_SPECIALISTS, STOP, RESUME).status is Status.PROCESSING


def test_going_on_needs_words() -> None:
    wordless = replace(RESUME, reason=NO_REASON)
    given(*lived(*TO_THE_SPECIALISTS, STOP)).when(wordless).then_refused(ReasonMissing)


def test_what_was_withdrawn_does_not_go_on() -> None:
    given(*lived(SUBMIT, WITHDRAW)).when(RESUME).then_refused(NotPossibleNow, "STOPPED")


def test_what_lapsed_does_not_go_on() -> None:
    waited = do.RecordTimePassed(CALENDAR, march(60))
    lapsed = lived(SUBMIT, RECEIVE, FORWARD, ASK_LATER, waited)
    given(*lapsed).when(RESUME).then_refused(NotPossibleNow, "STOPPED")


def test_nobody_goes_on_with_their_own() -> None:
    given(*lived(SUBMIT, RECEIVE, STOP)).when(replace(RESUME, officer=AN)).then_refused(OwnDossier)


# Erasing


@pytest.mark.parametrize(
    "so_far",
    [
        (SUBMIT, WITHDRAW),
        (*TO_THE_SPECIALISTS, STOP),
        (*issued(), HAND_OVER),
        (SUBMIT, do.RefuseIntake(BINH, REASON, march(2, 10))),
    ],
)
def test_a_dossier_that_has_ended_is_erased_once(so_far: tuple[DossierCommand, ...]) -> None:
    erased = PersonalDataErased(dossier_id=DOSSIER, at=march(60))
    why = ReasonRecorded(about=erased.wire_name, law=LAW, ground="asked-for", personal=None)
    given(*lived(*so_far)).when(ERASE).then(why, erased)
    given(*lived(*so_far), why, erased).when(ERASE).then()
    given(*lived(*so_far)).when(replace(ERASE, law=" ")).then_refused(LawMissing)


@pytest.mark.parametrize("so_far", [(SUBMIT,), TO_THE_SPECIALISTS, issued()])
def test_a_dossier_that_lives_is_not_erased(so_far: tuple[DossierCommand, ...]) -> None:
    given(*lived(*so_far)).when(ERASE).then_refused(NotPossibleNow)


def test_nothing_is_erased_before_anything_was_handed_in() -> None:
    given().when(ERASE).then_refused(NotPossibleNow, "NOT_SUBMITTED")


def test_what_was_erased_does_not_go_on() -> None:
    given(*lived(*TO_THE_SPECIALISTS, STOP, ERASE)).when(RESUME).then_refused(NotPossibleNow)


LET_GO = WithdrawalDecided(
    dossier_id=DOSSIER, officer=None, accepted=True, to=Status.STOPPED, due=None, at=march(3)
)
KEPT = WithdrawalDecided(
    dossier_id=DOSSIER,
    officer=None,
    accepted=False,
    to=Status.PROCESSING,
    due=march(10, 17, 30),
    at=march(4),
)
DECIDE = do.DecideWithdrawal(BINH, True, REASON, CALENDAR, march(4))
CANCEL = do.CancelWithdrawal(AN, CALENDAR, march(4))
RESUME = do.ResumeProcessing(DUNG, REASON, CALENDAR, march(4))
ERASE = do.EraseDossier("asked-for", LAW, march(60))
