"""The accounts service, assembled. Run it with `motcua serve accounts`."""

from pathlib import Path

from chassis.service import Service

from . import documents
from .doors import errands, routes, sweeps
from .streams import DECIDERS, READ_MODELS

_HERE = Path(__file__).parent

accounts = Service(
    name="accounts",
    title="Tài khoản | Accounts",
    events=tuple({e for d in (*DECIDERS, documents.decider) for e in d.events}),
    schemas=(_HERE / "schema.sql", _HERE / "documents.sql"),
    read_models=READ_MODELS,
    routes=routes,
    errands=errands,
    sweeps=sweeps,
)
