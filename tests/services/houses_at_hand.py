"""Each service opened with something of An's in it: a dossier, a payment, a paper, a message.

async with opened("payment", database, tmp_path) as house:
    assert (await house.knock("GET /payments", house.headers("owner"))).is_success
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from at_hand import appoint, running_api, settings_of
from doors_at_hand import AN, FAR, MAI, OFFICERS, House
from good_files import pdf
from payment_at_hand import running_town
from servers_at_hand import Database, NewDatabase
from submission_at_hand import BINH_LANG, FREE, THANH_MIEN, named, town

from chassis.changes import Origin
from chassis.clock import new_id, utc_now
from chassis.service import open_tools
from contracts.values import DossierId, MessageId, PersonId
from services.accounts.main import accounts
from services.accounts.staffing import enlist
from services.notification.main import notification
from services.notification.message import MessageWritten, Words, WriteMessage


@asynccontextmanager
async def opened(service: str, database: NewDatabase, folder: Path) -> AsyncGenerator[House]:
    """Open a service with something of An's in it, while the block lasts."""
    async with _OPENINGS[service](database, folder) as house:
        yield house


async def _staffed(own: Database, agency: str, elsewhere: str) -> None:
    await appoint(own, MAI, agency, *OFFICERS)
    await appoint(own, FAR, elsewhere, *OFFICERS)
    for role, (_, officer) in OFFICERS.items():
        await appoint(own, officer, agency, role)


@asynccontextmanager
async def _submission(database: NewDatabase, _: Path) -> AsyncGenerator[House]:
    async with town(database) as place:
        await _staffed(place.database, BINH_LANG, THANH_MIEN)
        dossier = await place.hand_in(AN)
        file = (await place.look(AN, dossier))["papers"][0]["file_id"]
        things = {"dossier_id": str(dossier), "file_id": file, "name": str(dossier)}
        yield House("submission", place.http, place.database, things)


@asynccontextmanager
async def _payment(database: NewDatabase, folder: Path) -> AsyncGenerator[House]:
    own = await database("payment")
    async with running_town(own, folder) as place:
        await _staffed(own, "H23.39.02", "H23.39.03")
        owed = await place.owe(payer=AN)
        seen = await place.see(owed)
        way = await place.set_out(owed, payer=AN)
        things = {
            "payment_id": str(owed),
            "dossier_id": str(seen.dossier_id),
            "transaction": way.transaction,
        }
        yield House("payment", place.api, own, things)


@asynccontextmanager
async def _notification(database: NewDatabase, _: Path) -> AsyncGenerator[House]:
    own = await database("notification")
    async with (
        running_api("notification", own) as http,
        open_tools(notification, settings_of("notification", own)) as tools,
    ):
        message, now = MessageId(uuid4()), utc_now()
        written = MessageWritten(
            message_id=message,
            person_id=AN,
            dossier_id=DossierId(uuid4()),
            about="submission.dossier-received.v1",
            cause=uuid4(),
            channel="inbox",
            words=Words(subject_vi="Đã nhận", text_vi="…", subject_en="Received", text_en="…"),
            happened_at=now,
            at=now,
        )
        await tools.commands.handle(message, WriteMessage(written), Origin("test", "test"))
        things = {"message_id": str(message), "dossier": str(written.dossier_id)}
        yield House("notification", http, own, things)


@asynccontextmanager
async def _catalogue(database: NewDatabase, _: Path) -> AsyncGenerator[House]:
    own = await database("catalogue")
    async with running_api("catalogue", own) as http:
        things = {"key": FREE.key, "year": "2026", "code": "TK01"}
        house = House("catalogue", http, own, things)
        agency = {"code": "TK01", "name_vi": "Tỉnh", "name_en": "Province", "kind": "province"}
        entries: dict[str, Any] = {
            "/agencies": agency,
            "/procedures": FREE.model_dump(mode="json"),
            "/calendar/2026": {"days": []},
        }
        for path, body in entries.items():
            answer = await http.post(path, json=body, headers=house.headers("administrator"))
            assert answer.is_success, answer.text
        yield house


@asynccontextmanager
async def _accounts(database: NewDatabase, folder: Path) -> AsyncGenerator[House]:
    own = await database("accounts")
    settings = {"blobs_url": f"file://{folder}"}
    async with (
        running_api("accounts", own, **settings) as http,
        open_tools(accounts, settings_of("accounts", own, **settings)) as tools,
    ):

        async def person(kind: Any, name: str) -> PersonId:
            return await enlist(
                tools,
                kind=kind,
                email=f"{kind}@example.vn",
                full_name=name,
                password="con mèo trèo cây cau hỏi thăm",
                now=utc_now(),
            )

        persons = {
            "officer": await person("staff", "Trần Thị Mai"),
            "administrator": await person("administrator", "Lê Văn Quản"),
            "auditor": await person("auditor", "Vũ Thị Soát"),
        }
        house = House("accounts", http, own, {}, persons)
        yield House("accounts", http, own, await _known_to_accounts(house), persons)


async def _known_to_accounts(house: House) -> dict[str, str]:
    appointment = {
        "person_id": str(house.persons["officer"]),
        "agency": BINH_LANG,
        "roles": ["intake"],
    }
    organisation = {"name": "Công ty An", "tax_code": "0100109106"}
    made = {
        "organisation_id": ("owner", "/organisations", organisation),
        "appointment_id": ("administrator", "/appointments", appointment),
    }
    things = {"person_id": str(house.persons["officer"]), "document_id": str(new_id())}
    for name, (caller, path, body) in made.items():
        answer = await house.http.post(path, json=body, headers=house.headers(caller))
        assert answer.status_code == 201, answer.text
        things[name] = answer.json()["id"]
    paper = await house.http.put(
        f"/documents/{things['document_id']}",
        content=pdf(),
        headers=house.headers("owner") | named("giấy.pdf"),
    )
    assert paper.status_code == 201, paper.text
    asked = {
        "phone": "0912345678",
        "email": "chi@example.vn",
        "id_number": "030095012345",
        "full_name": "Nguyễn Thị Chi",
        "birth_date": "1995-03-05",
        "gender": "male",
        "password": "con mèo trèo cây cau hỏi thăm",
    }
    waiting = await house.http.post("/registrations", json=asked)
    assert waiting.status_code == 201, waiting.text
    return {**things, "registration_id": waiting.json()["id"]}


_OPENINGS = {
    "accounts": _accounts,
    "catalogue": _catalogue,
    "submission": _submission,
    "payment": _payment,
    "notification": _notification,
}
