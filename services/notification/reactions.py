"""Kafka in: dossiers are copied, and whatever people are told of becomes an errand to tell them.

Pure; no rules here. The errand looks the dossier up when it is done: a payment may be told of
before its dossier is known.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid5

from chassis.changes import Amend, Put, Row
from chassis.errands import errand
from chassis.reactions import Reactions
from contracts.envelope import Envelope
from contracts.submission import DossierReceived, DossierSubmitted

from .telling import TOLD, Told

PATIENCE = timedelta(days=30)
"""How long an event waits for its dossier to be known: as long as the topics keep it."""

react = Reactions()


def tell(event: Told, envelope: Envelope) -> Sequence[Row]:
    """Tell people, and remember what later messages name."""
    telling = errand(
        "tell",
        event.dossier_id,
        {"name": event.wire_name, "id": str(envelope.event_id), "event": event.model_dump_json()},
        "notification",
        envelope.time,
        envelope.time + PATIENCE,
        uuid5(envelope.event_id, "tell"),
    )
    return [*_copy(event), telling]


def _copy(event: Told) -> Sequence[Row]:
    match event:
        case DossierSubmitted(terms=terms):
            known = event.model_dump(include={"reference", "applicant", "submitter", "channel"})
            procedure = {"procedure_vi": terms.name_vi, "procedure_en": terms.name_en}
            agency = {"agency_vi": terms.receiving.name_vi, "agency_en": terms.receiving.name_en}
            return [Put("dossiers", {"dossier_id": event.dossier_id}, known | procedure | agency)]
        case DossierReceived():
            return [Amend("dossiers", {"dossier_id": event.dossier_id}, {"code": event.code})]
        case _:
            return []


for event_told in TOLD:
    react.to(event_told)(tell)
