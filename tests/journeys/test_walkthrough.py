"""One dossier of each kind, from registration to the result, seen from outside alone."""

import pytest
from people_at_hand import WITHOUT_FEE, People
from province_at_hand import ProvinceAtHand

from chassis.mail import send_mail
from motcua.local.sample_people import INTAKE
from motcua.walking.story import Report, Told
from motcua.walkthrough import Wanted, walk

PAID_FIRST = "xac-nhan-thong-tin-ho-tich"
"""Level 4 with a fee, working days."""

SAME_DAY = "dang-ky-khai-sinh"
"""Level 4, nothing to pay, done the same day."""

COUNTED_BY_PAGE = "cap-ban-sao-co-chung-thuc-tu-ban-chinh-giao-dich-da-duoc-chung"

ONE_OF_EACH_KIND = [
    pytest.param(WITHOUT_FEE, "post", id="level 4, nothing to pay, working days, by post"),
    pytest.param(
        "dang-ky-viec-nuoi-con-nuoi-trong-nuoc", "desk", id="level 3, cash, calendar days, desk"
    ),
    pytest.param(COUNTED_BY_PAGE, "desk", id="level 3, a fee by the page, the same day"),
    pytest.param("cap-giay-xac-nhan-tinh-trang-hon-nhan", "online", id="a fee the officer sets"),
]


def broken(report: Report) -> dict[str, str]:
    """Name what did not hold."""
    return {check.name: check.detail for check in report.checks if not check.ok}


@pytest.mark.parametrize(("procedure", "channel"), ONE_OF_EACH_KIND)
async def test_a_dossier_goes_from_registration_to_its_result(
    province: ProvinceAtHand, procedure: str, channel: str | None
) -> None:
    report = await walk(province.settings, Wanted(procedure, channel=channel))
    assert not broken(report)
    assert report.ok


async def test_the_command_says_what_it_did_and_what_it_saw(province: ProvinceAtHand) -> None:
    code, told = await province.answer(
        "walkthrough", "--procedure", PAID_FIRST, "--channel", "desk"
    )
    assert (code, told["ok"]) == (0, True), told
    assert told.keys() == {"ok", "dossier", "seconds", "steps", "checks"}
    assert told["dossier"].startswith("H23.39.02-")
    assert {tuple(step) for step in told["steps"]} == {("actor", "did", "events", "ms")}
    assert {tuple(check) for check in told["checks"]} == {("name", "ok", "detail")}
    heard = {event for step in told["steps"] for event in step["events"]}
    assert heard >= {
        "accounts.account-registered.v1",
        "submission.dossier-submitted.v1",
        "payment.fee-paid.v1",
        "submission.fee-settled.v1",
        "submission.supplement-requested.v1",
        "submission.result-issued.v1",
        "submission.result-handed-over.v1",
    }


async def test_a_walk_that_somebody_ends_is_not_well(
    people: People, province: ProvinceAtHand
) -> None:
    async def refuse(step: Told) -> None:
        if step.did == "confirms and hands in":
            ((dossier, seen),) = await province.sql(
                "submission",
                "select dossier_id, version from dossiers order by submitted_at desc limit 1",
            )
            reason = {"reason": "Hồ sơ không thuộc thẩm quyền của xã."}
            path = f"/dossiers/{dossier}/refusal"
            await people.officer(INTAKE).post("submission", path, reason, seen=seen)

    report = await walk(province.settings, Wanted(WITHOUT_FEE), refuse)
    assert not report.ok
    assert "409" in broken(report)["every step was done"]
    assert len(report.steps) == 5


async def test_a_mail_that_comes_twice_is_not_well(
    people: People, province: ProvinceAtHand
) -> None:
    async def post_again(step: Told) -> None:
        if step.did == "collects the result online":
            mails = (await people.outside.call("GET", "mail", "/messages")).json()
            to, number = mails[-1]["to"], mails[-1]["message_id"].strip("<>").partition("@")[0]
            await send_mail(
                province.settings, to=to, subject="Lần nữa", text="Lần nữa.", message_id=number
            )

    report = await walk(province.settings, Wanted(SAME_DAY, channel="online"), post_again)
    assert not report.ok
    assert broken(report).keys() == {"each mail came, and once"}


async def test_what_cannot_be_walked_is_said_in_a_sentence(province: ProvinceAtHand) -> None:
    code, said = await province.command("walkthrough", "--procedure", "khong-co")
    assert (code, said) == (2, "The catalogue has no procedure khong-co.\n")
