"""The notification service, assembled. Run it with `motcua serve notification`."""

from pathlib import Path

from chassis.service import Service, Tools

from .api import routes
from .channels import errands
from .message import decider
from .projections import messages
from .queries import Queries
from .reactions import react


def _queries(tools: Tools) -> Queries:
    return Queries(tools.pool, tools.settings.public_url or tools.settings.url_of("portal"))


notification = Service(
    name="notification",
    title="Thông báo | Notifications",
    events=decider.events,
    schemas=(Path(__file__).with_name("schema.sql"),),
    decider=decider,
    read_models=(messages,),
    routes=lambda tools: routes(tools, _queries(tools)),
    reactions=react,
    errands=lambda tools: errands(tools, _queries(tools)),
)
