"""The catalogue service, assembled. Run it with `motcua serve catalogue`."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from chassis.service import Service, Tools

from .api import changing, reading
from .queries import Queries
from .streams import EVENTS, READ_MODELS, Streams


def _routes(tools: Tools) -> Sequence[APIRouter]:
    queries = Queries(tools.pool)
    return reading(queries), changing(Streams.of(tools.store), queries, tools.now)


catalogue = Service(
    name="catalogue",
    title="Danh mục thủ tục | The catalogue",
    events=EVENTS,
    schemas=(Path(__file__).with_name("schema.sql"),),
    read_models=READ_MODELS,
    routes=_routes,
)
