"""A dossier's past, folded from its log: at any instant, and only from a log nobody touched."""

from uuid import UUID

from people_at_hand import WITHOUT_FEE, People
from province_at_hand import ProvinceAtHand

from chassis.clock import utc_now

FORGE = """
    update events set meta = convert_to(replace(convert_from(meta, 'utf8'), $2, $3), 'utf8')
    where stream = 'dossier-' || $1
"""


async def rewrite(province: ProvinceAtHand, dossier: UUID, old: str, new: str) -> None:
    """Do what only a superuser of the database can do to a log."""
    guard = "alter table events {} trigger events_are_forever"
    await province.sql("submission", guard.format("disable"))
    await province.sql("submission", FORGE, str(dossier), old, new)
    await province.sql("submission", guard.format("enable always"))


async def test_a_dossier_is_shown_as_it_stood_then(
    people: People, province: ProvinceAtHand
) -> None:
    citizen = await people.applicant(WITHOUT_FEE)
    then, desk = utc_now(), await people.desk(citizen)
    await desk.receive()
    code, now = await province.answer("replay", desk.code)
    assert (code, now["ok"], now["status"], now["code"]) == (0, True, 2, desk.code)
    code, before = await province.answer("replay", desk.code, "--as-of", then.isoformat())
    assert (code, before["ok"], before["status"], before["code"]) == (0, True, 1, None)
    assert before["events"] == now["events"][: len(before["events"])] != now["events"]


async def test_a_log_that_was_rewritten_is_found_out(
    people: People, province: ProvinceAtHand
) -> None:
    citizen = await people.applicant(WITHOUT_FEE)
    dossier, person = citizen.errand.dossier, citizen.caller.person_id
    forged = person[:-1] + ("0" if person[-1] != "0" else "1")
    await rewrite(province, dossier, person, forged)
    try:
        code, told = await province.answer("replay", citizen.errand.reference)
    finally:
        await rewrite(province, dossier, forged, person)
    assert (code, told["ok"]) == (1, False)
    assert told["broken"].startswith("the chain breaks at version 1 ")
    code, told = await province.answer("replay", citizen.errand.reference)
    assert (code, told["broken"]) == (0, "")
