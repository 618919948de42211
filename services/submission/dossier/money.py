"""The dossier's side of its fee: what it comes to, when it falls due, and what is told of it.

Money is a fact: what comes is answered, never refused.
"""

from datetime import datetime
from typing import assert_never

from contracts.identity import fee_of
from contracts.submission import ExemptionGranted, FeeRequired, FeeSettled
from contracts.values import (
    Calendar,
    Dong,
    FeeTiming,
    LimitUnit,
    PaymentStatus,
    PersonId,
    Status,
    Terms,
    TimeLimit,
)
from services.submission.deadlines import due_date
from services.submission.fees import Owing, owed

from .commands import RecordFeePaid, RecordFeeWaived, Settling
from .events import FeeAssessed, FeeNotExpected, Filing, WaiverRecorded
from .refusals import FeeIsFixed, FeeNotCounted, FeeStillOwed
from .state import Dossier, DossierEvent

UNPAID = frozenset({PaymentStatus.DUE_ONLINE, PaymentStatus.DUE_AT_DESK})


def decide_money(command: Settling, dossier: Dossier) -> list[DossierEvent]:
    """Answer what the payment service tells."""
    match command:
        case RecordFeePaid():
            return _paid(command, dossier)
        case RecordFeeWaived():
            return _waived(command, dossier)
        case _:
            assert_never(command)


def assess(terms: Terms, filing: Filing, at: datetime) -> FeeAssessed:
    """Say what the fee comes to as the dossier is handed in."""
    owing = owed(terms.fee, terms.level, filing.values, exemption_claimed=bool(filing.exemption))
    claimed = owing.what is Owing.EXEMPTION_CLAIMED
    return FeeAssessed(
        what=owing.what,
        amount=owing.amount,
        timing=owing.timing,
        where=owing.where,
        payment=PaymentStatus.EXEMPTION_CLAIMED if claimed else PaymentStatus.NOTHING_DUE,
        at=at,
    )


def count(fee: Dong | None, dossier: Dossier, at: datetime) -> list[FeeAssessed]:
    """Take the amount the officer counted; where there is nothing to count there is none to set."""
    assessed, to_count = dossier.fee, dossier.fee.what is Owing.SET_AT_DESK
    if fee is None and to_count:
        raise FeeNotCounted
    if fee is not None and not to_count:
        raise FeeIsFixed(assessed.amount)
    if fee is None:
        return []
    return [
        FeeAssessed(
            what=Owing.AMOUNT if fee else Owing.NOTHING,
            amount=fee,
            timing=assessed.timing,
            where=assessed.where,
            payment=PaymentStatus.NOTHING_DUE,
            at=at,
        )
    ]


def due_at_submission(dossier: Dossier, calendar: Calendar, at: datetime) -> list[FeeRequired]:
    """Ask for a fee that is paid first: the desk waits until it is, and not for ever."""
    days = TimeLimit(value=dossier.terms.payment_days, unit=LimitUnit.DAY)
    return [
        required.model_copy(
            update={"pay_by": due_date(days, at, calendar), "to": Status.PAYMENT_REQUIRED}
        )
        for required in fall_due(dossier, FeeTiming.SUBMISSION, at)
    ]


def fall_due(dossier: Dossier, timing: FeeTiming, at: datetime) -> list[FeeRequired]:
    """Ask for a fee that falls due now, once; the dossier goes on meanwhile."""
    fee, filed = dossier.fee, dossier.filed
    if fee.what is not Owing.AMOUNT or fee.timing is not timing or fee.required:
        return []
    return [
        FeeRequired(
            dossier_id=filed.dossier_id,
            payment_id=fee_of(filed.dossier_id),
            payer=filed.applicant,
            agency=filed.terms.receiving,
            reference=filed.reference,
            amount=fee.amount,
            where=fee.where,
            pay_by=None,
            to=dossier.status,
            at=at,
        )
    ]


def exempted(dossier: Dossier, basis: str, officer: PersonId, at: datetime) -> ExemptionGranted:
    """Say that nothing is owed, by law."""
    filed = dossier.filed
    return ExemptionGranted(
        dossier_id=filed.dossier_id,
        payment_id=fee_of(filed.dossier_id),
        payer=filed.applicant,
        agency=filed.terms.receiving,
        reference=filed.reference,
        amount=dossier.fee.amount,
        basis=basis,
        officer=officer,
        at=at,
    )


def nothing_owed(dossier: Dossier) -> None:
    """Go on only once the fee is settled."""
    if dossier.payment in UNPAID:
        raise FeeStillOwed(dossier.fee.amount)


def _paid(told: RecordFeePaid, dossier: Dossier) -> list[DossierEvent]:
    fee = dossier.fee
    if (told.payment_id, told.amount) in fee.told:
        return []
    ours = _ours(told, dossier) and told.amount == fee.amount and fee.standing in UNPAID
    if ours and dossier.payment in UNPAID:
        return [
            FeeSettled(
                dossier_id=dossier.filed.dossier_id,
                payment_id=told.payment_id,
                amount=told.amount,
                to=_freed(dossier),
                at=told.at,
            )
        ]
    return [
        FeeNotExpected(
            payment_id=told.payment_id,
            amount=told.amount,
            payment=PaymentStatus.PAID if ours else fee.standing,
            at=told.at,
        )
    ]


def _waived(told: RecordFeeWaived, dossier: Dossier) -> list[DossierEvent]:
    waivable = UNPAID | {PaymentStatus.PAID}
    if not _ours(told, dossier) or dossier.fee.standing not in waivable:
        return []
    return [WaiverRecorded(payment_id=told.payment_id, to=_freed(dossier), at=told.at)]


def _ours(told: Settling, dossier: Dossier) -> bool:
    filed = dossier.filed_as
    return filed is not None and told.payment_id == fee_of(filed.dossier_id)


def _freed(dossier: Dossier) -> Status:
    """Give the status once nothing is owed: only a fee paid first held the dossier up."""
    waited = dossier.status is Status.PAYMENT_REQUIRED
    return Status.SUBMITTED if waited else dossier.status
