"""Stories of the result: issued, recalled, and handed over in the way the applicant chose."""

from dataclasses import replace

import pytest
from dossiers_at_hand import (
    AN,
    APPROVE,
    BINH,
    CHI,
    COLLECT,
    DOSSIER,
    DUNG,
    EM,
    EXAMINE,
    HAND_OVER,
    HOA,
    ISSUE,
    LAW,
    NO_REASON,
    PAID_AT_RECEIPT,
    PAID_WITH_RESULT,
    POST,
    PROPOSE,
    REASON,
    RECEIVE,
    RECEIVER,
    RESULT_FILE,
    SAME_DAY,
    SUBMIT,
    TO_APPROVAL,
    TO_BE_POSTED,
    TO_SIGNING,
    TO_THE_SPECIALISTS,
    WORDS_ONLY,
    after,
    issued,
    lived,
    march,
    submit,
)

from chassis.testing import Spec
from contracts.identity import fee_of
from contracts.submission import (
    FeeRequired,
    Outcome,
    ResultHandedOver,
    ResultIssued,
    ResultPosted,
    ResultRecalled,
    Step,
)
from contracts.values import DeliveryStatus, PaymentStatus, ResultChannel, Status
from services.submission.dossier import DossierCommand, decider
from services.submission.dossier import commands as do
from services.submission.dossier.events import (
    ReasonRecorded,
    ReceiverRecorded,
    ResultFileStored,
    Words,
)
from services.submission.dossier.refusals import (
    AnotherChannel,
    FeeStillOwed,
    FourEyes,
    IdentityNotChecked,
    LawMissing,
    NotPossibleNow,
    NotSameDay,
    NotYourDossier,
    OnItsWay,
    OwnDossier,
    ReasonMissing,
)

given = Spec(decider)

BY_POST = issued(submit(filing=TO_BE_POSTED, channel=ResultChannel.POST))
ONLINE = issued(submit(channel=ResultChannel.ONLINE))
TODAY = (submit(limit=SAME_DAY), RECEIVE)


# Issuing


def test_the_approved_outcome_is_signed_numbered_and_issued() -> None:
    given(*lived(*TO_SIGNING)).when(ISSUE).then(ResultFileStored(personal=RESULT_FILE), ISSUED)
    dossier = after(*issued())
    assert (dossier.status, dossier.delivery) == (Status.COMPLETED, DeliveryStatus.READY)


def test_a_rejected_application_is_a_result_too() -> None:
    reject = replace(PROPOSE, outcome=Outcome.REJECTED, reason=REASON)
    result = lived(*TO_THE_SPECIALISTS, EXAMINE, reject, APPROVE, ISSUE)[-1]
    assert isinstance(result, ResultIssued)
    assert result.outcome is Outcome.REJECTED


def test_on_its_last_day_a_result_is_in_time_until_midnight() -> None:
    for at, in_time in ((march(9, 23, 59), True), (march(10, 0), False)):
        result = lived(*TO_SIGNING, replace(ISSUE, at=at))[-1]
        assert isinstance(result, ResultIssued)
        assert result.in_time is in_time


def test_nothing_is_issued_before_it_was_approved() -> None:
    given(*lived(*TO_APPROVAL)).when(ISSUE).then_refused(NotPossibleNow, "approve")
    given(*lived(*issued())).when(ISSUE).then_refused(NotPossibleNow, "COMPLETED")


def test_who_proposed_does_not_sign() -> None:
    given(*lived(*TO_SIGNING)).when(replace(ISSUE, officer=CHI)).then_refused(FourEyes)


def test_nobody_signs_their_own() -> None:
    given(*lived(*TO_SIGNING)).when(replace(ISSUE, officer=AN)).then_refused(OwnDossier)


def test_a_fee_that_comes_with_the_result_is_owed_once_it_is_issued() -> None:
    begun = submit(PAID_WITH_RESULT, level=3)
    required = lived(*issued(begun))[-1]
    assert isinstance(required, FeeRequired)
    assert (required.where, required.pay_by, required.to) == ("desk", None, Status.COMPLETED)
    recalled = (*issued(begun), RECALL, *again())
    assert isinstance(lived(*recalled)[-1], ResultIssued)


def test_a_rejection_costs_no_fee_that_comes_with_the_result() -> None:
    reject = replace(PROPOSE, outcome=Outcome.REJECTED, reason=REASON)
    steps = (submit(PAID_WITH_RESULT), *TO_THE_SPECIALISTS[1:], EXAMINE, reject, APPROVE, ISSUE)
    assert after(*steps).payment is PaymentStatus.NOTHING_DUE


# At once


def test_a_same_day_procedure_is_completed_at_the_desk() -> None:
    given(*lived(*TODAY)).when(AT_ONCE).then(
        ResultFileStored(personal=RESULT_FILE),
        ISSUED.model_copy(update={"officer": DUNG, "at": march(2, 11)}),
    )


def test_other_procedures_are_not() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(AT_ONCE).then_refused(NotSameDay)


def test_who_received_a_dossier_does_not_complete_it() -> None:
    given(*lived(*TODAY)).when(replace(AT_ONCE, officer=BINH)).then_refused(FourEyes)


def test_nobody_completes_their_own() -> None:
    given(*lived(*TODAY)).when(replace(AT_ONCE, officer=AN)).then_refused(OwnDossier)


def test_it_is_received_first() -> None:
    given(*lived(TODAY[0])).when(AT_ONCE).then_refused(NotPossibleNow, "SUBMITTED")


def test_rejecting_at_once_needs_words_and_law_too() -> None:
    reject = replace(AT_ONCE, outcome=Outcome.REJECTED)
    given(*lived(*TODAY)).when(reject).then_refused(ReasonMissing)
    given(*lived(*TODAY)).when(replace(reject, reason=WORDS_ONLY)).then_refused(LawMissing)
    given(*lived(*TODAY)).when(replace(reject, reason=REASON)).then_kinds(
        ResultFileStored, ReasonRecorded, ResultIssued
    )


# Recalling


def test_a_result_found_wrong_is_recalled_and_worked_on_again() -> None:
    given(*lived(*issued())).when(RECALL).then(
        ReasonRecorded(
            about="submission.result-recalled.v1", law=LAW, personal=Words(words=REASON.words)
        ),
        ResultRecalled(dossier_id=DOSSIER, officer=DUNG, at=march(4, 11)),
    )
    dossier = after(*issued(), RECALL)
    assert (dossier.status, dossier.step) == (Status.PROCESSING, Step.EXAMINE)
    assert after(*issued(), RECALL, *again()).status is Status.COMPLETED


def test_a_recall_needs_words() -> None:
    given(*lived(*issued())).when(replace(RECALL, reason=NO_REASON)).then_refused(ReasonMissing)


def test_what_is_with_the_post_is_not_recalled() -> None:
    given(*lived(*BY_POST, POST)).when(RECALL).then_refused(OnItsWay, POST.tracking)


def test_what_was_handed_over_is_not_recalled() -> None:
    given(*lived(*issued(), HAND_OVER)).when(RECALL).then_refused(NotPossibleNow, "RETURNED")


def test_nobody_recalls_their_own() -> None:
    given(*lived(*issued())).when(replace(RECALL, officer=AN)).then_refused(OwnDossier)


# Handing over


def test_at_the_desk_the_receiver_is_checked_and_written_down() -> None:
    given(*lived(*issued())).when(HAND_OVER).then(
        ReceiverRecorded(personal=RECEIVER), handed_over(ResultChannel.DESK)
    )
    dossier = after(*issued(), HAND_OVER)
    assert (dossier.status, dossier.delivery) == (Status.RETURNED, DeliveryStatus.HANDED_OVER)


def test_nothing_is_handed_over_unchecked() -> None:
    unchecked = replace(HAND_OVER, id_checked=False)
    given(*lived(*issued())).when(unchecked).then_refused(IdentityNotChecked)


def test_nobody_hands_over_their_own() -> None:
    given(*lived(*issued())).when(replace(HAND_OVER, officer=AN)).then_refused(OwnDossier)


def test_a_result_goes_by_post_and_arrives() -> None:
    posted = ResultPosted(dossier_id=DOSSIER, officer=EM, tracking=POST.tracking, at=march(5))
    given(*lived(*BY_POST)).when(POST).then(posted)
    given(*lived(*BY_POST, POST)).when(DELIVERED).then(handed_over(ResultChannel.POST))


def test_it_is_posted_once_and_arrives_only_if_it_was() -> None:
    given(*lived(*BY_POST, POST)).when(POST).then_refused(OnItsWay, POST.tracking)
    given(*lived(*BY_POST)).when(DELIVERED).then_refused(NotPossibleNow, "ready")


def test_the_applicant_collects_online() -> None:
    given(*lived(*ONLINE)).when(COLLECT).then(
        handed_over(ResultChannel.ONLINE).model_copy(update={"officer": None})
    )


def test_a_stranger_collects_nothing() -> None:
    given(*lived(*ONLINE)).when(replace(COLLECT, person=HOA)).then_refused(NotYourDossier)


def test_nothing_is_collected_before_it_is_issued() -> None:
    given(*lived(*ONLINE[:-1])).when(COLLECT).then_refused(NotPossibleNow, "PROCESSING")


@pytest.mark.parametrize(
    ("so_far", "command", "chosen"),
    [
        (ONLINE, HAND_OVER, "online"),
        (BY_POST, HAND_OVER, "post"),
        (issued(), POST, "desk"),
        (ONLINE, POST, "online"),
        (issued(), COLLECT, "desk"),
        (BY_POST, COLLECT, "post"),
    ],
)
def test_the_result_goes_the_way_the_applicant_chose(
    so_far: tuple[DossierCommand, ...], command: DossierCommand, chosen: str
) -> None:
    given(*lived(*so_far)).when(command).then_refused(AnotherChannel, chosen)


@pytest.mark.parametrize(
    ("channel", "command"),
    [
        (ResultChannel.DESK, HAND_OVER),
        (ResultChannel.POST, POST),
        (ResultChannel.ONLINE, COLLECT),
    ],
)
def test_the_fee_is_settled_before_the_result_leaves(
    channel: ResultChannel, command: DossierCommand
) -> None:
    owing = issued(submit(PAID_AT_RECEIPT, TO_BE_POSTED, level=3, channel=channel))
    given(*lived(*owing)).when(command).then_refused(FeeStillOwed, "8000")
    paid = do.RecordFeePaid(fee_of(DOSSIER), 8_000, march(4, 11))
    assert given(*lived(*owing, paid)).when(command).decided()


def handed_over(channel: ResultChannel) -> ResultHandedOver:
    return ResultHandedOver(dossier_id=DOSSIER, channel=channel, officer=EM, at=march(5))


def again() -> tuple[DossierCommand, ...]:
    """Examine, propose, approve and issue once more."""
    return (
        replace(EXAMINE, at=march(5)),
        replace(PROPOSE, at=march(5)),
        replace(APPROVE, at=march(5)),
        replace(ISSUE, at=march(5)),
    )


RECALL = do.RecallResult(DUNG, REASON, march(4, 11))
DELIVERED = do.ConfirmDelivery(EM, march(5))
AT_ONCE = do.CompleteAtDesk(DUNG, Outcome.GRANTED, "12/2026", RESULT_FILE, march(2, 11))
ISSUED = ResultIssued(
    dossier_id=DOSSIER,
    officer=EM,
    outcome=Outcome.GRANTED,
    number="12/2026",
    file_id=RESULT_FILE.file_id,
    sha256=RESULT_FILE.sha256,
    in_time=True,
    at=march(4, 10),
)
