"""Sample people of a province on one's own machine: a desk, an administrator, an auditor, a citizen.

Their passwords are known to everybody, so they exist only with MOTCUA_ENV=local.
"""

from dataclasses import dataclass

import httpx

from chassis.clock import utc_now
from chassis.service import open_tools
from chassis.settings import Settings
from contracts.values import AgencyCode, DeskRole, PersonId
from motcua.local.trouble import Trouble
from motcua.walking.province import Caller, Province
from services.accounts.main import accounts
from services.accounts.staffing import enlist

PASSWORD = "mot-cua-tren-may-toi"
"""Of every sample account ("one door, on my machine")."""

AGENCY = AgencyCode("H23.39.02")
"""UBND xã Bình Lãng."""


@dataclass(frozen=True)
class SamplePerson:
    """Who can sign in on this machine, and as what."""

    login: str
    name: str
    kind: str
    roles: tuple[DeskRole, ...] = ()


ADMINISTRATOR = SamplePerson("quantri@tinh.example.vn", "Đỗ Thị Hải", "administrator")
AUDITOR = SamplePerson("kiemtra@tinh.example.vn", "Lý Văn Kiên", "auditor")
INTAKE = SamplePerson("motcua@binhlang.example.vn", "Trần Thị Mai", "staff", (DeskRole.INTAKE,))
SPECIALIST = SamplePerson(
    "chuyenvien@binhlang.example.vn", "Phạm Văn Đức", "staff", (DeskRole.SPECIALIST,)
)
APPROVER = SamplePerson(
    "chutich@binhlang.example.vn", "Vũ Quang Huy", "staff", (DeskRole.APPROVER,)
)
CLERK = SamplePerson("vanthu@binhlang.example.vn", "Bùi Thu Hà", "staff", (DeskRole.CLERK,))
CASHIER = SamplePerson("thuquy@binhlang.example.vn", "Ngô Thị Lan", "staff", (DeskRole.CASHIER,))

DESK = (INTAKE, SPECIALIST, APPROVER, CLERK, CASHIER)
EVERYBODY = (ADMINISTRATOR, AUDITOR, *DESK)


async def ensure_people(settings: Settings, agency: AgencyCode = AGENCY) -> tuple[SamplePerson, ...]:
    """Make sure that the sample people exist and that the desk's hold their roles at an agency.

    `settings` are those of accounts. Trouble anywhere but on one's own machine.
    """
    if not settings.local:
        raise Trouble("Sample people exist only with MOTCUA_ENV=local.")
    async with open_tools(accounts, settings) as tools:
        ids = {
            person: await enlist(
                tools,
                kind=person.kind,
                email=person.login,
                full_name=person.name,
                password=PASSWORD,
                now=utc_now(),
            )
            for person in EVERYBODY
        }
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        await _appoint(Province(settings, http), {p: ids[p] for p in DESK}, agency)
    return EVERYBODY


async def _appoint(
    province: Province, desk: dict[SamplePerson, PersonId], agency: AgencyCode
) -> None:
    administrator = Caller(province, "administrator", ADMINISTRATOR.login, PASSWORD)
    held = await administrator.get("accounts", "/appointments", agency=agency)
    there = {(found["person_id"], tuple(found["roles"])) for found in held}
    for person, person_id in desk.items():
        roles = [role.value for role in person.roles]
        if (str(person_id), tuple(roles)) not in there:
            appointment = {"person_id": str(person_id), "agency": agency, "roles": roles}
            await administrator.post("accounts", "/appointments", appointment)
