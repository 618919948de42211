"""Ids that several services must agree on without asking each other."""

from uuid import UUID, uuid5

from .values import DossierId, PaymentId

_FEES = UUID("2f7f3c1e-7f0e-5d7a-9e52-8f5a4f6f1c01")


def fee_of(dossier: DossierId) -> PaymentId:
    """Name the obligation to pay a dossier's fee: a dossier has at most one."""
    return PaymentId(uuid5(_FEES, str(dossier)))
