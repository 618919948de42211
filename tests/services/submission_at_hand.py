"""A commune with a few procedures, its people and officers, and the submission service's real API.

async with town(database) as place:
    dossier = await place.hand_in(AN)
    await place.decide(MAI, dossier, "intake", {})
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import altcha
import asyncpg
import httpx
from at_hand import appoint, running_api, signed_in
from good_files import pdf
from servers_at_hand import Database

from contracts.catalogue import Agency, AgencyKind, ProcedureVersion
from contracts.form_definition import FormDefinition
from contracts.values import (
    AgencyCode,
    Component,
    ComponentCode,
    ComponentKind,
    FeeRule,
    LimitUnit,
    ProcedureKey,
    ResultChannel,
    TimeLimit,
)

NewDatabase = Callable[..., Awaitable[Database]]

AN, BINH = uuid4(), uuid4()
"""Citizens."""

MAI, NAM, HOA, SON, TAM = (uuid4() for _ in range(5))
"""Officers of Bình Lãng: intake, specialist, approver, clerk, cashier."""

FAR = uuid4()
"""An officer of another commune, with every role."""

BINH_LANG, THANH_MIEN = "H23.40.09", "H23.40.10"
ROLES = {MAI: "intake", NAM: "specialist", HOA: "approver", SON: "clerk", TAM: "cashier"}

FORM = FormDefinition.model_validate(
    {
        "code": "TK01",
        "name_vi": "Tờ khai",
        "name_en": "Declaration",
        "sections": [
            {
                "key": "person",
                "title_vi": "Người yêu cầu",
                "title_en": "Person",
                "fields": [
                    {
                        "key": "full_name",
                        "label_vi": "Họ và tên",
                        "label_en": "Full name",
                        "type": "person_name",
                        "required": True,
                        "prefill": "applicant.full_name",
                    },
                    {
                        "key": "copies",
                        "label_vi": "Số bản",
                        "label_en": "Copies",
                        "type": "integer",
                        "min": 1,
                        "max": 10,
                    },
                ],
            }
        ],
    }
)
FILLED = {"person": {"full_name": "Nguyễn Văn An", "copies": 2}}


def procedure(key: str, **more: Any) -> ProcedureVersion:
    """Give a level-4 procedure of communes: a form and one paper, nothing owed, three days."""
    papers = (
        Component(
            code=ComponentCode("form"),
            name_vi="Tờ khai",
            name_en="Declaration",
            required=True,
            kind=ComponentKind.FORM,
            forms=("TK01",),
        ),
        Component(
            code=ComponentCode("id-card"),
            name_vi="Căn cước",
            name_en="Identity card",
            required=True,
            kind=ComponentKind.SCAN,
        ),
    )
    given: dict[str, Any] = {
        "key": ProcedureKey(key),
        "version": 1,
        "name_vi": "Cấp bản sao trích lục",
        "name_en": "Copy of an extract",
        "sector": "civil-status",
        "sector_vi": "Hộ tịch",
        "sector_en": "Civil status",
        "level": 4,
        "full_process": True,
        "limit": TimeLimit(value=3, unit=LimitUnit.WORKING_DAY),
        "fee": FeeRule(amount=0),
        "components": papers,
        "forms": (FORM,),
        "channels": tuple(ResultChannel),
        "eligible": ("citizen", "organisation"),
        "result_vi": "Bản sao trích lục",
        "result_en": "Copy of an extract",
        **more,
    }
    return ProcedureVersion(**given)


FREE = procedure("free")
PAID = procedure("paid", fee=FeeRule(amount=8_000, quantity_field="copies"))
SAME_DAY = procedure("same-day", limit=TimeLimit(value=1, unit=LimitUnit.SAME_DAY))


@dataclass(frozen=True)
class Place:
    """The service's door, and what people do at it."""

    http: httpx.AsyncClient
    database: Database

    async def begin(self, person: UUID, key: str = "free", agency: str = BINH_LANG) -> UUID:
        """Begin a draft."""
        dossier = uuid4()
        chosen = {"procedure": key, "agency": agency}
        answer = await self.http.put(
            f"/drafts/{dossier}", json=chosen, headers=signed_in("citizen", person)
        )
        assert answer.status_code == 201, answer.text
        return dossier

    async def write(self, person: UUID, dossier: UUID, *, seen: int = 1, **content: Any) -> Any:
        """Save a draft's content."""
        whole = {"form": "TK01", "values": FILLED, "channel": "online", **content}
        answer = await self.http.put(
            f"/drafts/{dossier}/content",
            json=whole,
            headers=signed_in("citizen", person, seen=seen),
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(
        self, person: UUID, dossier: UUID, content: bytes | None = None, file: UUID | None = None
    ) -> UUID:
        """Attach the identity card."""
        file = file or uuid4()
        answer = await self.http.put(
            f"/dossiers/{dossier}/files/{file}?component=id-card&source=scan",
            content=content or pdf(),
            headers=signed_in("citizen", person) | named("căn cước.pdf"),
        )
        assert answer.status_code in (200, 201), answer.text
        return file

    async def solve(self) -> str:
        """Solve a challenge."""
        asked = (await self.http.get("/captcha")).json()
        challenge = altcha.Challenge.from_dict(asked)  # pyright: ignore[reportUnknownMemberType]
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        return altcha.Payload(challenge, solution).to_base64()

    async def submit(
        self, person: UUID, dossier: UUID, key: str | None = None, captcha: str | None = None
    ) -> httpx.Response:
        """Hand a draft in."""
        body = {"confirmed": True, "captcha": captcha or await self.solve()}
        headers = signed_in("citizen", person, key=key)
        return await self.http.post(f"/drafts/{dossier}/submission", json=body, headers=headers)

    async def hand_in(self, person: UUID, key: str = "free", **content: Any) -> UUID:
        """Begin, fill in, attach, hand in."""
        dossier = await self.begin(person, key)
        await self.write(person, dossier, **content)
        await self.send(person, dossier)
        answer = await self.submit(person, dossier)
        assert answer.status_code == 201, answer.text
        return dossier

    async def look(self, person: UUID, dossier: UUID, kind: str = "citizen") -> Any:
        """Look at a dossier."""
        answer = await self.http.get(f"/dossiers/{dossier}", headers=signed_in(kind, person))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ask(self, person: UUID, dossier: UUID, what: str, body: object = None) -> Any:
        """Do something with a dossier of one's own."""
        return await self.http.post(
            f"/dossiers/{dossier}/{what}", json=body, headers=signed_in("citizen", person)
        )

    async def decide(self, officer: UUID, dossier: UUID, what: str, body: object = None) -> Any:
        """Look, then decide on the version seen."""
        seen = (await self.look(officer, dossier, "staff"))["version"]
        return await self.decide_on(seen, officer, dossier, what, body)

    async def decide_on(
        self, seen: int, officer: UUID, dossier: UUID, what: str, body: object = None
    ) -> httpx.Response:
        """Decide on a version."""
        headers = signed_in("staff", officer, seen=seen)
        return await self.http.post(f"/dossiers/{dossier}/{what}", json=body, headers=headers)

    async def process(self, dossier: UUID, *, until: str = "result") -> None:
        """Lead a dossier that was handed in through the desk, to its result."""
        steps: list[tuple[UUID, str, object]] = [
            (MAI, "intake", {}),
            (MAI, "forwarding", {}),
            (NAM, "examination", {"findings": "Đủ."}),
            (NAM, "proposal", {"outcome": "granted"}),
            (HOA, "approval", None),
        ]
        for officer, what, body in steps:
            answer = await self.decide(officer, dossier, what, body)
            assert answer.is_success, (what, answer.text)
            if what == until:
                return
        file = await self.result_file(dossier)
        issued = {"file_id": str(file), "number": "12/KQ-UBND"}
        answer = await self.decide(SON, dossier, "result", issued)
        assert answer.status_code == 201, answer.text

    async def result_file(self, dossier: UUID, officer: UUID = SON) -> UUID:
        """Send the file of a result."""
        file = uuid4()
        answer = await self.http.put(
            f"/dossiers/{dossier}/result-file/{file}",
            content=pdf(first=b"q Q q Q"),
            headers=signed_in("staff", officer) | named("kết quả.pdf"),
        )
        assert answer.status_code == 201, answer.text
        return file

    async def history(self, name: object, **query: Any) -> Any:
        """Read a dossier's history as an auditor."""
        answer = await self.http.get(
            f"/audit/dossiers/{name}", params=query, headers=signed_in("auditor")
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def reads(self, path: str, kind: str, person: UUID) -> Any:
        """See who looked at what is personal."""
        answer = await self.http.get(path, headers=signed_in(kind, person))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(self, query: str, *arguments: Any) -> list[Any]:
        """Ask the database itself."""
        connection = await asyncpg.connect(self.database.url("app"))
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()


def named(name: str) -> dict[str, str]:
    """Give the header with a file's name."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


@asynccontextmanager
async def town(database: NewDatabase, **settings: Any) -> AsyncGenerator[Place]:
    """Open the service with its copies of the catalogue and the appointments in place."""
    own = await database("submission")
    await copy_catalogue(own)
    for officer, role in ROLES.items():
        await appoint(own, officer, BINH_LANG, role)
    await appoint(own, FAR, THANH_MIEN, *ROLES.values())
    async with running_api("submission", own, **settings) as http:
        yield Place(http, own)


async def copy_catalogue(own: Database) -> None:
    """Put agencies and procedures where the catalogue's events would."""
    connection = await asyncpg.connect(own.url("app"))
    for code, name in ((BINH_LANG, "Bình Lãng"), (THANH_MIEN, "Thanh Miện")):
        agency = Agency(
            code=AgencyCode(code),
            name_vi=f"UBND xã {name}",
            name_en=f"People's Committee of {name}",
            kind=AgencyKind.COMMUNE,
        )
        await connection.execute(
            "insert into agencies values ($1, $2)", code, agency.model_dump_json()
        )
    for version in (FREE, PAID, SAME_DAY):
        await connection.execute(
            "insert into procedures values ($1, $2, $3, $4)",
            *(version.key, version.version, version.model_dump_json(), datetime.now(UTC)),
        )
    await connection.close()
