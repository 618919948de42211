"""What the citizen of the story does, from registration to the result."""

import random
import re
from asyncio import to_thread
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import altcha

from chassis.clock import new_id, utc_now
from chassis.documents import Document, Letterhead, Paragraph, pdf
from contracts.values import AgencyCode
from motcua.local.trouble import Trouble

from .province import Caller, Province, Unexpected, until

_CODE = re.compile(r"\b(\d{6})\b")
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
_MIDDLE = ("Văn", "Thị", "Minh", "Thu", "Quang", "Ngọc", "Đức", "Thanh")
_GIVEN = ("An", "Bình", "Chi", "Dũng", "Hà", "Khánh", "Linh", "Nam", "Phúc", "Yến")


@dataclass
class Errand:
    """What is asked for, where, and how the result comes back; filled in along the way."""

    procedure: dict[str, Any]
    agency: AgencyCode
    channel: str
    dossier: UUID = field(default_factory=new_id)
    reference: str = ""
    paper: UUID = field(default_factory=new_id)

    @property
    def path(self) -> str:
        """The dossier's place in the submission service."""
        return f"/dossiers/{self.dossier}"

    @property
    def papers(self) -> list[dict[str, Any]]:
        """The papers that have to be attached."""
        return [c for c in self.procedure["components"] if c["required"] and c["kind"] != "form"]


class Citizen:
    """Somebody with a phone, a mail address and an errand."""

    def __init__(self, province: Province, errand: Errand) -> None:
        """Invent a person that nobody else is."""
        draw = random.SystemRandom()
        digits = "".join(draw.choices("0123456789", k=8))
        self.full_name = " ".join(draw.choice(names) for names in (_FAMILY, _MIDDLE, _GIVEN))
        self.born = f"19{draw.randint(60, 99)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        self.email = f"nguoidan{digits}@example.vn"
        self.phone = f"09{digits}"
        self.id_number = f"0300{self.born[2:4]}{digits[:6]}"
        self._password = f"mot cau that dai {digits}"
        self._province = province
        self.errand = errand
        self.account = ""
        self.caller = Caller(province, "citizen", self.email, self._password)

    async def register(self) -> None:
        """Register, and prove by a code that the mail address is theirs."""
        person = {
            "phone": self.phone,
            "email": self.email,
            "id_number": self.id_number,
            "full_name": self.full_name,
            "birth_date": self.born,
            "gender": "male",
            "password": self._password,
        }
        answer = await self._province.call("POST", "accounts", "/registrations", json=person)
        self.account = answer.json()["id"]
        code = await until("the mail with the code", self._code)
        await self._province.call(
            "POST", "accounts", f"/registrations/{self.account}/verification", json={"code": code}
        )
        await self.caller.sign_in()

    async def _code(self) -> str | None:
        found = (_CODE.search(mail["text"]) for mail in await self.mails())
        return next((match[1] for match in found if match), None)

    async def mails(self) -> list[dict[str, Any]]:
        """Read what the mail catcher has for this address."""
        answer = await self._province.call("GET", "mail", "/messages", params={"to": self.email})
        return answer.json()

    async def keep_a_paper(self) -> None:
        """Put a paper into the personal store, to be reused."""
        scan = sample_pdf("Giấy tờ tùy thân", self.full_name)
        path = f"/documents/{self.errand.paper}"
        await self.caller.upload("accounts", path, "giấy tờ tùy thân.pdf", scan)

    async def begin(self) -> None:
        """Begin a draft, fill in the form, choose how to receive the result."""
        draft = f"/drafts/{self.errand.dossier}"
        chosen = {"procedure": self.errand.procedure["key"], "agency": self.errand.agency}
        await self.caller.put("submission", draft, chosen)
        begun = await self.caller.get("submission", draft)
        content: dict[str, Any] = {**self._form(), "channel": self.errand.channel}
        if self.errand.channel == "post":
            content["address"] = {
                "recipient": self.full_name,
                "phone": self.phone,
                "detail": "Số 12, thôn Đông",
                "commune": "Xã Bình Lãng",
                "province": "Hải Dương",
            }
        await self.caller.put("submission", f"{draft}/content", content, seen=begun["version"])

    def _form(self) -> dict[str, Any]:
        """Fill in the first form the procedure offers, as its sample does."""
        offered = self.errand.procedure["forms"]
        return {"form": offered[0]["code"], "values": offered[0]["sample"]} if offered else {}

    async def attach(self) -> None:
        """Attach every required paper: the first from the personal store, the others as files."""
        for number, component in enumerate(self.errand.papers):
            if number == 0:
                chosen = {"document_id": str(self.errand.paper), "component": component["code"]}
                await self.caller.post("submission", f"{self.errand.path}/files", chosen)
            else:
                await self._attach_file(component)

    async def _attach_file(self, component: dict[str, Any]) -> None:
        path = f"{self.errand.path}/files/{new_id()}?component={component['code']}&source=scan"
        scan = sample_pdf(component["name_vi"], self.full_name)
        await self.caller.upload("submission", path, f"{component['code']}.pdf", scan)

    async def submit(self) -> None:
        """Confirm the data, solve the confirmation puzzle, hand in."""
        challenge = await self.caller.get("submission", "/captcha")
        sent: dict[str, object] = {"confirmed": True, "captcha": await to_thread(solve, challenge)}
        path = f"/drafts/{self.errand.dossier}/submission"
        accepted = await self.caller.post("submission", path, sent)
        self.errand.reference = accepted["number"]

    async def pay(self) -> None:
        """Pay at the bank's page and wait until its call has settled the fee."""
        payment = await until("the fee to be asked for", self.payment)
        path = f"/payments/{payment['payment_id']}/attempts"
        started = await self.caller.post("payment", path, {"method": "vnpay"})
        way = await self.caller.get("payment", f"{path}/{started['number']}")
        wish = {"pay_url": way["pay_url"], "outcome": "paid"}
        await self._province.call("POST", "bank", "/api/pay", json=wish)
        await self.until_status("the fee to be settled", 1)

    async def payment(self) -> dict[str, Any] | None:
        """Look at the dossier's payment, if one is asked for already."""
        mine = await self.caller.get("payment", "/payments")
        return next((p for p in mine if p["dossier_id"] == str(self.errand.dossier)), None)

    async def supplement(self) -> None:
        """Give what the desk asked for, and nothing else."""
        component = self.errand.papers[-1] if self.errand.papers else None
        if component is None:
            detail = await self.look()
            values = {item: "Đã bổ sung" for item in detail["asked"]["items"]}
            await self.caller.post(
                "submission", f"{self.errand.path}/supplement", {"values": values}
            )
            return
        file_id = new_id()
        path = f"{self.errand.path}/files/{file_id}?component={component['code']}&source=photo"
        again = sample_pdf(f"{component['name_vi']} (bản rõ hơn)", self.full_name)
        await self.caller.upload("submission", path, "bản rõ hơn.pdf", again)
        answer = {"files": [str(file_id)]}
        await self.caller.post("submission", f"{self.errand.path}/supplement", answer)

    async def collect(self) -> None:
        """Collect the result online, and fetch it."""
        await self.caller.post("submission", f"{self.errand.path}/collection")
        await self.result()

    async def result(self) -> bytes:
        """Fetch the result's file."""
        return await self.caller.download("submission", f"{self.errand.path}/result")

    async def look(self) -> dict[str, Any]:
        """Look at the dossier."""
        return await self.caller.get("submission", self.errand.path)

    async def until_status(self, what: str, status: int) -> dict[str, Any]:
        """Wait until the dossier has a status."""

        async def there() -> dict[str, Any] | None:
            detail = await self.look()
            return detail if detail["status"] == status else None

        return await until(what, there)


def solve(challenge: dict[str, Any]) -> str:
    """Solve the puzzle against machines as a browser does: by computing for a moment."""
    asked = altcha.Challenge.from_dict(challenge)  # pyright: ignore[reportUnknownMemberType]
    solution = altcha.solve_challenge(asked)
    if solution is None:
        raise Unexpected("the confirmation puzzle has no solution")
    return altcha.Payload(asked, solution).to_base64()


def sample_pdf(title: str, name: str) -> bytes:
    """Make a paper for the story: plainly a sample, and a PDF like any other."""
    lines = (Paragraph(f"Của: {name}"), Paragraph("Bản mẫu, không có giá trị pháp lý."))
    return pdf(Document(title, utc_now(), lines, letterhead=Letterhead(("MẪU GIẤY TỜ",))))


async def choose(
    province: Province, wanted: str | None, agency: AgencyCode, channel: str | None
) -> Errand:
    """Find a procedure by its code or key; without one, a level-4 procedure with a fee."""
    procedure = await _find(province, wanted)
    key = procedure["key"]
    if procedure["level"] < 3:
        raise Trouble(f"{key} is level {procedure['level']}: nothing is handed in online.")
    offered = procedure["channels"]
    if channel and channel not in offered:
        raise Trouble(f"{key} offers {', '.join(offered)}, not {channel}.")
    first = next(each for each in ("online", "desk", "post") if each in offered)
    return Errand(procedure, agency, channel or first)


async def _find(province: Province, wanted: str | None) -> dict[str, Any]:
    level = {} if wanted else {"level": 4}
    query = {"limit": 300, **level}
    listed = (await province.call("GET", "catalogue", "/procedures", params=query)).json()
    for item in listed["procedures"]:
        if wanted is None or wanted in (item["key"], item["code"]):
            path = f"/procedures/{item['key']}"
            procedure = (await province.call("GET", "catalogue", path)).json()
            if wanted or pays_online(procedure):
                return procedure
    raise Trouble(f"The catalogue has no procedure {wanted or 'of level 4 with a fee'}.")


def pays_online(procedure: dict[str, Any]) -> bool:
    """Tell whether the applicant pays before the desk looks at the dossier."""
    fee = procedure["fee"]
    at_once = procedure["level"] == 4 and fee["timing"] == "submission" and not fee["per_page"]
    return bool(fee["amount"]) and at_once
