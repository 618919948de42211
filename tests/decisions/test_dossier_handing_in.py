"""Stories of handing in: complete or not at all, and a fee that is paid first."""

from dataclasses import replace

import pytest
from dossiers_at_hand import (
    AN,
    BINH_LANG,
    BIRTH_PAPER,
    BY_THE_PAGE,
    CLAIM,
    DOSSIER,
    FILING,
    FORM,
    NOT_SET,
    PAID_AT_RECEIPT,
    PAID_FIRST,
    PAID_WITH_RESULT,
    REFERENCE,
    SUBMIT,
    TO_BE_POSTED,
    VALUES,
    after,
    component,
    lived,
    march,
    paper,
    submit,
    terms,
)

from chassis.testing import Spec
from contracts.identity import fee_of
from contracts.submission import DossierSubmitted, FeeRequired
from contracts.values import (
    ComponentKind,
    FeeRule,
    FeeTiming,
    PaymentStatus,
    ResultChannel,
    Status,
)
from services.submission.dossier import decider
from services.submission.dossier.events import FeeAssessed, FormFilled
from services.submission.dossier.refusals import (
    AddressMissing,
    ChannelNotOffered,
    DocumentsMissing,
    FormNotFilled,
    NotPossibleNow,
    UnknownItem,
)
from services.submission.fees import Owing

given = Spec(decider)


def test_a_complete_dossier_is_handed_in_and_held_to_the_terms_of_that_day() -> None:
    given().when(SUBMIT).then(FILLED, SUBMITTED, assessed(Owing.NOTHING))
    assert after(SUBMIT).status is Status.SUBMITTED


def test_a_dossier_is_handed_in_once() -> None:
    given(*lived(SUBMIT)).when(SUBMIT).then_refused(NotPossibleNow, "SUBMITTED")


def test_it_is_not_taken_while_a_required_paper_is_missing() -> None:
    given().when(submit(filing=FILING.model_copy(update={"papers": ()}))).then_refused(
        DocumentsMissing, "giay-chung-sinh"
    )


def test_a_paper_the_procedure_does_not_ask_for_is_not_taken() -> None:
    strange = FILING.model_copy(update={"papers": (paper(), paper("anh-the", 201))})
    given().when(submit(filing=strange)).then_refused(UnknownItem, "anh-the")


@pytest.mark.parametrize("form", [None, "TO-KHAI-KHAC"])
def test_it_is_not_taken_without_the_form_of_the_procedure(form: str | None) -> None:
    given().when(submit(filing=FILING.model_copy(update={"form": form}))).then_refused(
        FormNotFilled, "TKDKKS"
    )


def test_a_second_form_the_procedure_asks_for_comes_as_a_paper() -> None:
    second = component("to-khai-nhan-con", ComponentKind.FORM, "TKDKNCMC")
    two_forms = (FORM, second, BIRTH_PAPER)
    given().when(submit(components=two_forms)).then_refused(DocumentsMissing, "to-khai-nhan-con")
    both = FILING.model_copy(update={"papers": (paper(), paper("to-khai-nhan-con", 201))})
    given().when(submit(filing=both, components=two_forms)).then_kinds(
        FormFilled, DossierSubmitted, FeeAssessed
    )


def test_a_procedure_without_a_form_needs_none() -> None:
    bare = FILING.model_copy(update={"form": None, "values": {}})
    given().when(submit(filing=bare, components=(BIRTH_PAPER,))).then_kinds(
        FormFilled, DossierSubmitted, FeeAssessed
    )


def test_a_form_that_cannot_be_filled_in_here_comes_as_a_paper() -> None:
    on_paper = (component("to-khai", ComponentKind.FORM), BIRTH_PAPER)
    bare = FILING.model_copy(update={"form": None, "values": {}})
    given().when(submit(filing=bare, components=on_paper)).then_refused(DocumentsMissing, "to-khai")
    signed = bare.model_copy(update={"papers": (paper(), paper("to-khai", 201))})
    given().when(submit(filing=signed, components=on_paper)).then_kinds(
        FormFilled, DossierSubmitted, FeeAssessed
    )


def test_papers_from_the_personal_store_are_counted_apart() -> None:
    reusing = FILING.model_copy(update={"papers": (paper(source="store"),)})
    submitted = given().when(submit(filing=reusing)).decided()[1]
    assert isinstance(submitted, DossierSubmitted)
    assert submitted.attached == submitted.reused == ("giay-chung-sinh",)


def test_a_channel_the_procedure_does_not_offer_is_not_taken() -> None:
    only_desk = submit(channel=ResultChannel.ONLINE, channels=(ResultChannel.DESK,))
    given().when(only_desk).then_refused(ChannelNotOffered, "desk")


def test_the_post_needs_an_address() -> None:
    given().when(submit(channel=ResultChannel.POST)).then_refused(AddressMissing)
    given().when(submit(filing=TO_BE_POSTED, channel=ResultChannel.POST)).then_kinds(
        FormFilled, DossierSubmitted, FeeAssessed
    )


# The fee


def test_a_fee_at_submission_is_asked_for_at_once_and_the_desk_waits() -> None:
    given().when(submit(PAID_FIRST)).then(
        FILLED,
        SUBMITTED.model_copy(update={"terms": terms(PAID_FIRST)}),
        assessed(Owing.AMOUNT, 8_000),
        FeeRequired(
            dossier_id=DOSSIER,
            payment_id=fee_of(DOSSIER),
            payer=AN,
            agency=BINH_LANG,
            reference=REFERENCE,
            amount=8_000,
            where="online",
            pay_by=march(12, 17, 30),
            at=march(2),
        ),
    )
    assert after(submit(PAID_FIRST)).status is Status.PAYMENT_REQUIRED


def test_copies_asked_for_on_the_form_multiply_the_fee() -> None:
    per_copy = FeeRule(amount=8_000, quantity_field="copies")
    three = FILING.model_copy(update={"values": {**VALUES, "request": {"copies": 3}}})
    dossier = after(submit(per_copy, three))
    assert (dossier.fee.amount, dossier.payment) == (24_000, PaymentStatus.DUE_ONLINE)


@pytest.mark.parametrize("fee", [PAID_AT_RECEIPT, PAID_WITH_RESULT, BY_THE_PAGE, NOT_SET])
def test_a_fee_that_falls_due_later_or_is_not_set_holds_nothing_up(fee: FeeRule) -> None:
    dossier = after(submit(fee))
    assert (dossier.status, dossier.payment) == (Status.SUBMITTED, PaymentStatus.NOTHING_DUE)


def test_a_claim_of_exemption_waits_for_the_desk_and_asks_for_no_money() -> None:
    dossier = after(submit(PAID_FIRST, CLAIM))
    assert (dossier.status, dossier.payment) == (
        Status.SUBMITTED,
        PaymentStatus.EXEMPTION_CLAIMED,
    )


def test_level_three_pays_at_the_desk_and_never_before_intake() -> None:
    at_desk = replace(SUBMIT, terms=terms(PAID_FIRST, level=3))
    fee = after(at_desk).fee
    assert (fee.where, fee.timing, fee.required) == ("desk", FeeTiming.RECEIPT, False)


FILLED = FormFilled(personal=FILING)
SUBMITTED = DossierSubmitted(
    dossier_id=DOSSIER,
    reference=REFERENCE,
    applicant=AN,
    submitter=AN,
    terms=terms(),
    attached=(BIRTH_PAPER.code,),
    channel=ResultChannel.DESK,
    at=march(2),
)


def assessed(what: Owing, amount: int = 0) -> FeeAssessed:
    return FeeAssessed(
        what=what,
        amount=amount,
        timing=FeeTiming.SUBMISSION,
        where="online",
        payment=PaymentStatus.NOTHING_DUE,
        at=march(2),
    )
