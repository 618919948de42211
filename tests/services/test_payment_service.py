"""The payment service over HTTP, with the sandbox bank: who pays, who settles, who gives back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from at_hand import signed_in
from payment_at_hand import AN, BINH, FEE, HOA, LAN, MINH, Town, eventually, running_town

from contracts.submission import ExemptionGranted
from contracts.values import PersonId
from services.payment.office import Office
from services.payment.payment.entries import BankSource
from services.payment.sweeps import ask_about_unanswered
from services.payment.vnpay import Outcome
from services.payment.vnpay_api import Asked


@pytest.fixture
async def town(database: Any, tmp_path: Path) -> AsyncIterator[Town]:
    """A payment service and its bank."""
    async with running_town(await database("payment"), tmp_path) as town:
        yield town


# Owing


async def test_a_required_fee_is_owed_by_its_payer_and_shown_to_nobody_else(town: Town) -> None:
    owed = await town.owe()
    mine = await town.api.get("/payments", headers=signed_in("citizen", AN))
    assert [(p["payment_id"], p["status"], p["amount"]) for p in mine.json()] == [
        (str(owed), "open", FEE)
    ]
    for person in (signed_in("citizen", BINH), signed_in("staff", MINH)):
        assert (await town.api.get(f"/payments/{owed}", headers=person)).status_code == 404
    for person in (signed_in("citizen", AN), signed_in("staff", LAN)):
        assert (await town.api.get(f"/payments/{owed}", headers=person)).status_code == 200


async def test_an_exemption_leaves_nothing_to_pay(town: Town) -> None:
    owed = await town.owe()
    seen = await town.see(owed)
    granted = {
        **seen.model_dump(include={"dossier_id", "payment_id", "payer", "reference", "amount"}),
        "agency": {"code": "H23.39.02", "name_vi": "UBND xã Bình Lãng", "name_en": "Binh Lang"},
        "basis": "Luật Hộ tịch Đ11",
        "officer": LAN,
        "at": datetime.now(UTC),
    }
    await town.hear(ExemptionGranted.model_validate(granted))
    assert (await town.see(owed)).status == "waived"
    path = f"/payments/{owed}/attempts"
    refused = await town.api.post(path, json={"method": "vnpay"}, headers=signed_in("citizen", AN))
    assert (refused.status_code, refused.json()["type"][-12:]) == (409, "nothing-owed")


# The bank's call


async def test_ten_calls_at_once_settle_once(town: Town) -> None:
    owed = await town.owe()
    await town.pay(owed, times=10)
    paid = await town.settled(owed)
    await eventually(town.calls, lambda calls: not any(call["left"] for call in calls))
    assert len([call for call in await town.calls() if call["tries"]]) == 10
    happened = await town.events(owed)
    assert happened.count("payment.fee-paid.v1") == happened.count("payment.receipt-issued.v1") == 1
    assert len((await town.see(owed)).money) == 1
    assert paid.receipt_number and paid.receipt_number.startswith("H23.39.02-")


async def test_the_browser_that_comes_back_settles_nothing(town: Town) -> None:
    owed = await town.owe()
    way = await town.pay(owed, silent=True)
    back = await town.bank.post("/api/pay", json={"transaction": way.transaction})
    query = urlsplit(str(back.json()["return_url"])).query
    shown = await town.api.get(f"/vnpay/return?{query}")
    assert (shown.status_code, shown.json()["status"]) == (200, "open")
    assert (await town.see(owed)).status == "open"


async def test_a_forged_call_is_refused_and_changes_nothing(town: Town) -> None:
    owed = await town.owe()
    await town.pay(owed, forged=True)
    made = await eventually(town.calls, lambda calls: any(call["answer"] for call in calls))
    assert '"97"' in made[0]["answer"]
    assert (await town.see(owed)).status == "open"


async def test_a_call_about_another_amount_is_a_mismatch_and_no_payment(town: Town) -> None:
    owed = await town.owe()
    await town.pay(owed, amount=FEE - 1_000)
    found = await town.until(owed, lambda view: bool(view.mismatches))
    assert (found.mismatches[0].told, found.status) == (FEE - 1_000, "open")
    assert "payment.payment-mismatch-found.v1" in await town.events(owed)
    asked = await town.api.post(f"/payments/{owed}/check", headers=signed_in("citizen", AN))
    assert (asked.json()["status"], asked.json()["money"][0]["source"]) == ("paid", "query")


async def test_a_late_call_settles_what_looked_failed(town: Town) -> None:
    owed = await town.owe()
    await town.pay(owed, late=1)
    office, seen = Office.of(town.tools), await town.see(owed)
    asked = Asked("0" * 32, at=datetime.now(UTC))
    word = await office.gateway.query(seen.attempts[0].transaction, seen.attempts[0].at, asked)
    assert word is not None
    failed = replace(word, outcome=Outcome.FAILURE, code="99")
    await office.asking.record(seen, failed, BankSource.QUERY, datetime.now(UTC))
    assert (await town.see(owed)).attempts[0].state == "failed"
    assert (await town.settled(owed)).attempts[0].state == "paid"


async def test_a_payment_broken_off_fails_says_why_and_can_be_tried_again(town: Town) -> None:
    owed = await town.owe()
    await town.pay(owed, "cancelled")
    failed = await town.until(owed, lambda view: view.attempts[0].state == "failed")
    assert (failed.attempts[0].code, failed.status) == ("24", "open")
    assert failed.attempts[0].why_vi == "Bạn đã hủy giao dịch."
    assert failed.attempts[0].why_en == "You cancelled the payment."
    await town.pay(owed)
    settled = await town.settled(owed)
    assert {attempt.why_vi for attempt in settled.attempts if attempt.state == "paid"} == {""}


# Silence


async def test_silence_is_asked_about_once_patience_ends(town: Town) -> None:
    owed = await town.owe()
    await town.pay(owed, silent=True)
    patient = Office.of(town.tools)
    await ask_about_unanswered(patient)
    assert (await town.see(owed)).status == "open"
    later = datetime.now(UTC) + timedelta(seconds=patient.patience + 1)
    await ask_about_unanswered(replace(patient, now=lambda: later))
    paid = await town.see(owed)
    assert (paid.status, paid.money[0].source) == ("paid", "query")


async def test_the_clock_settles_whatever_the_bank_never_told(town: Town) -> None:
    by_card, by_transfer = await town.owe(), await town.owe(payer=BINH)
    await town.bank.post("/knobs", json={"silent": True, "away": True})
    await town.pay(by_card)
    broken_off = await town.owe()
    await town.pay(broken_off, "cancelled")
    code = await town.set_out(by_transfer, "vietqr", payer=BINH)
    await town.bank.post("/api/transfers", json={"qr": code.qr_text})
    async with town.clock(patience=1):
        await asyncio.sleep(1.5)
        assert (await town.see(by_card)).status == "open"
        await town.bank.delete("/knobs")
        await town.settled(by_card)
        paid = await town.settled(by_transfer)
        await town.until(broken_off, lambda view: view.attempts[0].state == "failed")
    assert (paid.method, paid.money[0].source) == ("vietqr", "statement")


# Transfers


async def test_a_transfer_is_found_by_our_reference_in_what_was_typed(town: Town) -> None:
    owed = await town.owe()
    code = await town.set_out(owed, "vietqr")
    typed = f"nguyen van an ck {code.transaction.lower()} le phi"
    await town.bank.post("/api/transfers", json={"text": typed, "amount": FEE})
    assert (await town.settled(owed)).method == "vietqr"


async def test_a_code_paid_twice_proposes_to_give_the_second_back(town: Town) -> None:
    owed = await town.owe()
    code = await town.set_out(owed, "vietqr")
    await town.bank.post("/api/transfers", json={"qr": code.qr_text})
    await town.settled(owed)
    await town.bank.post("/knobs", json={"silent": True})
    await town.bank.post("/api/transfers", json={"qr": code.qr_text})
    admin = signed_in("administrator")
    for _ in range(2):
        told = await town.api.post("/reconciliation", headers=admin)
        assert len(told.json()["credits"]) == 2
    seen = await town.see(owed)
    assert (len(seen.money), seen.status, seen.refunds[0].cause) == (2, "paid", "duplicate")


async def test_money_nobody_knows_is_kept_for_somebody_to_look_after(town: Town) -> None:
    await town.bank.post("/api/transfers", json={"text": "tien dien thang 3", "amount": 50_000})

    async def everything() -> list[dict[str, Any]]:
        return (await town.api.get("/audit/payments", headers=signed_in("auditor"))).json()

    found = await eventually(everything, bool)
    assert [(p["status"], p["money"][0]["amount"]) for p in found] == [("unmatched", 50_000)]


# Cash


async def test_cash_at_the_desk_gets_the_agencys_next_receipt_number(town: Town) -> None:
    year = datetime.now(UTC) + timedelta(hours=7)
    for _ in range(2):
        owed = await town.owe("desk")
        headers = signed_in("staff", LAN, seen=(await town.see(owed)).version)
        path, cash = f"/payments/{owed}/cash", {"amount": FEE}
        taken = await town.api.post(path, json=cash, headers=headers)
        again = await town.api.post(path, json=cash, headers=headers)
        assert taken.status_code == 201 and taken.json() == again.json()
        written = str((await town.see(owed)).receipt_number)
        assert written == taken.json()["number"]
        assert written.startswith(f"H23.39.02-{year:%y}E-")
    gaps = await town.tools.pool.fetch("select number from number_gaps order by number")
    numbers = await town.tools.pool.fetch(
        "select (receipt->>'number')::int as n from payments order by n"
    )
    assert sorted([*(g["number"] for g in gaps), *(n["n"] for n in numbers)]) == [1, 2, 3, 4]


async def test_only_the_whole_fee_is_taken_by_a_cashier_of_the_agency(town: Town) -> None:
    owed = await town.owe("desk")
    wrong = await town.decide(LAN, owed, "cash", {"amount": FEE - 1})
    assert (wrong.status_code, wrong.json()["details"]) == (409, [str(FEE)])
    assert (await town.decide(HOA, owed, "cash", {"amount": FEE})).status_code == 403
    assert (await town.decide(MINH, owed, "cash", {"amount": FEE})).status_code == 404
    own = await town.owe("desk", payer=LAN)
    assert (await town.decide(LAN, own, "cash", {"amount": FEE})).status_code == 403


async def test_a_decision_on_an_older_version_is_not_made(town: Town) -> None:
    owed = await town.owe("desk")
    assert (await town.decide(LAN, owed, "cash", {"amount": FEE}, seen=1)).status_code == 409
    headers = signed_in("staff", LAN)
    unseen = await town.api.post(f"/payments/{owed}/cash", json={"amount": FEE}, headers=headers)
    assert unseen.status_code == 428
    assert (await town.see(owed)).status == "open"


# Giving back


async def propose(town: Town, owed: Any, officer: PersonId) -> str:
    settled_by = str((await town.settled(owed)).settled_by)
    body = {"transaction": settled_by, "reason": "Thu nhầm"}
    assert (await town.decide(officer, owed, "refunds", body)).status_code == 201
    return settled_by


async def test_one_proposes_another_approves_and_the_bank_gives_back_once(town: Town) -> None:
    owed = await town.owe()
    await town.pay(owed)
    money = await propose(town, owed, LAN)
    approval = f"refunds/{money}/approval"
    own = await town.decide(LAN, owed, approval)
    assert (own.status_code, own.json()["type"][-12:]) == (403, "own-proposal")
    assert (await town.decide(HOA, owed, approval)).status_code == 200
    assert (await town.see(owed)).refunds[0].stage == "approved"
    async with town.clock():
        given = await town.until(owed, lambda view: view.refunds[0].stage == "refunded")
    assert (given.status, given.refunds[0].decided_by) == ("closed", HOA)
    happened = await town.events(owed)
    assert happened.count("payment.fee-refunded.v1") == 1
    assert happened[-1] == "payment.receipt-cancelled.v1"


async def test_a_bank_that_is_away_is_asked_again_and_one_that_refuses_is_decided_anew(
    town: Town,
) -> None:
    owed = await town.owe()
    await town.pay(owed, times=1)
    money = await propose(town, owed, LAN)
    assert (await town.decide(HOA, owed, f"refunds/{money}/approval")).status_code == 200
    await town.bank.post("/knobs", json={"scope": money, "away": True})
    async with town.clock(patience=600):
        await asyncio.sleep(1)
        assert (await town.see(owed)).refunds[0].stage == "approved"
        await town.bank.post("/knobs", json={"scope": money, "refunds": "refused"})
        await town.until(owed, lambda view: view.refunds[0].stage == "failed")
        await town.bank.delete("/knobs")
        assert (await town.decide(HOA, owed, f"refunds/{money}/approval")).status_code == 200
        await town.until(owed, lambda view: view.refunds[0].stage == "refunded")


async def test_cash_is_given_back_by_hand_after_a_second_person_approved(town: Town) -> None:
    owed = await town.owe("desk")
    await town.decide(LAN, owed, "cash", {"amount": FEE})
    money = await propose(town, owed, LAN)
    early = await town.decide(LAN, owed, f"refunds/{money}/payback")
    assert early.status_code == 409
    assert (await town.decide(HOA, owed, f"refunds/{money}/approval")).status_code == 200
    assert (await town.decide(LAN, owed, f"refunds/{money}/payback")).status_code == 200
    assert (await town.see(owed)).refunds[0].stage == "refunded"
    assert await town.tools.pool.fetchval("select count(*) from errands") == 0


# Auditors


async def test_auditors_see_the_banks_book_and_change_nothing(town: Town) -> None:
    owed = await town.owe()
    way = await town.pay(owed, silent=True)
    book = await town.api.get("/statement", headers=signed_in("auditor"))
    assert [line["transaction"] for line in book.json()["credits"]] == [way.transaction]
    assert (await town.see(owed)).status == "open"
    await town.bank.post("/knobs", json={"away": True})
    away = await town.api.get("/statement", headers=signed_in("auditor"))
    assert (away.status_code, away.json()["type"][-9:]) == (503, "bank-away")
    nobody = await town.api.post("/reconciliation", headers=signed_in("auditor"))
    assert nobody.status_code == 403
