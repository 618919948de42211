"""Stories of intake: received with a code and a due date, refused with a reason, exemptions."""

from dataclasses import replace

import pytest
from dossiers_at_hand import (
    AN,
    BINH,
    BINH_LANG,
    BY_THE_PAGE,
    CALENDAR,
    CLAIM,
    CODE,
    DOSSIER,
    LAW,
    NO_REASON,
    PAID_AT_RECEIPT,
    PAID_FIRST,
    PAID_WITH_RESULT,
    REASON,
    RECEIVE,
    REFERENCE,
    SUBMIT,
    WORDS_ONLY,
    after,
    lived,
    march,
    submit,
)

from chassis.testing import Spec
from contracts.identity import fee_of
from contracts.submission import DossierReceived, ExemptionGranted, FeeRequired, IntakeRefused
from contracts.values import FeeRule, FeeTiming, PaymentStatus, Status
from services.submission.dossier import commands as do
from services.submission.dossier import decider
from services.submission.dossier.events import (
    ExemptionDenied,
    FeeAssessed,
    ReasonRecorded,
    Words,
)
from services.submission.dossier.refusals import (
    ExemptionUndecided,
    FeeIsFixed,
    FeeNotCounted,
    LawMissing,
    NotPossibleNow,
    OwnDossier,
    ReasonMissing,
)
from services.submission.fees import Owing

given = Spec(decider)


# Receiving


def test_a_received_dossier_has_its_code_and_its_due_date() -> None:
    given(*lived(SUBMIT)).when(RECEIVE).then(RECEIVED)


def test_nothing_is_received_that_was_not_handed_in() -> None:
    given().when(RECEIVE).then_refused(NotPossibleNow, "NOT_SUBMITTED")


def test_a_dossier_is_received_once() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(RECEIVE).then_refused(NotPossibleNow, "RECEIVED")


def test_nobody_receives_a_dossier_of_their_own() -> None:
    given(*lived(SUBMIT)).when(replace(RECEIVE, officer=AN)).then_refused(OwnDossier)


def test_nobody_receives_what_they_handed_in_for_somebody_else() -> None:
    by_binh = replace(SUBMIT, submitter=BINH)
    given(*lived(by_binh)).when(RECEIVE).then_refused(OwnDossier)


def test_intake_waits_for_a_fee_that_is_paid_first() -> None:
    given(*lived(submit(PAID_FIRST))).when(RECEIVE).then_refused(NotPossibleNow, "PAYMENT_REQUIRED")


def test_a_fee_at_intake_is_owed_and_holds_nothing_up() -> None:
    given(*lived(submit(PAID_AT_RECEIPT, level=3))).when(RECEIVE).then(RECEIVED, OWED_AT_DESK)
    dossier = after(submit(PAID_AT_RECEIPT, level=3), RECEIVE)
    assert (dossier.status, dossier.payment) == (Status.RECEIVED, PaymentStatus.DUE_AT_DESK)


def test_at_level_four_a_fee_at_intake_is_paid_online_without_hurry() -> None:
    online = OWED_AT_DESK.model_copy(update={"where": "online"})
    given(*lived(submit(PAID_AT_RECEIPT))).when(RECEIVE).then(RECEIVED, online)


def test_the_officer_counts_a_fee_by_the_page() -> None:
    counted = replace(RECEIVE, fee=8_000)
    given(*lived(submit(BY_THE_PAGE, level=3))).when(counted).then(
        RECEIVED, assessed(8_000), OWED_AT_DESK
    )


def test_a_fee_by_the_page_is_not_forgotten() -> None:
    given(*lived(submit(BY_THE_PAGE))).when(RECEIVE).then_refused(FeeNotCounted)


def test_no_pages_no_fee() -> None:
    nothing = replace(RECEIVE, fee=0)
    given(*lived(submit(BY_THE_PAGE))).when(nothing).then_kinds(DossierReceived, FeeAssessed)
    assert after(submit(BY_THE_PAGE), nothing).payment is PaymentStatus.NOTHING_DUE


def test_pages_are_counted_at_intake_where_the_fee_comes_with_the_result() -> None:
    with_result = BY_THE_PAGE.model_copy(update={"timing": FeeTiming.RESULT})
    counted = replace(RECEIVE, fee=8_000)
    given(*lived(submit(with_result))).when(counted).then_kinds(DossierReceived, FeeAssessed)


@pytest.mark.parametrize("fee", [PAID_AT_RECEIPT, PAID_WITH_RESULT, FeeRule(amount=0)])
def test_a_fee_that_is_fixed_is_not_set_by_hand(fee: FeeRule) -> None:
    given(*lived(submit(fee))).when(replace(RECEIVE, fee=1)).then_refused(FeeIsFixed)


# Refusing


def test_intake_is_refused_with_a_reason() -> None:
    given(*lived(SUBMIT)).when(REFUSE).then(
        said("submission.intake-refused.v1"),
        IntakeRefused(dossier_id=DOSSIER, officer=BINH, at=march(2, 10)),
    )


@pytest.mark.parametrize("words", ["", "   "])
def test_intake_is_not_refused_without_words(words: str) -> None:
    wordless = replace(REFUSE, reason=do.Reason(words, LAW))
    given(*lived(SUBMIT)).when(wordless).then_refused(ReasonMissing)


def test_a_fee_paid_for_a_refused_dossier_goes_back() -> None:
    paid = do.RecordFeePaid(fee_of(DOSSIER), 8_000, march(2))
    assert after(submit(PAID_FIRST), paid, REFUSE).payment is PaymentStatus.REFUND_DUE


def test_what_was_received_is_not_refused_at_intake_any_more() -> None:
    given(*lived(SUBMIT, RECEIVE)).when(REFUSE).then_refused(NotPossibleNow, "RECEIVED")


# Exemptions


def test_a_claim_is_decided_before_the_dossier_is_received() -> None:
    given(*lived(submit(PAID_FIRST, CLAIM))).when(RECEIVE).then_refused(ExemptionUndecided)


def test_an_exemption_is_granted_by_law() -> None:
    given(*lived(submit(PAID_FIRST, CLAIM))).when(GRANT).then(
        said("submission.exemption-granted.v1"),
        ExemptionGranted(
            dossier_id=DOSSIER,
            payment_id=fee_of(DOSSIER),
            payer=AN,
            agency=BINH_LANG,
            reference=REFERENCE,
            amount=8_000,
            basis=LAW,
            officer=BINH,
            at=march(2, 10),
        ),
    )


def test_no_exemption_without_a_law() -> None:
    lawless = replace(GRANT, reason=WORDS_ONLY)
    given(*lived(submit(PAID_FIRST, CLAIM))).when(lawless).then_refused(LawMissing)


@pytest.mark.parametrize("fee", [PAID_FIRST, PAID_AT_RECEIPT, BY_THE_PAGE])
def test_who_is_exempt_owes_nothing_at_intake_either(fee: FeeRule) -> None:
    given(*lived(submit(fee, CLAIM), GRANT)).when(RECEIVE).then(RECEIVED)
    assert after(submit(fee, CLAIM), GRANT, RECEIVE).payment is PaymentStatus.WAIVED


def test_a_claim_denied_makes_the_fee_due_at_once_where_it_is_paid_first() -> None:
    given(*lived(submit(PAID_FIRST, CLAIM))).when(DENY).then(
        said("submission.exemption-denied.v1"),
        ExemptionDenied(officer=BINH, what=Owing.AMOUNT, at=march(2, 10)),
        OWED_AT_DESK.model_copy(
            update={
                "where": "online",
                "pay_by": march(12, 17, 30),
                "to": Status.PAYMENT_REQUIRED,
            }
        ),
    )


def test_a_claim_denied_leaves_a_later_fee_for_later() -> None:
    denied = lived(submit(PAID_AT_RECEIPT, CLAIM, level=3), DENY)
    assert isinstance(denied[-1], ExemptionDenied)
    given(*denied).when(RECEIVE).then(RECEIVED, OWED_AT_DESK)


def test_pages_are_counted_after_a_claim_was_denied() -> None:
    given(*lived(submit(BY_THE_PAGE, CLAIM), DENY)).when(RECEIVE).then_refused(FeeNotCounted)


def test_a_claim_is_not_denied_without_words() -> None:
    wordless = replace(DENY, reason=NO_REASON)
    given(*lived(submit(PAID_FIRST, CLAIM))).when(wordless).then_refused(ReasonMissing)


def test_a_claim_is_decided_once_and_only_where_there_is_one() -> None:
    given(*lived(submit(PAID_FIRST, CLAIM), GRANT)).when(GRANT).then_refused(NotPossibleNow)
    given(*lived(SUBMIT)).when(GRANT).then_refused(NotPossibleNow)


REFUSE = do.RefuseIntake(BINH, REASON, march(2, 10))
GRANT = do.DecideExemption(BINH, True, REASON, CALENDAR, march(2, 10))
DENY = replace(GRANT, granted=False)
RECEIVED = DossierReceived(
    dossier_id=DOSSIER, code=CODE, officer=BINH, due=march(9, 17, 30), at=march(2, 10)
)
OWED_AT_DESK = FeeRequired(
    dossier_id=DOSSIER,
    payment_id=fee_of(DOSSIER),
    payer=AN,
    agency=BINH_LANG,
    reference=REFERENCE,
    amount=8_000,
    where="desk",
    pay_by=None,
    to=Status.RECEIVED,
    at=march(2, 10),
)


def said(about: str) -> ReasonRecorded:
    return ReasonRecorded(about=about, law=LAW, personal=Words(words=REASON.words))


def assessed(amount: int) -> FeeAssessed:
    return FeeAssessed(
        what=Owing.AMOUNT,
        amount=amount,
        timing=FeeTiming.RECEIPT,
        where="desk",
        payment=PaymentStatus.NOTHING_DUE,
        at=march(2, 10),
    )
