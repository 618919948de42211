"""Accounts opened: by an address that was proven, or for staff who are invited. One address is one
account's, and two who ask for it at once are told apart by the table.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.changes import Origin, Row
from chassis.clock import new_id
from chassis.command_handling import Accepted
from chassis.decider import Refusal
from contracts.values import PersonId

from .person import GrantKind, NoSuchPerson, PersonalDetails, Register
from .registrations import proven_row, waiting_rows
from .registry import Registry, credential


class AddressTaken(Refusal):
    """Địa chỉ này vừa có tài khoản. Hãy gửi lại. |
    This address has just got an account. Send it again.
    """


class NothingToInviteTo(Refusal):
    """Người này đã có mật khẩu và đăng nhập được; không cần mời nữa. |
    This person has a password and can sign in; no invitation is needed.
    """


class CodeNotAccepted(Refusal):
    """Mã không đúng hoặc đã hết hạn. Hãy kiểm tra lại hoặc xin mã mới. |
    The code is wrong or has run out. Check it, or ask for another.
    """

    status = 422


async def open_proven(
    registry: Registry, registration_id: UUID, code: str, origin: Origin, *, at: datetime
) -> Accepted:
    """Open the account of a citizen whose code came back. Where another registration has proven the
    address meanwhile, the code is worth nothing any more.
    """
    found = await registry.registrations.proven(registration_id, "registration", code, at)
    if found is None or found.details is None:
        raise CodeNotAccepted
    person = PersonId(registration_id)
    command = Register(person, "citizen", found.details, proven=True, at=at)
    rows = (credential(person, found.hash), proven_row(registration_id))
    try:
        return await _open(registry, command, origin, rows)
    except AddressTaken:
        raise CodeNotAccepted from None


async def invite(
    registry: Registry, details: PersonalDetails, origin: Origin, at: datetime
) -> Accepted:
    """Let somebody work here: a citizen's account is granted it, others get an invitation."""
    if known := await registry.queries.by_login(details.email):
        granted = GrantKind("staff", at)
        return await registry.streams.persons.handle(known.person_id, granted, origin)
    person = PersonId(new_id())
    command = Register(person, "staff", details, proven=False, at=at)
    rows = waiting_rows(person, "invitation", details, None, origin, at)
    return await _open(registry, command, origin, rows)


async def invite_again(
    registry: Registry, person: PersonId, origin: Origin, at: datetime
) -> Accepted:
    """Mail another invitation in place of the last one."""
    persons = registry.streams.persons
    state, _ = await persons.load(person)
    if state.details is None or "staff" not in state.kinds:
        raise NoSuchPerson
    if state.proven:
        raise NothingToInviteTo
    rows = waiting_rows(person, "invitation", state.details, None, origin, at)
    return await persons.handle(person, GrantKind("staff", at), origin, rows=rows)


async def _open(
    registry: Registry, command: Register, origin: Origin, rows: Sequence[Row]
) -> Accepted:
    try:
        return await registry.streams.persons.handle(command.person_id, command, origin, rows=rows)
    except asyncpg.UniqueViolationError:
        raise AddressTaken from None
