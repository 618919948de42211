"""The submission service, assembled. Run it with `motcua serve submission`."""

from pathlib import Path

from chassis.service import Service

from .assembly import errands, routes, sweeps
from .dossier import decider
from .projections import dossiers
from .reactions import react

submission = Service(
    name="submission",
    title="Hồ sơ | Dossiers",
    events=decider.events,
    schemas=[Path(__file__).with_name(name) for name in ("schema.sql", "working.sql")],
    decider=decider,
    read_models=(dossiers,),
    routes=routes,
    reactions=react,
    errands=errands,
    sweeps=sweeps,
)
