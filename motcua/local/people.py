"""Makes sure that the sample people exist on one's own machine, and that the desk has its roles."""

import httpx

from chassis.clock import utc_now
from chassis.service import open_tools
from chassis.settings import Settings
from contracts.values import AgencyCode, PersonId
from motcua.walking.province import Caller, Province
from services.accounts.main import accounts
from services.accounts.staffing import enlist

from .sample_people import ADMINISTRATOR, AGENCY, DESK, EVERYBODY, PASSWORD, SamplePerson
from .trouble import Trouble


async def ensure_people(
    settings: Settings, agency: AgencyCode = AGENCY
) -> tuple[SamplePerson, ...]:
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
