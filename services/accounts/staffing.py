"""The first administrators, auditors and staff of a province: enlisted by whoever runs it."""

from datetime import datetime

from chassis.changes import Origin
from chassis.clock import new_id
from chassis.decider import Refusal
from chassis.service import Tools
from contracts.values import PersonId

from .contacts import email_of
from .passwords import check_password
from .person import GrantKind, PersonalDetails, PersonKind, RecordAddressProven, Register
from .registrations import proven_row
from .registry import Registry, credential

_OPERATOR = Origin(actor="operator", correlation="enlisted")


class AddressUnreadable(Refusal):
    """Đây không phải là địa chỉ thư điện tử; hãy kiểm tra lại. |
    This is no e-mail address; check it.
    """

    status = 422


async def enlist(
    tools: Tools, *, kind: PersonKind, email: str, full_name: str, password: str, now: datetime
) -> PersonId:
    """Give somebody an account of a kind, ready to sign in; whoever has one keeps it and its
    password, and is granted the kind. The same again changes nothing.
    """
    registry, address = Registry.of(tools), email_of(email)
    if address is None:
        raise AddressUnreadable
    persons = registry.streams.persons
    known = await registry.queries.by_login(address)
    if known is not None and known.hash is not None:
        await persons.handle(known.person_id, GrantKind(kind, now), _OPERATOR)
        return known.person_id
    check_password(password, [address, full_name])
    person = known.person_id if known else PersonId(new_id())
    hashed = await registry.hashes.hash(password)
    details = PersonalDetails(full_name=full_name, email=address)
    rows = (credential(person, hashed), proven_row(person))
    await persons.handle(person, Register(person, kind, details, True, now), _OPERATOR, rows=rows)
    for command in (GrantKind(kind, now), RecordAddressProven(now)):
        await persons.handle(person, command, _OPERATOR)
    return person
