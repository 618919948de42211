"""Stories of examination: from hand to hand, proposed by one and approved by another."""

from dataclasses import replace

import pytest
from dossiers_at_hand import (
    AN,
    APPROVE,
    BINH,
    CHI,
    DOSSIER,
    DUNG,
    EM,
    EXAMINE,
    FORWARD,
    FORWARD_TO_CHI,
    HOA,
    LAW,
    NO_REASON,
    PROPOSE,
    REASON,
    RECEIVE,
    SUBMIT,
    TO_APPROVAL,
    TO_SIGNING,
    TO_THE_SPECIALISTS,
    WORDS_ONLY,
    after,
    lived,
    march,
)

from chassis.testing import Spec
from contracts.submission import (
    DossierForwarded,
    Outcome,
    ResultApproved,
    Step,
    StepCompleted,
    StepSentBack,
)
from contracts.values import DeskRole, PersonId, Status
from services.submission.dossier import DossierCommand, decider
from services.submission.dossier import commands as do
from services.submission.dossier.events import ReasonRecorded, Words
from services.submission.dossier.refusals import (
    AssignedToAnother,
    FourEyes,
    HeldAlready,
    LawMissing,
    NotAnEarlierStep,
    NotPossibleNow,
    OwnDossier,
    ReasonMissing,
)

given = Spec(decider)

WITH_CHI = (SUBMIT, RECEIVE, FORWARD_TO_CHI)


def forwarded(officer: PersonId, to_officer: PersonId | None, day: int) -> DossierForwarded:
    return DossierForwarded(
        dossier_id=DOSSIER,
        officer=officer,
        to_officer=to_officer,
        to_role=DeskRole.SPECIALIST,
        at=march(day, 11),
    )


def said(about: str) -> ReasonRecorded:
    return ReasonRecorded(about=about, law=LAW, personal=Words(words=REASON.words))


# From hand to hand


@pytest.mark.parametrize("to", [None, CHI])
def test_the_desk_passes_a_dossier_to_the_specialists_or_to_one(to: PersonId | None) -> None:
    given(*lived(SUBMIT, RECEIVE)).when(replace(FORWARD, to_officer=to)).then(
        forwarded(BINH, to, 2)
    )
    assert after(SUBMIT, RECEIVE, FORWARD).status is Status.PROCESSING


def test_only_a_received_dossier_is_passed_on() -> None:
    given(*lived(SUBMIT)).when(FORWARD).then_refused(NotPossibleNow, "SUBMITTED")


@pytest.mark.parametrize("changes", [{"officer": AN}, {"to_officer": AN}])
def test_nobody_passes_on_or_is_given_a_dossier_of_their_own(changes: dict[str, PersonId]) -> None:
    given(*lived(SUBMIT, RECEIVE)).when(replace(FORWARD, **changes)).then_refused(OwnDossier)


def test_a_specialist_hands_over_to_another() -> None:
    given(*lived(*WITH_CHI)).when(TO_HOA).then(
        said("submission.dossier-forwarded.v1"), forwarded(CHI, HOA, 3)
    )
    assert after(*WITH_CHI, TO_HOA).specialist == HOA


def test_handing_over_needs_no_words() -> None:
    given(*lived(*WITH_CHI)).when(replace(TO_HOA, reason=NO_REASON)).then(forwarded(CHI, HOA, 3))


def test_a_specialist_takes_a_dossier_nobody_has() -> None:
    mine = replace(TO_HOA, to_officer=CHI)
    given(*lived(*TO_THE_SPECIALISTS)).when(mine).then_kinds(ReasonRecorded, DossierForwarded)


def test_only_who_has_it_hands_it_over_or_an_approver() -> None:
    by_hoa = replace(TO_HOA, officer=HOA)
    given(*lived(*WITH_CHI)).when(by_hoa).then_refused(AssignedToAnother)
    by_dung = replace(TO_HOA, officer=DUNG, as_approver=True)
    given(*lived(*WITH_CHI)).when(by_dung).then_kinds(ReasonRecorded, DossierForwarded)


def test_a_dossier_is_not_handed_to_whom_it_is_with() -> None:
    given(*lived(*WITH_CHI)).when(replace(TO_HOA, to_officer=CHI)).then_refused(HeldAlready)


def test_a_dossier_is_not_handed_to_whose_it_is() -> None:
    given(*lived(*WITH_CHI)).when(replace(TO_HOA, to_officer=AN)).then_refused(OwnDossier)


def test_before_the_approvers_it_is_not_handed_over() -> None:
    given(*lived(*TO_APPROVAL)).when(TO_HOA).then_refused(NotPossibleNow, "approve")


# Examining and proposing


def test_findings_stand_before_the_finished_examination() -> None:
    given(*lived(*TO_THE_SPECIALISTS)).when(replace(EXAMINE, reason=REASON)).then(
        said("submission.step-completed.v1"), EXAMINED
    )
    given(*lived(*TO_THE_SPECIALISTS)).when(EXAMINE).then(EXAMINED)


def test_who_examined_has_the_dossier() -> None:
    by_hoa = replace(PROPOSE, officer=HOA)
    given(*lived(*TO_THE_SPECIALISTS, EXAMINE)).when(by_hoa).then_refused(AssignedToAnother)


def test_another_specialist_does_not_examine() -> None:
    given(*lived(*WITH_CHI)).when(replace(EXAMINE, officer=HOA)).then_refused(AssignedToAnother)


def test_the_steps_are_taken_in_their_order() -> None:
    given(*lived(*TO_THE_SPECIALISTS)).when(PROPOSE).then_refused(NotPossibleNow, "examine")
    given(*lived(*TO_THE_SPECIALISTS)).when(APPROVE).then_refused(NotPossibleNow, "examine")
    given(*lived(*TO_APPROVAL)).when(EXAMINE).then_refused(NotPossibleNow, "approve")
    given(*lived(SUBMIT, RECEIVE)).when(EXAMINE).then_refused(NotPossibleNow, "RECEIVED")


def test_an_outcome_is_proposed_to_the_approvers() -> None:
    given(*lived(*TO_THE_SPECIALISTS, EXAMINE)).when(PROPOSE).then(
        EXAMINED.model_copy(
            update={
                "step": Step.PROPOSE,
                "to_role": DeskRole.APPROVER,
                "outcome": Outcome.GRANTED,
                "at": march(3, 10),
            }
        )
    )


def test_rejecting_needs_words_and_law() -> None:
    examined = lived(*TO_THE_SPECIALISTS, EXAMINE)
    reject = replace(PROPOSE, outcome=Outcome.REJECTED)
    given(*examined).when(reject).then_refused(ReasonMissing)
    given(*examined).when(replace(reject, reason=WORDS_ONLY)).then_refused(LawMissing)
    given(*examined).when(replace(reject, reason=REASON)).then_kinds(ReasonRecorded, StepCompleted)


# Approving


def test_a_second_pair_of_eyes_approves() -> None:
    given(*lived(*TO_APPROVAL)).when(APPROVE).then(
        ResultApproved(dossier_id=DOSSIER, officer=DUNG, outcome=Outcome.GRANTED, at=march(4))
    )


def test_who_proposed_does_not_approve() -> None:
    given(*lived(*TO_APPROVAL)).when(replace(APPROVE, officer=CHI)).then_refused(FourEyes)


@pytest.mark.parametrize("command", [EXAMINE, PROPOSE, APPROVE])
def test_nobody_works_on_a_dossier_of_their_own(command: do.Examining) -> None:
    given(*lived(*TO_APPROVAL)).when(replace(command, officer=AN)).then_refused(OwnDossier)


# Sending back


@pytest.mark.parametrize(
    ("so_far", "officer", "step", "role"),
    [
        ((*TO_THE_SPECIALISTS, EXAMINE), CHI, Step.EXAMINE, DeskRole.SPECIALIST),
        (TO_APPROVAL, DUNG, Step.PROPOSE, DeskRole.SPECIALIST),
        (TO_APPROVAL, DUNG, Step.EXAMINE, DeskRole.SPECIALIST),
        (TO_SIGNING, EM, Step.APPROVE, DeskRole.APPROVER),
    ],
)
def test_a_dossier_is_sent_back_to_an_earlier_step_with_a_reason(
    so_far: tuple[DossierCommand, ...], officer: PersonId, step: Step, role: DeskRole
) -> None:
    given(*lived(*so_far)).when(replace(BACK, officer=officer, step=step)).then(
        said("submission.step-sent-back.v1"),
        StepSentBack(dossier_id=DOSSIER, step=step, officer=officer, to_role=role, at=march(4)),
    )


def test_what_was_sent_back_is_proposed_and_approved_anew() -> None:
    again = (BACK, replace(PROPOSE, at=march(4, 11)), replace(APPROVE, at=march(4, 12)))
    assert after(*TO_APPROVAL, *again).step is Step.SIGN


def test_it_is_not_sent_back_to_where_it_is_or_forward() -> None:
    given(*lived(*TO_APPROVAL)).when(replace(BACK, step=Step.APPROVE)).then_refused(
        NotAnEarlierStep, "approve"
    )
    given(*lived(*TO_APPROVAL)).when(replace(BACK, step=Step.SIGN)).then_refused(NotAnEarlierStep)
    given(*lived(*TO_THE_SPECIALISTS)).when(replace(BACK, step=Step.EXAMINE)).then_refused(
        NotAnEarlierStep, "examine"
    )


def test_it_is_not_sent_back_without_words() -> None:
    given(*lived(*TO_APPROVAL)).when(replace(BACK, reason=NO_REASON)).then_refused(ReasonMissing)


def test_a_specialist_sends_back_only_what_they_have() -> None:
    by_hoa = replace(BACK, officer=HOA, step=Step.EXAMINE)
    given(*lived(*TO_THE_SPECIALISTS, EXAMINE)).when(by_hoa).then_refused(AssignedToAnother)


TO_HOA = do.HandOverDossier(CHI, HOA, march(3, 11), REASON)
BACK = do.SendBack(DUNG, Step.PROPOSE, REASON, march(4))
EXAMINED = StepCompleted(
    dossier_id=DOSSIER,
    step=Step.EXAMINE,
    officer=CHI,
    to_role=DeskRole.SPECIALIST,
    at=march(3),
)
