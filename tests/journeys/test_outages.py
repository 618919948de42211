"""A part of the province is gone: the others go on, and all catches up when it is back."""

from asyncio import gather

from people_at_hand import WITH_FEE, WITHOUT_FEE, People
from province_at_hand import APIS, ProvinceAtHand, without

from contracts.values import Status


async def test_handing_in_and_deciding_go_on_without_catalogue_notification_and_payment(
    people: People, province: ProvinceAtHand
) -> None:
    payer, waiting = await gather(people.prepared(WITH_FEE), people.prepared(WITHOUT_FEE))
    desk = await people.desk(waiting)
    gone = ("catalogue", "notification", "payment")
    await province.kill(*gone)
    await province.worker_of(*without(APIS, gone))
    await payer.submit()
    await waiting.submit()
    await desk.receive()
    await desk.forward()
    assert (await payer.look())["status"] == Status.PAYMENT_REQUIRED
    await province.begin(*gone, "worker")
    await payer.pay()
    assert await people.mails_of(waiting.errand.dossier)
    await people.agree()


async def test_officers_go_on_deciding_without_accounts(
    people: People, province: ProvinceAtHand
) -> None:
    citizen = await people.applicant(WITHOUT_FEE, "online")
    desk = await people.desk(citizen)
    for officer in (desk.intake, desk.specialist, desk.approver, desk.clerk):
        await officer.sign_in()
    await province.kill("accounts")
    await desk.receive()
    await desk.forward()
    await desk.examine()
    await desk.propose()
    await desk.approve()
    await desk.issue()
    await citizen.collect()
    await province.begin("accounts")
    assert await people.mails_of(citizen.errand.dossier)
    await people.stored(citizen)


async def test_handing_in_and_deciding_go_on_without_kafka(
    people: People, province: ProvinceAtHand
) -> None:
    payer, waiting = await gather(people.prepared(WITH_FEE), people.prepared(WITHOUT_FEE))
    desk = await people.desk(waiting)
    await province.kill("kafka")
    await payer.submit()
    await waiting.submit()
    await desk.receive()
    assert await payer.payment() is None
    await province.begin("kafka")
    await payer.pay()
    assert await people.mails_of(waiting.errand.dossier)
    await people.agree()
