"""Publishing a procedure: each version is immutable, the newest takes new dossiers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from chassis.changes import Put
from chassis.decider import Decider, Refusal
from contracts.catalogue import ProcedurePublished, ProcedureVersion, ProcedureWithdrawn
from contracts.values import FeeRule, ProcedureKey

from .search import fold, joined, with_synonyms

_NAMESPACE = UUID("6f1c8f0e-0d0a-5a57-9b0e-3f6f6d0c1a03")


def procedure_id(key: ProcedureKey) -> UUID:
    """Give the id of a procedure's stream. The key is our own: a national code may be missing."""
    return uuid5(_NAMESPACE, key)


@dataclass(frozen=True)
class PublishProcedure:
    """Publish a version; its number is given here, whatever the draft says."""

    content: ProcedureVersion
    at: datetime


@dataclass(frozen=True)
class SetFee:
    """Set the amount that the procedure left to the province: publishes a new version."""

    amount: int
    at: datetime


@dataclass(frozen=True)
class WithdrawProcedure:
    """Take no new dossiers."""

    at: datetime


PublishingCommand = PublishProcedure | SetFee | WithdrawProcedure
PublishingEvent = ProcedurePublished | ProcedureWithdrawn


@dataclass(frozen=True)
class Published:
    """The newest version, and whether it still takes dossiers."""

    newest: ProcedureVersion | None = None
    open: bool = False


class NotPublished(Refusal):
    """Thủ tục này chưa công bố hoặc đã bãi bỏ; hãy công bố trước. |
    This procedure is not published, or no longer; publish it first.
    """


def decide(command: PublishingCommand, published: Published) -> list[PublishingEvent]:
    """Publish what differs from the newest version; withdraw what is open."""
    newest = published.newest
    match command:
        case PublishProcedure(content, at):
            number = 1 if newest is None else newest.version + 1
            version = content.model_copy(update={"version": number, "fee": _fee(content, newest)})
            if newest and published.open and _same(newest, version):
                return []
            return [ProcedurePublished(procedure=version, at=at)]
        case _ if newest is None or not published.open:
            raise NotPublished
        case SetFee(amount, _) if newest.fee.amount == amount:
            return []
        case SetFee(amount, at):
            fee = newest.fee.model_copy(update={"amount": amount, "by_province": True})
            version = newest.model_copy(update={"fee": fee, "version": newest.version + 1})
            return [ProcedurePublished(procedure=version, at=at)]
        case WithdrawProcedure(at):
            return [ProcedureWithdrawn(key=newest.key, at=at)]


def _fee(content: ProcedureVersion, newest: ProcedureVersion | None) -> FeeRule:
    """Keep the amount that the province set, as long as the law still leaves it to the province."""
    if newest is None or content.fee.amount is not None or not newest.fee.by_province:
        return content.fee
    return content.fee.model_copy(update={"amount": newest.fee.amount, "by_province": True})


def _same(one: ProcedureVersion, other: ProcedureVersion) -> bool:
    return one == other.model_copy(update={"version": one.version})


def evolve(published: Published, event: PublishingEvent) -> Published:
    """Remember the newest version."""
    match event:
        case ProcedurePublished():
            return Published(event.procedure, open=True)
        case ProcedureWithdrawn():
            return replace(published, open=False)


decider = Decider[PublishingCommand, Published, PublishingEvent](
    "procedure", Published(), decide, evolve, (ProcedurePublished, ProcedureWithdrawn)
)


def version_rows(events: Sequence[Any]) -> list[Put]:
    """Write every version as it was published."""
    return [_version_row(event) for event in events if isinstance(event, ProcedurePublished)]


def version_row(events: Sequence[Any]) -> Put:
    """Write the newest version; the earlier ones stay as they were written."""
    return version_rows(events)[-1]


def _version_row(event: ProcedurePublished) -> Put:
    version = event.procedure
    key = {"key": version.key, "version": version.version}
    values = {"body": version.model_dump(mode="json"), "published_at": event.at}
    return Put("procedure_versions", key, values)


def head_row(events: Sequence[Any]) -> Put:
    """Write what people search and filter by."""
    version = [event for event in events if isinstance(event, ProcedurePublished)][-1].procedure
    names = (version.name_vi, version.name_en, version.sector_vi, version.code or "")
    words = with_synonyms(", ".join((*names, *version.synonyms)))
    values = {
        "newest": version.version,
        "code": version.code,
        "name_vi": version.name_vi,
        "name_en": version.name_en,
        "sector": version.sector,
        "sector_vi": version.sector_vi,
        "sector_en": version.sector_en,
        "level": version.level,
        "agency_level": version.agency_level,
        "open": isinstance(events[-1], ProcedurePublished),
        "folded": fold(words),
        "joined": joined(words),
        "version": len(events),
    }
    return Put("procedures", {"key": version.key}, values)
