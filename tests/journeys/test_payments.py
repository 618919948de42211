"""Money for a dossier while the bank calls ten times, late, falsely, or never."""

from asyncio import gather
from collections.abc import AsyncIterator
from typing import Any

import pytest
from people_at_hand import People
from province_at_hand import ProvinceAtHand

from contracts.values import Status
from motcua.walking.citizen import Citizen
from motcua.walking.province import until

TOLD = "payment.fee-paid.v1"


@pytest.fixture(autouse=True)
async def well_behaved(people: People) -> AsyncIterator[None]:
    """Let the bank behave again after each test."""
    yield
    await people.behave()


async def refund_of(people: People, citizen: Citizen) -> dict[str, Any]:
    """Wait for the one refund of a payment to be proposed."""

    async def proposed() -> dict[str, Any] | None:
        refunds = (await people.payment(citizen))["refunds"]
        return refunds[0] if refunds else None

    return await until("a refund to be proposed", proposed)


async def test_ten_calls_at_once_settle_once(people: People) -> None:
    citizen = await people.applicant()
    ear = await people.listen(citizen)
    await people.pay(citizen, times=10)
    payment = await people.settled(citizen)
    answers = [call["answer"] for call in await people.called(10)]
    assert all('"00"' in answer or '"02"' in answer for answer in answers), answers
    assert len(payment["money"]) == 1
    assert not payment["refunds"]
    heard = await ear.heard()
    assert heard.count(TOLD) == 1
    assert heard.count("payment.receipt-issued.v1") == 1
    assert (await people.log_of(citizen.errand.dossier)).count("submission.fee-settled.v1") == 1


@pytest.mark.parametrize(
    ("lie", "answered"), [({"forged": True}, "97"), ({"amount": 1}, "04")], ids=["forged", "amount"]
)
async def test_a_lie_settles_nothing_and_the_bank_s_own_word_does(
    people: People, lie: dict[str, object], answered: str
) -> None:
    citizen = await people.applicant()
    await people.pay(citizen, **lie)
    (call,) = await people.called(1)
    assert answered in call["answer"]
    payment = await people.payment(citizen)
    assert (payment["status"], payment["money"]) == ("open", [])
    assert (await citizen.look())["status"] == Status.PAYMENT_REQUIRED
    await citizen.caller.post("payment", f"/payments/{payment['payment_id']}/check")
    assert (await people.settled(citizen))["status"] == "paid"


async def test_money_for_a_dossier_that_was_taken_back_meanwhile_goes_back(people: People) -> None:
    citizen = await people.applicant()
    transaction = await people.pay(citizen, late=2)
    reason = {"reason": "Tôi nộp nhầm thủ tục."}
    await citizen.caller.post("submission", f"{citizen.errand.path}/withdrawal", reason)
    refund = await refund_of(people, citizen)
    payment = await people.payment(citizen)
    assert sum(money["amount"] for money in payment["money"]) == refund["amount"]
    assert (refund["transaction"], refund["stage"]) == (transaction, "proposed")
    desk = await people.desk(citizen)
    path = f"/payments/{payment['payment_id']}/refunds/{transaction}/approval"
    await desk.approver.post("payment", path, seen=payment["version"])

    async def given_back() -> bool | None:
        return (await refund_of(people, citizen))["stage"] == "refunded" or None

    await until("the bank to give it back", given_back)
    await people.agree()


async def test_a_payment_nobody_told_of_is_named_and_settled_by_the_doctor(
    people: People, province: ProvinceAtHand
) -> None:
    citizen = await people.applicant()
    await people.pay(citizen, silent=True)
    code, found = await province.answer("doctor", "--grace", "0")
    mine = [one for one in found["found"] if one["dossier"] == citizen.errand.reference]
    owed = (await people.payment(citizen))["amount"]
    assert (code, {one["amount"] for one in mine}) == (1, {owed})
    assert "the bank has money that no payment knows of" in {one["what"] for one in mine}
    code, healed = await province.answer("doctor", "--heal", "--grace", "0")
    assert (code, healed["found"]) == (0, []), healed
    assert (await people.settled(citizen))["status"] == "paid"


async def test_a_transfer_is_settled_by_the_bank_s_note(people: People) -> None:
    citizen = await people.applicant()
    transaction = await people.set_out(citizen, "vietqr")
    way = await people.way(citizen, transaction)
    await people.outside.call("POST", "bank", "/api/transfers", json={"qr": way["qr_text"]})
    assert (await people.settled(citizen))["method"] == "vietqr"


async def test_the_clock_finds_what_nobody_told_of(
    people: People, province: ProvinceAtHand
) -> None:
    """A payment at the page by asking, a transfer by the statement."""
    at_the_page, by_transfer = await gather(people.applicant(), people.applicant())
    await people.turn(silent=True)
    await people.pay(at_the_page)
    way = await people.way(by_transfer, await people.set_out(by_transfer, "vietqr"))
    await people.outside.call("POST", "bank", "/api/transfers", json={"qr": way["qr_text"]})
    province.set("payment", SETTLE_AFTER_SECONDS="1")
    try:
        await province.begin("worker")
        paid = await gather(people.settled(at_the_page), people.settled(by_transfer))
    finally:
        province.set("payment", SETTLE_AFTER_SECONDS="3600")
        await province.begin("worker")
    assert [payment["money"][0]["source"] for payment in paid] == ["query", "statement"]
