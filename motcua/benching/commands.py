"""A command handled whole: loaded, decided, sealed, appended, its read row and its key with it."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from chassis.changes import Claim, Origin
from chassis.clock import new_id, utc_now
from chassis.command_handling import CommandHandler
from contracts.values import (
    AgencyCode,
    AgencyName,
    Calendar,
    Component,
    ComponentCode,
    ComponentKind,
    DossierId,
    FeeRule,
    LimitUnit,
    PersonId,
    ProcedureKey,
    ResultChannel,
    Terms,
    TimeLimit,
)
from services.submission.dossier import decider
from services.submission.dossier.commands import SubmitDossier
from services.submission.dossier.events import Filing
from services.submission.main import submission

from .figures import Figure, beside
from .ground import Ground, log_of
from .log import bare_inserts, bare_pool, in_time

Handler = CommandHandler[Any, Any, Any]

_AGENCY = AgencyName(code=AgencyCode("H23.39.02"), name_vi="UBND xã Bình Lãng", name_en="Binh Lang")
_FORM = Component(
    code=ComponentCode("to-khai"),
    name_vi="Tờ khai",
    name_en="Declaration",
    required=True,
    kind=ComponentKind.FORM,
    forms=("GENERAL",),
)
_TERMS = Terms(
    procedure=ProcedureKey("dang-ky-khai-sinh"),
    procedure_code="1.001193",
    procedure_version=1,
    name_vi="Đăng ký khai sinh",
    name_en="Birth registration",
    level=4,
    receiving=_AGENCY,
    competent=_AGENCY,
    limit=TimeLimit(value=1, unit=LimitUnit.SAME_DAY),
    fee=FeeRule(amount=0),
    components=(_FORM,),
    channels=tuple(ResultChannel),
    law=("Luật Hộ tịch 2014",),
)
_VALUES = {"requester": {"full_name": "Nguyễn Văn An", "request": "Đề nghị đăng ký khai sinh."}}


def submitting(dossier: DossierId) -> SubmitDossier:
    """Hand in a dossier of somebody's own."""
    person = PersonId(uuid4())
    return SubmitDossier(
        dossier_id=dossier,
        reference=f"NT-261124-{str(dossier)[-10:]}",
        applicant=person,
        submitter=person,
        terms=_TERMS,
        filing=Filing(form="GENERAL", values=_VALUES),
        channel=ResultChannel.ONLINE,
        calendar=Calendar(),
        at=utc_now(),
    )


async def commanding(ground: Ground, callers: int, seconds: float, rounds: int) -> Figure:
    """Hand in dossier after dossier, beside bare one-row INSERTs."""
    schemas: list[Path] = list(submission.schemas)
    database = await ground.database("submission", schemas)
    rows = [model.row for model in submission.read_models]
    async with (
        log_of(ground.url(database), submission.events) as store,
        bare_pool(ground, database, callers) as bare,
    ):
        dossiers: Handler = CommandHandler(store, decider, rows)
        ours, reference = await beside(
            lambda: _handled(dossiers, callers, seconds),
            lambda: bare_inserts(bare, callers, seconds),
            rounds,
        )
    name = f"a command handled whole, {callers} {'callers' if callers > 1 else 'caller'}"
    bar = 0.4 if callers > 1 else 0.25
    return Figure(name, "commands/s", ours, reference, "bare one-row INSERT", bar=bar)


async def _handled(dossiers: Handler, callers: int, seconds: float) -> float:
    async def submit(_: int) -> None:
        dossier = DossierId(new_id())
        claim = Claim("citizen:bench", str(dossier), b"fingerprint")
        origin = Origin("citizen:bench", str(dossier), claim=claim)
        await dossiers.handle(dossier, submitting(dossier), origin)

    return await in_time(seconds, callers, submit)
