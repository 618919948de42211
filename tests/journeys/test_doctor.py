"""The services are made to disagree for real; the doctor names it and heals it by telling again."""

from datetime import datetime

from people_at_hand import People
from province_at_hand import ProvinceAtHand

from chassis.clock import utc_now
from chassis.consuming import cluster_id
from contracts.values import Status
from motcua.walking.province import until

DEAFEN = """
    insert into fences (consumer, topic, partition, cluster, next_offset, sequence)
    select $1, $2, p, $4, 0, $3 from generate_series(0, 11) p
    on conflict (consumer, topic, partition) do update set sequence = $3
"""
"""A service is made to believe that it has heard a publisher's log up to a position already."""

HEARD = "select coalesce(sum(next_offset), 0)::int from fences where consumer = $1 and topic = $2"


async def deafen(province: ProvinceAtHand, service: str, publisher: str) -> None:
    """Let a service miss what another has written down while no worker ran; run the worker."""
    topic = f"motcua.{publisher}"
    ((head,),) = await province.sql(publisher, "select max(position) from events")
    ((before,),) = await province.sql(service, HEARD, service, topic)
    cluster = await cluster_id(province.children.broker.bootstrap)
    await province.sql(service, DEAFEN, service, topic, head, cluster)
    await province.begin("worker")

    async def passed_over() -> bool | None:
        ((heard,),) = await province.sql(service, HEARD, service, topic)
        return heard > before or None

    await until(f"{service} to pass over what {publisher} said", passed_over)


async def test_what_a_service_missed_is_named_and_told_to_it_again(
    people: People, province: ProvinceAtHand
) -> None:
    began, citizen = utc_now(), await people.prepared()
    await province.kill("worker")
    await citizen.submit()
    await deafen(province, "notification", "submission")
    await people.payment(citizen)
    await province.kill("worker")
    await people.pay(citizen)
    await people.called(1)
    await deafen(province, "submission", "payment")

    code, told = await province.answer("doctor", "--grace", "0")
    found = {one["what"]: one for one in told["found"]}
    assert (code, told["ok"]) == (1, False)
    assert {one["dossier"] for one in told["found"]} == {citizen.errand.reference}
    unheard = found["paid, and the dossier does not know"]
    owed = (await people.payment(citizen))["amount"]
    assert unheard["amount"] == owed > 0
    assert began < datetime.fromisoformat(unheard["since"]) < utc_now()
    assert "nobody was told: submission.dossier-submitted.v1" in found
    _, table = await province.command("doctor", "--grace", "0")
    assert f"{owed:,}".replace(",", ".") in table
    assert (await citizen.look())["status"] == Status.PAYMENT_REQUIRED

    code, told = await province.answer("doctor", "--heal", "--grace", "0")
    assert (code, told["found"]) == (0, [])
    assert any("told submission again what payment published" in line for line in told["healed"])
    log = await people.log_of(citizen.errand.dossier)
    assert log.count("submission.fee-settled.v1") == 1
    mails = await people.mails_of(citizen.errand.dossier)
    assert mails["submission.dossier-submitted.v1"] == 1
    assert await province.answer("doctor", "--grace", "0") == (
        0,
        {"ok": True, "healed": [], "found": []},
    )


async def test_what_is_on_its_way_is_given_time(people: People, province: ProvinceAtHand) -> None:
    citizen = await people.applicant()
    await people.pay(citizen, silent=True)
    code, told = await province.answer("doctor", "--grace", "600")
    assert (code, told["found"]) == (0, [])
    code, told = await province.answer("doctor", "--heal", "--grace", "0")
    assert (code, told["found"]) == (0, [])


async def test_a_read_table_that_was_tampered_with_is_found_and_left_to_somebody(
    people: People, province: ProvinceAtHand
) -> None:
    citizen = await people.applicant()
    await people.payment(citizen)
    tamper = "update dossiers set payment = $2 where dossier_id = $1"
    await province.sql("submission", tamper, citizen.errand.dossier, "nothing-due")
    try:
        code, told = await province.answer("doctor", "--heal", "--grace", "0")
    finally:
        await province.sql("submission", tamper, citizen.errand.dossier, "due-online")
    assert code == 1
    assert [one["dossier"] for one in told["found"]] == [citizen.errand.reference]
    assert told["found"][0]["what"].startswith("the read table differs from the log")
