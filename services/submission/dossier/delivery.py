"""Delivery: the result reaches the applicant in the way they chose, once nothing is owed."""

from typing import assert_never

from contracts.submission import ResultHandedOver, ResultPosted
from contracts.values import DeliveryStatus, ResultChannel, Status

from .commands import CollectResult, ConfirmDelivery, Delivering, HandOverAtDesk, PostResult
from .events import ReceiverRecorded
from .grounds import by_applicant, by_officer
from .money import nothing_owed
from .refusals import AnotherChannel, IdentityNotChecked, NotPossibleNow, OnItsWay
from .state import Dossier, DossierEvent


def decide_delivery(command: Delivering, dossier: Dossier) -> list[DossierEvent]:
    """Answer who gives the result away, and who collects it."""
    match command:
        case HandOverAtDesk():
            return _at_desk(command, dossier)
        case PostResult():
            return _post(command, dossier)
        case ConfirmDelivery():
            return _delivered(command, dossier)
        case CollectResult():
            return _collect(command, dossier)
        case _:
            assert_never(command)


def _at_desk(command: HandOverAtDesk, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.COMPLETED)
    _ready(dossier, ResultChannel.DESK)
    if not command.id_checked:
        raise IdentityNotChecked
    return [ReceiverRecorded(personal=command.receiver), _handed_over(command, dossier)]


def _post(command: PostResult, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.COMPLETED)
    if dossier.delivery is DeliveryStatus.POSTED:
        raise OnItsWay(dossier.tracking)
    _ready(dossier, ResultChannel.POST)
    return [
        ResultPosted(
            dossier_id=dossier.filed.dossier_id,
            officer=command.officer,
            tracking=command.tracking,
            at=command.at,
        )
    ]


def _delivered(command: ConfirmDelivery, dossier: Dossier) -> list[DossierEvent]:
    by_officer(command.officer, dossier, Status.COMPLETED)
    if dossier.delivery is not DeliveryStatus.POSTED:
        raise NotPossibleNow(dossier.delivery.value)
    return [_handed_over(command, dossier)]


def _collect(command: CollectResult, dossier: Dossier) -> list[DossierEvent]:
    by_applicant(command.person, dossier, Status.COMPLETED)
    _ready(dossier, ResultChannel.ONLINE)
    return [_handed_over(command, dossier)]


def _ready(dossier: Dossier, channel: ResultChannel) -> None:
    if dossier.filed.channel is not channel:
        raise AnotherChannel(dossier.filed.channel.value)
    nothing_owed(dossier)


def _handed_over(
    command: HandOverAtDesk | ConfirmDelivery | CollectResult, dossier: Dossier
) -> ResultHandedOver:
    return ResultHandedOver(
        dossier_id=dossier.filed.dossier_id,
        channel=dossier.filed.channel,
        officer=None if isinstance(command, CollectResult) else command.officer,
        at=command.at,
    )
