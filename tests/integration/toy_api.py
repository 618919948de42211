"""The toy as a service with doors: beads by HTTP, and a read table of what each jar holds."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from toy_jars import KEY_TEXT, AddBead, BeadAdded, toy

from chassis.auth import Anyone
from chassis.changes import Put
from chassis.command_handling import Accepted
from chassis.idempotency import Cause
from chassis.projecting import ReadModel
from chassis.service import Service, Tools, api
from chassis.settings import Settings
from contracts.event import Event

JARS_SCHEMA = """
create table if not exists jars (jar uuid primary key, beads int not null, last int not null);
grant select, insert, update, delete on jars to :app;
"""


class Bead(BaseModel):
    """A bead to put in."""

    model_config = ConfigDict(extra="forbid")

    bead: int = Field(ge=0, lt=1000)


def jar_row(events: Sequence[Event]) -> Put:
    """Give a jar's row as a function of its history."""
    added = [event for event in events if isinstance(event, BeadAdded)]
    row = {"beads": len(added), "last": added[-1].bead}
    return Put("jars", {"jar": added[0].jar}, row)


JARS = ReadModel("jars", "jar", jar_row)


def routes(tools: Tools) -> Sequence[APIRouter]:
    """Serve the toy's one door."""
    router = APIRouter(dependencies=[Anyone])

    @router.post("/jars/{jar}/beads", status_code=201)
    async def add(jar: UUID, bead: Bead, cause: Cause) -> Accepted:
        return await tools.commands.handle(jar, AddBead(jar, bead.bead), cause)

    return [router]


service = Service(
    name="toy",
    title="Toy",
    events=toy.events,
    schemas=(),
    decider=toy,
    read_models=(JARS,),
    routes=routes,
)


def toy_api(url: str) -> FastAPI:
    """Build the toy's API on a database."""
    settings = Settings(  # pyright: ignore[reportCallIssue]
        env="local",
        database_url=SecretStr(url),
        master_keys=SecretStr(KEY_TEXT),
    )
    return api(service, settings)
