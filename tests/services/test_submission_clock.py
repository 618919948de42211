"""What reaches the submission service by itself: time, money, messages; and what is swept away."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from at_hand import settings_of, signed_in
from submission_at_hand import AN, MAI, NewDatabase, Place, town

from chassis.changes import Origin
from chassis.clock import utc_now
from chassis.following import units_of
from chassis.service import Tools, open_tools
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.identity import fee_of
from contracts.notification import NotificationFailed
from contracts.payment import FeePaid, ReceiptIssued
from contracts.values import AgencyCode, DossierId, MessageId, PaymentMethod, PersonId
from services.submission.assembly import sweeps
from services.submission.main import submission
from services.submission.reactions import react


@asynccontextmanager
async def worker(place: Place, folder: Path) -> AsyncGenerator[Tools]:
    """Open the service's tools, as its worker does."""
    settings = settings_of("submission", place.database, blobs_url=f"file://{folder}")
    async with open_tools(submission, settings) as tools:
        yield tools


async def sweep(tools: Tools, now: datetime) -> None:
    """Make every round once, at a moment."""
    for one in sweeps(replace(tools, now=lambda: now)):
        await one.run()


async def hear(tools: Tools, *events: Event) -> None:
    """Have the service react to what others published."""
    for event in events:
        envelope = Envelope(uuid4(), event.wire_name, "x", f"x-{uuid4()}", 1, 1, utc_now(), "c")
        effects = react.react(event, envelope)
        units = await units_of(tools.store, tools.commands, [(effects, Origin("x", "c"))])
        await tools.store.append_strict(units)


def paid(dossier: UUID, amount: int) -> FeePaid:
    """Money for a dossier's fee arrived."""
    owed = DossierId(dossier)
    return FeePaid(
        payment_id=fee_of(owed),
        dossier_id=owed,
        payer=PersonId(AN),
        amount=amount,
        method=PaymentMethod.VNPAY,
        at=utc_now(),
    )


async def half_an_upload() -> AsyncGenerator[bytes]:
    """Send a file whose sender goes away before anybody notes it."""
    yield b"half an upload"


def files_in(folder: Path) -> list[Path]:
    """List what the object store holds."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_paid_fee_frees_the_dossier_and_stands_beside_its_timeline(
    database: NewDatabase, tmp_path: Path
) -> None:
    blobs = f"file://{tmp_path}"
    async with town(database, blobs_url=blobs) as place, worker(place, tmp_path) as tools:
        dossier = await place.hand_in(AN, "paid")
        shown = await place.look(AN, dossier)
        assert (shown["status"], shown["payment"]) == (6, "due-online")
        assert (shown["fee"]["amount"], shown["fee"]["payment_id"]) == (
            16_000,
            str(fee_of(DossierId(dossier))),
        )
        receipt = ReceiptIssued(
            payment_id=fee_of(DossierId(dossier)),
            dossier_id=DossierId(dossier),
            payer=PersonId(AN),
            agency=AgencyCode("H23.40.09"),
            number="H23.40.09-26T-00000001",
            amount=16_000,
            at=utc_now(),
        )
        failed = NotificationFailed(
            message_id=MessageId(uuid4()),
            person_id=PersonId(AN),
            dossier_id=DossierId(dossier),
            about="submission.fee-required.v1",
            channel="mail",
            cause="no such mailbox",
            at=utc_now(),
        )
        money = paid(dossier, 16_000)
        await hear(tools, money, money, receipt, failed)
        settled = await place.look(AN, dossier)
        assert (settled["status"], settled["payment"]) == (1, "paid")
        told = {one["type"]: one["facts"] for one in settled["told"]}
        assert told["payment.receipt-issued.v1"]["number"] == receipt.number
        assert told["notification.notification-failed.v1"]["cause"] == "no such mailbox"
        assert not any(str(AN) in str(facts) for facts in told.values())
        never = uuid4()
        await hear(tools, paid(never, 8_000))
        headers = signed_in("citizen", AN)
        assert (await place.http.get(f"/dossiers/{never}", headers=headers)).status_code == 404


async def test_time_warns_then_misses_then_ends_the_waiting(
    database: NewDatabase, tmp_path: Path
) -> None:
    blobs = f"file://{tmp_path}"
    async with town(database, blobs_url=blobs) as place, worker(place, tmp_path) as tools:
        running, asked = await place.hand_in(AN), await place.hand_in(AN)
        await place.decide(MAI, running, "intake", {})
        item = {"items": [{"item": "id-card", "reason": "Bản chụp bị mờ."}]}
        await place.decide(MAI, asked, "supplement-request", item)

        async def happened(dossier: UUID) -> list[str]:
            rows = await place.rows(
                "select type from events where stream = $1 order by version", f"dossier-{dossier}"
            )
            return [row["type"].removeprefix("submission.").removesuffix(".v1") for row in rows]

        before = await happened(running)
        await sweep(tools, utc_now())
        assert await happened(running) == before
        due = datetime.fromisoformat((await place.look(AN, running))["clock"]["due"])
        for _ in range(2):
            await sweep(tools, due - timedelta(hours=2))
        assert await happened(running) == [*before, "deadline-approaching"]
        for _ in range(2):
            await sweep(tools, due + timedelta(days=1))
        assert await happened(running) == [*before, "deadline-approaching", "deadline-missed"]
        assert (await place.look(AN, running))["clock"]["late"]
        await sweep(tools, utc_now() + timedelta(days=60))
        assert (await happened(asked))[-1] == "dossier-lapsed"
        assert (await place.look(AN, asked))["status"] == 3


async def test_what_is_nobodys_is_swept_away(database: NewDatabase, tmp_path: Path) -> None:
    blobs = f"file://{tmp_path}"
    async with town(database, blobs_url=blobs) as place, worker(place, tmp_path) as tools:
        handed_in, abandoned = await place.hand_in(AN), await place.begin(AN)
        await place.send(AN, abandoned)

        await tools.blobs.write(bytes(32), "nobody", half_an_upload(), 100)
        files = files_in(tmp_path)
        assert len(files) == 3
        await sweep(tools, utc_now() + timedelta(hours=1))
        assert sorted(files_in(tmp_path)) == sorted(files)
        await sweep(tools, utc_now() + timedelta(days=91))
        assert len(files_in(tmp_path)) == 1
        assert await place.rows("select from spent_challenges") == []
        drafts = await place.rows("select dossier_id from drafts")
        assert [row["dossier_id"] for row in drafts] == [handed_in]
        paper = (await place.look(AN, handed_in))["papers"][0]["file_id"]
        answer = await place.http.get(
            f"/dossiers/{handed_in}/files/{paper}", headers=signed_in("citizen", AN)
        )
        assert answer.content.startswith(b"%PDF")
