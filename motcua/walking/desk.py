"""What the officers of the story do, each with the roles of their own."""

from typing import Any

from chassis.clock import new_id
from motcua.local.sample_people import (
    APPROVER,
    CASHIER,
    CLERK,
    INTAKE,
    PASSWORD,
    SPECIALIST,
    SamplePerson,
)

from .citizen import Citizen, sample_pdf
from .province import Caller, Province, Unexpected, until

_PAGES = 3


class Desk:
    """The sample officers of one agency, working on one dossier."""

    def __init__(self, province: Province, citizen: Citizen) -> None:
        """Sit down at the desk."""

        def officer(person: SamplePerson, name: str) -> Caller:
            return Caller(province, name, person.login, PASSWORD)

        self._citizen, self._errand = citizen, citizen.errand
        self.intake = officer(INTAKE, "intake officer")
        self.specialist = officer(SPECIALIST, "specialist")
        self.approver = officer(APPROVER, "approver")
        self.clerk = officer(CLERK, "clerk")
        self.cashier = officer(CASHIER, "cashier")
        self.code = ""

    async def appointed(self) -> None:
        """Wait until the submission and payment services know of the desk's appointments."""
        places = (
            (self.intake, "submission", "/desk/dossiers"),
            (self.cashier, "payment", "/desk/payments"),
        )
        for officer, service, path in places:

            async def known(o: Caller = officer, s: str = service, p: str = path) -> bool | None:
                try:
                    await o.get(s, p)
                except Unexpected:
                    return None
                return True

            await until(f"{service} to know of the appointments", known)

    async def ask_for_supplement(self) -> None:
        """Ask, once and completely, for a better copy of the last paper."""
        papers = self._errand.papers
        item = papers[-1]["code"] if papers else self._first_field()
        why = "Bản chụp bị mờ, đề nghị gửi bản rõ hơn."
        await self._decide(
            self.intake, "supplement-request", {"items": [{"item": item, "reason": why}]}
        )

    def _first_field(self) -> str:
        section = self._errand.procedure["forms"][0]["sections"][0]
        return f"{section['key']}.{section['fields'][0]['key']}"

    async def receive(self) -> None:
        """Take the dossier in; count the pages where the fee is by the page."""
        fee = self._errand.procedure["fee"]
        by_page = bool(fee["amount"]) and fee["per_page"]
        body = {"fee": fee["amount"] * _PAGES} if by_page else {}
        self.code = (await self._decide(self.intake, "intake", body))["number"]

    async def take_cash(self) -> None:
        """Take the fee in cash, with a receipt; wait until the dossier knows."""
        payment = await until("the fee to be asked for", self._citizen.payment)
        path = f"/payments/{payment['payment_id']}/cash"
        paid = {"amount": payment["amount"]}
        await self.cashier.post("payment", path, paid, seen=payment["version"])

        async def settled() -> bool | None:
            return (await self._citizen.look())["payment"] == "paid" or None

        await until("the dossier to know of the cash", settled)

    async def forward(self) -> None:
        """Pass the dossier to the specialists."""
        await self._decide(self.intake, "forwarding", {})

    async def examine(self) -> None:
        """Examine the papers."""
        found = {"findings": "Hồ sơ đầy đủ, hợp lệ."}
        await self._decide(self.specialist, "examination", found)

    async def propose(self) -> None:
        """Propose to grant what is asked for."""
        await self._decide(self.specialist, "proposal", {"outcome": "granted"})

    async def approve(self) -> None:
        """Approve the proposal."""
        await self._decide(self.approver, "approval")

    async def issue(self) -> None:
        """Sign, number and issue the result."""
        body = await self._result_file(self.clerk)
        await self._decide(self.clerk, "result", body)

    async def complete(self) -> None:
        """Issue the result at once, as same-day procedures are done."""
        body = await self._result_file(self.approver)
        await self._decide(self.approver, "completion", body)

    async def _result_file(self, officer: Caller) -> dict[str, Any]:
        file_id = new_id()
        result = sample_pdf(self._errand.procedure["result_vi"], self._citizen.full_name)
        path = f"{self._errand.path}/result-file/{file_id}"
        await officer.upload("submission", path, "kết quả.pdf", result)
        return {"file_id": str(file_id), "number": f"{self.code.rpartition('-')[2]}/KQ-UBND"}

    async def hand_over(self) -> None:
        """Give the result to the citizen, who has come for it."""
        receiver = {
            "receiver": self._citizen.full_name,
            "id_number": self._citizen.id_number,
            "identity_checked": True,
        }
        await self._decide(self.clerk, "hand-over", receiver)

    async def post(self) -> None:
        """Give the result to the post."""
        await self._decide(self.clerk, "posting", {"tracking": "EB123456789VN"})

    async def delivered(self) -> None:
        """Note that the post has handed the result over."""
        await self._decide(self.clerk, "delivery")

    async def _decide(self, officer: Caller, what: str, body: object = None) -> Any:
        """Look at the dossier, then decide on the version seen."""
        seen = (await officer.get("submission", self._errand.path))["version"]
        return await officer.post("submission", f"{self._errand.path}/{what}", body, seen=seen)
