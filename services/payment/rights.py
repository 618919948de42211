"""Who may see and do what with a payment. Pure."""

from contracts.values import AgencyCode, DeskRole, PersonId

LOOKING = frozenset({DeskRole.INTAKE, DeskRole.CASHIER, DeskRole.CLERK, DeskRole.APPROVER})
"""Desk roles that see what is owed at their agency."""

CASH = frozenset({DeskRole.CASHIER})
REFUNDS = frozenset({DeskRole.CASHIER, DeskRole.APPROVER})


def is_payer(person: PersonId | None, payer: object) -> bool:
    """Tell whether a payment is the person's own."""
    return person is not None and person == payer


def agency_of(code: str | None) -> AgencyCode:
    """Name the agency money belongs to; money nobody knows belongs to none."""
    return AgencyCode(code or "")
