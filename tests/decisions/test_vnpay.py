"""VNPAY's language: what we sign, whom we believe, and what we answer."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given as laws
from hypothesis import strategies as some

from services.payment.vnpay import (
    Answer,
    BankWord,
    KnownOrder,
    NotGenuine,
    Order,
    Outcome,
    Terminal,
    TurnedAway,
    answer,
    is_signed,
    outcome,
    pay_url,
    plain,
    read_call,
    signature,
    signed_text,
)
from services.payment.vnpay_api import (
    Asked,
    query_request,
    read_query_answer,
    read_refund_answer,
    refund_request,
)
from services.payment.vnpay_meanings import MEANINGS, meaning_of

OURS = Terminal("TESTCODE", "TESTSECRET")
PAGE = "https://bank.example.vn/paymentv2/vpcpay.html"
TWO_O_CLOCK = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
ORDER = Order(
    transaction="PAY-20260305-000001",
    amount=8_000,
    purpose="Le phi ho so H23.99.01-260305-0001",
    return_url="https://dvc.example.vn/thanh-toan/ket-qua",
    address="127.0.0.1",
    at=TWO_O_CLOCK,
    expires=TWO_O_CLOCK + timedelta(minutes=15),
)
SIGNED = (
    "vnp_Amount=800000&vnp_Command=pay&vnp_CreateDate=20260305140000&vnp_CurrCode=VND"
    "&vnp_ExpireDate=20260305141500&vnp_IpAddr=127.0.0.1&vnp_Locale=vn"
    "&vnp_OrderInfo=Le+phi+ho+so+H23.99.01-260305-0001&vnp_OrderType=other"
    "&vnp_ReturnUrl=https%3A%2F%2Fdvc.example.vn%2Fthanh-toan%2Fket-qua&vnp_TmnCode=TESTCODE"
    "&vnp_TxnRef=PAY-20260305-000001&vnp_Version=2.1.0"
)
SIGNATURE = (
    "c524d86b946e34696a232fab24a1abf1b56f4058cdda5bd1ab761d1ee0b73b43"
    "01e352dc3b652c9dfd891b0c74f151cc9c64d3873f89180d5d44d01a2df261a1"
)
CALL = {
    "vnp_Amount": "800000",
    "vnp_BankCode": "NCB",
    "vnp_BankTranNo": "VNP14226112",
    "vnp_CardType": "ATM",
    "vnp_OrderInfo": "Le phi ho so H23.99.01-260305-0001",
    "vnp_PayDate": "20260305140312",
    "vnp_ResponseCode": "00",
    "vnp_TmnCode": "TESTCODE",
    "vnp_TransactionNo": "14226112",
    "vnp_TransactionStatus": "00",
    "vnp_TxnRef": "PAY-20260305-000001",
}
WORD = BankWord(
    transaction="PAY-20260305-000001",
    amount=8_000,
    outcome=Outcome.SUCCESS,
    code="00",
    bank_reference="14226112",
    paid_at=datetime(2026, 3, 5, 7, 3, 12, tzinfo=UTC),
)


def call(secret: str = OURS.secret, **changes: str) -> str:
    told = CALL | changes
    return urlencode(told | {"vnp_SecureHash": signature(secret, signed_text(told))})


# The vector


def test_the_published_vector_is_signed_as_published() -> None:
    told = dict(parse_qsl(SIGNED))
    assert signed_text(told) == SIGNED
    assert signature("TESTSECRET", SIGNED) == SIGNATURE


def test_an_order_becomes_the_address_of_the_vector() -> None:
    assert pay_url(PAGE, OURS, ORDER) == f"{PAGE}?{SIGNED}&vnp_SecureHash={SIGNATURE}"


def test_the_type_of_the_signature_is_not_signed() -> None:
    told = dict(parse_qsl(SIGNED)) | {"vnp_SecureHashType": "HMACSHA512", "vnp_SecureHash": "x"}
    assert signed_text(told) == SIGNED


def test_a_purpose_carries_nothing_the_bank_would_choke_on() -> None:
    assert plain("Lệ phí <b>&=#?%~") == "L ph b"
    url = pay_url(PAGE, OURS, ORDER)
    assert dict(parse_qsl(urlsplit(url).query))["vnp_OrderInfo"] == ORDER.purpose


# Believing a call


def test_a_genuine_call_is_believed() -> None:
    assert read_call(OURS, call()) == WORD


def test_a_call_the_payer_broke_off_is_a_failure() -> None:
    told = read_call(OURS, call(vnp_ResponseCode="24", vnp_TransactionStatus="02"))
    assert (told.outcome, told.code) == (Outcome.FAILURE, "24")


@pytest.mark.parametrize("name", [*CALL, "vnp_New"])
def test_a_call_with_one_value_changed_is_not_believed(name: str) -> None:
    told = dict(parse_qsl(call()))
    told[name] = told.get(name, "") + "1"
    with pytest.raises(NotGenuine, match="signature"):
        read_call(OURS, urlencode(told))


@pytest.mark.parametrize("name", CALL)
def test_a_call_with_one_value_taken_out_is_not_believed(name: str) -> None:
    told = dict(parse_qsl(call()))
    del told[name]
    with pytest.raises(NotGenuine, match="signature"):
        read_call(OURS, urlencode(told))


def test_a_call_under_another_secret_is_not_believed() -> None:
    with pytest.raises(NotGenuine, match="signature"):
        read_call(OURS, call(secret="GUESSED"))


def test_a_call_without_a_signature_is_not_believed() -> None:
    with pytest.raises(NotGenuine, match="signature"):
        read_call(OURS, urlencode(CALL))


def test_a_call_about_another_terminal_is_not_believed() -> None:
    with pytest.raises(NotGenuine, match="terminal"):
        read_call(OURS, call(vnp_TmnCode="OTHERONE"))


def test_a_parameter_given_twice_is_not_believed() -> None:
    with pytest.raises(NotGenuine, match="twice"):
        read_call(OURS, call() + "&vnp_Amount=1")


def test_what_is_not_the_banks_is_left_aside() -> None:
    assert read_call(OURS, call() + "&utm_source=sms") == WORD


def test_an_endless_call_is_not_read() -> None:
    with pytest.raises(NotGenuine, match="too long"):
        read_call(OURS, call() + "&a=" + "1" * 5000)


@pytest.mark.parametrize("amount", ["", "-800000", "8000.00", "800050", "1e9", "9" * 15, "٨٠٠٠٠٠"])
def test_an_amount_that_is_no_money_is_not_believed_even_when_signed(amount: str) -> None:
    with pytest.raises(NotGenuine, match="amount"):
        read_call(OURS, call(vnp_Amount=amount))


def test_a_time_that_is_none_is_left_open() -> None:
    assert read_call(OURS, call(vnp_PayDate="20269905140312")).paid_at is None


@laws(some.text(max_size=300))
def test_no_text_at_all_is_believed_or_breaks_the_reader(text: str) -> None:
    with pytest.raises(NotGenuine):
        read_call(OURS, text)


@laws(some.text(max_size=130))
def test_no_guessed_signature_is_accepted(told: str) -> None:
    assert not is_signed(OURS.secret, SIGNED, told)


# Judging


@pytest.mark.parametrize(
    ("response", "status", "became"),
    [
        ("00", "00", Outcome.SUCCESS),
        ("00", "02", Outcome.FAILURE),
        ("24", "02", Outcome.FAILURE),
        ("51", "02", Outcome.FAILURE),
        ("24", "00", Outcome.FAILURE),
        ("07", "00", Outcome.PENDING),
        ("07", "07", Outcome.PENDING),
        ("00", "01", Outcome.PENDING),
        ("00", "04", Outcome.PENDING),
        ("00", "", Outcome.PENDING),
    ],
)
def test_success_needs_both_codes(response: str, status: str, became: Outcome) -> None:
    assert outcome(response, status) is became


def test_a_call_is_answered_in_the_documented_order() -> None:
    wrong, right = KnownOrder(9_000, confirmed=True), KnownOrder(8_000, confirmed=False)
    assert answer(None, None) is Answer.WRONG_SIGNATURE
    assert answer(WORD, None) is Answer.NO_SUCH_ORDER
    assert answer(WORD, wrong) is Answer.WRONG_AMOUNT
    assert answer(WORD, KnownOrder(8_000, confirmed=True)) is Answer.ALREADY_CONFIRMED
    assert answer(WORD, right) is Answer.CONFIRMED


def test_answers_read_as_the_bank_expects() -> None:
    assert Answer.CONFIRMED.body == {"RspCode": "00", "Message": "Confirm Success"}
    assert [a.body["RspCode"] for a in Answer] == ["00", "01", "02", "04", "97", "99"]


# Asking the bank

ASKED = Asked("0197c3a100007000800000000000000a", TWO_O_CLOCK + timedelta(minutes=20))


def test_a_query_is_signed_over_its_nine_fields() -> None:
    body = query_request(OURS, ASKED, ORDER.transaction, TWO_O_CLOCK)
    text = (
        "0197c3a100007000800000000000000a|2.1.0|querydr|TESTCODE|PAY-20260305-000001|20260305140000"
        "|20260305142000|127.0.0.1|querydr PAY-20260305-000001"
    )
    assert body["vnp_SecureHash"] == signature("TESTSECRET", text)
    assert "|".join(v for k, v in body.items() if k != "vnp_SecureHash") == text


def test_a_refund_is_signed_over_its_thirteen_fields() -> None:
    body = refund_request(OURS, ASKED, WORD, TWO_O_CLOCK, "officer")
    text = (
        "0197c3a100007000800000000000000a|2.1.0|refund|TESTCODE|02|PAY-20260305-000001|800000"
        "|14226112|20260305140000|officer|20260305142000|127.0.0.1|refund PAY-20260305-000001"
    )
    assert body["vnp_SecureHash"] == signature("TESTSECRET", text)


def told_of_query(**changes: object) -> dict[str, object]:
    told: dict[str, object] = {
        "vnp_ResponseId": "a1",
        "vnp_Command": "querydr",
        "vnp_ResponseCode": "00",
        "vnp_Message": "QueryDR Success",
        "vnp_TmnCode": "TESTCODE",
        "vnp_TxnRef": "PAY-20260305-000001",
        "vnp_Amount": "800000",
        "vnp_BankCode": "NCB",
        "vnp_PayDate": "20260305140312",
        "vnp_TransactionNo": "14226112",
        "vnp_TransactionType": "01",
        "vnp_TransactionStatus": "00",
        "vnp_OrderInfo": "Le phi",
    }
    told |= changes
    names = [*told, "vnp_PromotionCode", "vnp_PromotionAmount"]
    text = "|".join(str(told.get(name) or "") for name in names[:15])
    return told | {"vnp_SecureHash": signature("TESTSECRET", text)}


def test_a_genuine_answer_to_a_query_is_believed() -> None:
    assert read_query_answer(OURS, told_of_query(), ORDER.transaction) == WORD


def test_an_answer_is_signed_with_its_empty_promotion_fields() -> None:
    text = (
        "a1|querydr|00|QueryDR Success|TESTCODE|PAY-20260305-000001|800000|NCB|20260305140312"
        "|14226112|01|00|Le phi||"
    )
    assert told_of_query()["vnp_SecureHash"] == signature("TESTSECRET", text)


def test_an_unfinished_attempt_is_pending() -> None:
    told = told_of_query(vnp_TransactionStatus="01")
    word = read_query_answer(OURS, told, ORDER.transaction)
    assert word is not None and word.outcome is Outcome.PENDING


def test_an_attempt_the_bank_does_not_know_is_none() -> None:
    assert read_query_answer(OURS, told_of_query(vnp_ResponseCode="91"), "any") is None


def test_an_answer_that_is_none_is_turned_away() -> None:
    with pytest.raises(TurnedAway, match="94"):
        read_query_answer(OURS, told_of_query(vnp_ResponseCode="94"), ORDER.transaction)


@pytest.mark.parametrize(
    "name", ["vnp_Amount", "vnp_TransactionStatus", "vnp_TxnRef", "vnp_OrderInfo", "vnp_Message"]
)
def test_a_forged_answer_is_not_believed(name: str) -> None:
    told = told_of_query() | {name: "1"}
    with pytest.raises(NotGenuine):
        read_query_answer(OURS, told, ORDER.transaction)


def test_an_answer_about_another_transaction_is_not_believed() -> None:
    with pytest.raises(NotGenuine, match="another"):
        read_query_answer(OURS, told_of_query(vnp_TxnRef="OTHER"), ORDER.transaction)


def test_an_answer_to_another_question_is_not_believed() -> None:
    with pytest.raises(NotGenuine, match="not an answer"):
        read_query_answer(OURS, told_of_query(vnp_Command="refund"), ORDER.transaction)


def told_of_refund(code: str, status: str) -> dict[str, object]:
    told: dict[str, object] = {
        **told_of_query(),
        "vnp_Command": "refund",
        "vnp_ResponseCode": code,
        "vnp_TransactionType": "02",
        "vnp_TransactionStatus": status,
    }
    del told["vnp_SecureHash"]
    text = "|".join(str(value) for value in told.values())
    return told | {"vnp_SecureHash": signature("TESTSECRET", text)}


@pytest.mark.parametrize(
    ("code", "status", "became"),
    [
        ("00", "05", Outcome.SUCCESS),
        ("00", "00", Outcome.SUCCESS),
        ("00", "09", Outcome.FAILURE),
        ("94", "", Outcome.SUCCESS),
        ("99", "", Outcome.PENDING),
        ("95", "", Outcome.FAILURE),
    ],
)
def test_what_the_bank_says_to_a_refund(code: str, status: str, became: Outcome) -> None:
    word = read_refund_answer(OURS, told_of_refund(code, status), ORDER.transaction)
    assert word.outcome is became


def test_every_failure_has_words_in_both_languages() -> None:
    assert all(vi and en and vi != en for vi, en in MEANINGS.values())
    never_failed = {"00", "01", "04", "05", "06", "07"}
    assert never_failed.isdisjoint(MEANINGS)
    assert meaning_of("4711")[1] == "The bank's answer is unclear."


def test_a_failure_is_named_by_the_status_where_the_answer_itself_went_well() -> None:
    word = read_call(OURS, call(vnp_TransactionStatus="02"))
    assert (word.outcome, word.code) == (Outcome.FAILURE, "02")
    assert meaning_of(word.code) != meaning_of("4711")


def test_the_secret_does_not_show_in_what_is_logged() -> None:
    assert "TESTSECRET" not in repr(OURS)
