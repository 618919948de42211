"""What is asked of the accounts: who has this login, who is this, where are they reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson

from contracts.http.accounts import (
    AppointmentListed,
    Contact,
    Kind,
    Organisation,
    Profile,
    StaffListed,
)
from contracts.values import OrganisationId, PersonId

from .citizen_id import is_citizen_id
from .contacts import email_of, phone_of
from .person import PersonKind


@dataclass(frozen=True)
class Account:
    """What signing in needs to know."""

    person_id: PersonId
    kinds: tuple[PersonKind, ...]
    hash: str | None = field(repr=False)


class Queries:
    """Reads the tables of accounts."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool

    async def by_login(self, login: str) -> Account | None:
        """Find an account by e-mail address, citizen number or phone.

        Numbers prove nothing here, so several may claim one: it is the login of the first.
        """
        if email := email_of(login):
            return await self._account("email = $1", email)
        if is_citizen_id(login.strip()):
            return await self._account("id_number = $1", login.strip())
        if phone := phone_of(login):
            return await self._account("phone = $1", phone)
        return None

    async def _account(self, where: str, login: str) -> Account | None:
        row = await self._pool.fetchrow(
            "select person_id, kinds, hash from persons left join credentials using (person_id) "
            f"where {where} order by registered_at, person_id limit 1",
            login,
        )
        return None if row is None else Account(row["person_id"], tuple(row["kinds"]), row["hash"])

    async def has_account(self, email: str) -> bool:
        """Tell whether an address is somebody's."""
        return await self._account("email = $1", email) is not None

    async def kinds(self, person: PersonId) -> frozenset[str]:
        """Tell what an account may be used as."""
        found = await self._pool.fetchval("select kinds from persons where person_id = $1", person)
        return frozenset(found or ())

    async def profile(self, person: PersonId, kind: Kind) -> Profile | None:
        """Give what is known of a person."""
        row = await self._pool.fetchrow("select * from persons where person_id = $1", person)
        if row is None:
            return None
        known = _opened(row["details"])
        names = known.keys() & Profile.model_fields.keys()
        return Profile.model_validate(
            {
                "full_name": None,
                "email": None,
                **{name: known[name] for name in names},
                "person_id": person,
                "kind": kind,
                "kinds": row["kinds"],
                "version": row["version"],
                "verified": row["verified"],
            }
        )

    async def organisation_profile(self, organisation: OrganisationId) -> Profile | None:
        """Give what is known of an organisation; it is reached as its representative is."""
        row = await self._organisation(organisation)
        contact = None if row is None else await self.contact(row["representative"])
        if row is None or contact is None:
            return None
        known = _opened(row["particulars"])
        return Profile(
            person_id=organisation,
            kind="organisation",
            kinds=["organisation"],
            version=row["version"],
            full_name=known.get("name"),
            email=contact.email,
            verified=contact.verified,
            phone=known.get("phone"),
            tax_code=known.get("tax_code"),
            language=contact.language,
        )

    async def contact(self, person: PersonId) -> Contact | None:
        """Tell where a person or an organisation is reached."""
        row = await self._pool.fetchrow(
            "select details, verified from persons where person_id = $1", person
        )
        if row is None:
            return await self._contact_of_organisation(OrganisationId(person))
        known = _opened(row["details"])
        return Contact(
            email=known.get("email"),
            full_name=known.get("full_name"),
            language=known.get("language", "vi"),
            verified=row["verified"],
        )

    async def _contact_of_organisation(self, organisation: OrganisationId) -> Contact | None:
        row = await self._organisation(organisation)
        if row is None:
            return None
        contact = await self.contact(row["representative"])
        name = _opened(row["particulars"]).get("name")
        return contact and contact.model_copy(update={"full_name": name})

    async def _organisation(self, organisation: OrganisationId) -> "asyncpg.Record | None":
        return await self._pool.fetchrow(
            "select * from organisations where organisation_id = $1", organisation
        )

    async def represents(self, person: PersonId, organisation: OrganisationId) -> bool:
        """Tell whether a person acts for an organisation."""
        row = await self._organisation(organisation)
        return row is not None and row["representative"] == person

    async def organisations(self, representative: PersonId) -> list[Organisation]:
        """List the organisations a person represents."""
        rows = await self._pool.fetch(
            "select * from organisations where representative = $1 order by organisation_id",
            representative,
        )
        return [_shown(row) for row in rows]

    async def staff(self, after: PersonId | None, limit: int) -> list[StaffListed]:
        """List everybody who works here, page by page in the order of their ids."""
        rows = await self._pool.fetch(
            "select person_id, version, details->>'full_name' as full_name, email, kinds, verified "
            "from persons where kinds && array['staff', 'administrator', 'auditor'] "
            "and ($1::uuid is null or person_id > $1) order by person_id limit $2",
            *(after, limit),
        )
        return [StaffListed.model_validate(dict(row)) for row in rows]

    async def appointments(
        self, person: PersonId | None, agency: str | None, *, ended: bool
    ) -> list[AppointmentListed]:
        """List appointments, those in force or all."""
        rows = await self._pool.fetch(
            "select appointment_id as id, person_id, agency, roles, since, until "
            "from appointments where ($1::uuid is null or person_id = $1) "
            "and ($2::text is null or agency = $2) and ($3 or until is null) "
            "order by agency, since, appointment_id limit 1000",
            *(person, agency, ended),
        )
        return [AppointmentListed.model_validate(dict(row)) for row in rows]


def _opened(text: str | None) -> dict[str, Any]:
    return {} if text is None else orjson.loads(text)


def _shown(row: Mapping[str, Any]) -> Organisation:
    known = _opened(row["particulars"])
    return Organisation(
        id=row["organisation_id"],
        version=row["version"],
        name=known.get("name"),
        tax_code=known.get("tax_code"),
        phone=known.get("phone"),
        address=known.get("address"),
    )
