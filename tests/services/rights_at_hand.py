"""Who may pass which door, as the table of rights has it: written down by hand, for the code to be
held against.

Of callers not named at a door the answer is 403; to those who are `blind` there the thing is not
there at all, 404.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

CITIZENS = "owner, stranger, organisation"
PERSONS = f"{CITIZENS}, officer, officer elsewhere, not appointed, administrator, auditor"
NOBODYS = UUID(int=7)


@dataclass(frozen=True)
class Door:
    """Who is let in, who is told that there is nothing, and what they bring along."""

    into: str = ""
    blind: str = ""
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    file: bool = False

    def with_(self, **body: Any) -> "Door":
        """Give the door with what is sent there."""
        return replace(self, body=body)

    def refusal_of(self, caller: str) -> int | None:
        """Say what a caller is refused with; None who is let in."""
        if caller in self.into.split(", "):
            return None
        return 404 if caller in self.blind.split(", ") else 403


MINE = Door(CITIZENS)
NEW = Door(CITIZENS)
"""Under an id of one's own making; where somebody else has it, it is taken, and no more is said."""
OWN = Door("owner", "stranger, organisation")
DESK = Door("officer", "officer elsewhere")
DESKS = Door("officer, officer elsewhere")
SEEN = Door(
    "owner, officer",
    "stranger, organisation, officer elsewhere, not appointed, administrator, auditor",
)
OFFICE = Door("administrator")
AUDIT = Door("auditor")
FEED = Door("auditor, a service")
WHY = {"reason": "Vì sai."}

COMMON = {"GET /feed": FEED, "POST /replay": OFFICE.with_(publisher="nobody", after=0)}

_DOSSIER = "/dossiers/{dossier_id}"
SUBMISSION = {
    **COMMON,
    "GET /drafts": MINE,
    "PUT /drafts/{dossier_id}": NEW.with_(procedure="free", agency="H23.40.09"),
    "GET /drafts/{dossier_id}": OWN,
    "PUT /drafts/{dossier_id}/content": OWN.with_(),
    "DELETE /drafts/{dossier_id}": OWN,
    "POST /drafts/{dossier_id}/submission": OWN.with_(confirmed=True, captcha="x"),
    "GET /dossiers": MINE,
    f"GET {_DOSSIER}": SEEN,
    f"GET {_DOSSIER}/confirmation": OWN,
    f"GET {_DOSSIER}/confirmation/paper": OWN,
    f"GET {_DOSSIER}/result": OWN,
    f"GET {_DOSSIER}/reads": OWN,
    f"POST {_DOSSIER}/supplement": OWN.with_(),
    f"POST {_DOSSIER}/withdrawal": OWN,
    f"POST {_DOSSIER}/withdrawal/cancellation": OWN,
    f"POST {_DOSSIER}/collection": OWN,
    f"POST {_DOSSIER}/files": OWN.with_(document_id=str(NOBODYS), component="id-card"),
    f"PUT {_DOSSIER}/files/{{file_id}}": replace(OWN, query={"component": "id-card"}, file=True),
    f"GET {_DOSSIER}/files/{{file_id}}": SEEN,
    f"DELETE {_DOSSIER}/files/{{file_id}}": OWN,
    "GET /desk/dossiers": DESKS,
    f"POST {_DOSSIER}/intake": DESK.with_(),
    f"POST {_DOSSIER}/refusal": DESK.with_(**WHY),
    f"POST {_DOSSIER}/exemption": DESK.with_(granted=True, **WHY),
    f"POST {_DOSSIER}/supplement-request": DESK.with_(items=[{"item": "id-card", **WHY}]),
    f"POST {_DOSSIER}/forwarding": DESK.with_(),
    f"POST {_DOSSIER}/handing-over": DESK.with_(),
    f"POST {_DOSSIER}/examination": DESK.with_(),
    f"POST {_DOSSIER}/proposal": DESK.with_(outcome="granted"),
    f"POST {_DOSSIER}/approval": DESK,
    f"POST {_DOSSIER}/sending-back": DESK.with_(step="examine", **WHY),
    f"POST {_DOSSIER}/extension": DESK.with_(due="2030-01-01T00:00:00Z", **WHY),
    f"POST {_DOSSIER}/stop": DESK.with_(**WHY),
    f"POST {_DOSSIER}/resumption": DESK.with_(**WHY),
    f"POST {_DOSSIER}/withdrawal/decision": DESK.with_(accepted=True, **WHY),
    f"PUT {_DOSSIER}/result-file/{{file_id}}": replace(DESK, file=True),
    f"POST {_DOSSIER}/result": DESK.with_(file_id=str(NOBODYS), number="1"),
    f"POST {_DOSSIER}/completion": DESK.with_(file_id=str(NOBODYS), number="1"),
    f"POST {_DOSSIER}/recall": DESK.with_(**WHY),
    f"POST {_DOSSIER}/hand-over": DESK.with_(
        receiver="An", id_number="030095012345", identity_checked=True
    ),
    f"POST {_DOSSIER}/posting": DESK.with_(tracking="VN123"),
    f"POST {_DOSSIER}/delivery": DESK,
    f"POST {_DOSSIER}/erasure": OFFICE.with_(ground="ordered", law="Luật"),
    "GET /audit/dossiers": AUDIT,
    "GET /audit/dossiers/{name}": AUDIT,
    "GET /audit/reads": AUDIT,
}

_PAYMENT = "/payments/{payment_id}"
_REFUND = f"{_PAYMENT}/refunds/{{transaction}}"
_OWED = Door(
    "owner, officer, administrator, auditor, a service",
    "stranger, organisation, officer elsewhere, not appointed",
)
PAYMENT = {
    **COMMON,
    "GET /payments": MINE,
    f"GET {_PAYMENT}": _OWED,
    "GET /dossiers/{dossier_id}/payment": _OWED,
    f"POST {_PAYMENT}/check": replace(_OWED, into="owner, officer, administrator, a service"),
    f"POST {_PAYMENT}/attempts": OWN.with_(method="vnpay"),
    f"GET {_PAYMENT}/attempts/{{transaction}}": OWN,
    "GET /desk/payments": DESKS,
    "GET /audit/payments": AUDIT,
    "GET /statement": AUDIT,
    "POST /reconciliation": OFFICE,
    f"POST {_PAYMENT}/cash": DESK.with_(amount=8000),
    f"POST {_PAYMENT}/refunds": DESK.with_(transaction="x", **WHY),
    f"POST {_REFUND}/approval": DESK,
    f"POST {_REFUND}/rejection": DESK.with_(**WHY),
    f"POST {_REFUND}/payback": DESK,
}

NOTIFICATION = {
    **COMMON,
    "GET /messages": Door(PERSONS),
    "POST /messages/{message_id}/opening": Door("owner", PERSONS),
    "GET /audit/messages": replace(FEED, query={"dossier": str(NOBODYS)}),
}

CATALOGUE = {
    "GET /feed": FEED,
    "POST /agencies": OFFICE.with_(code="H99", name_vi="Xã", name_en="Commune", kind="commune"),
    "POST /agencies/{code}/succession": OFFICE.with_(successor="TK01", ends="2026-01-01"),
    "POST /procedures": OFFICE.with_(),
    "POST /procedures/{key}/fee": OFFICE.with_(amount=1),
    "POST /procedures/{key}/withdrawal": OFFICE,
    "POST /calendar/{year}": OFFICE.with_(days=[]),
}

_PAPER = "/documents/{document_id}"
_DETAILS = {
    "full_name": "Nguyễn Văn An",
    "phone": "0912345678",
    "id_number": "030095012345",
    "birth_date": "1995-03-05",
    "gender": "male",
}
_REPRESENTED = Door("owner", "stranger")
_CITIZEN = Door("owner, stranger")
ACCOUNTS = {
    "GET /feed": FEED,
    "GET /me": Door("officer, administrator, auditor", PERSONS),
    "PUT /me": Door("", "owner, stranger", _DETAILS),
    "GET /persons/{person_id}/contact": Door(),
    "GET /organisations": _CITIZEN,
    "POST /organisations": _CITIZEN.with_(name="Công ty", tax_code="0100109106"),
    "PUT /organisations/{organisation_id}": _REPRESENTED.with_(
        name="Công ty", tax_code="0100109106"
    ),
    "POST /organisations/{organisation_id}/token": _REPRESENTED,
    "POST /sign-out-everywhere": Door(PERSONS.replace(" organisation,", "")),
    "POST /staff": OFFICE.with_(email="moi@example.vn", full_name="Người Mới"),
    "POST /persons/{person_id}/erasure": OFFICE.with_(ground="ordered", law="Luật"),
    "POST /staff/{person_id}/invitation": OFFICE,
    "GET /staff": OFFICE,
    "POST /appointments": OFFICE.with_(person_id=str(NOBODYS), agency="H23", roles=["intake"]),
    "POST /appointments/{appointment_id}/relief": OFFICE,
    "GET /appointments": Door("officer, officer elsewhere, not appointed, administrator, auditor"),
    f"PUT {_PAPER}": replace(NEW, file=True),
    "PUT /persons/{person_id}/documents/{document_id}": Door(
        query={"dossier": str(NOBODYS)}, file=True
    ),
    "GET /documents": MINE,
    f"GET {_PAPER}/content": OWN,
    f"GET {_PAPER}/consents": OWN,
    f"POST {_PAPER}/copies": OWN.with_(dossier_id=str(NOBODYS), component="id-card"),
    f"POST {_PAPER}/revocation": OWN,
    f"DELETE {_PAPER}": OWN,
}

RIGHTS: Mapping[str, Mapping[str, Door]] = {
    "accounts": ACCOUNTS,
    "catalogue": CATALOGUE,
    "submission": SUBMISSION,
    "payment": PAYMENT,
    "notification": NOTIFICATION,
}

DESK_ROLES: Mapping[str, str] = {
    "intake": "intake",
    "refusal": "intake",
    "exemption": "intake",
    "supplement-request": "intake, approver",
    "forwarding": "intake, approver",
    "handing-over": "specialist, approver",
    "examination": "specialist",
    "proposal": "specialist",
    "approval": "approver",
    "sending-back": "specialist, approver, clerk",
    "extension": "approver",
    "stop": "approver",
    "resumption": "approver",
    "withdrawal/decision": "intake, approver",
    "result": "approver, clerk",
    "completion": "approver",
    "recall": "approver",
    "hand-over": "intake, clerk",
    "posting": "intake, clerk",
    "delivery": "intake, clerk",
}
"""Which desk roles a decision takes; the supplement's as long as a dossier was not received."""

FIRST = ("intake", "refusal", "supplement-request")
"""What may be decided about a dossier that has just come in."""

MONEY_ROLES: Mapping[str, str] = {
    "cash": "cashier",
    "refunds": "cashier, approver",
    "refunds/{transaction}/approval": "cashier, approver",
    "refunds/{transaction}/rejection": "cashier, approver",
    "refunds/{transaction}/payback": "cashier",
}
