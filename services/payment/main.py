"""The payment service, assembled. Run it with `motcua serve payment`."""

from pathlib import Path

from chassis.service import Service

from .api import routes
from .payment import decider
from .projections import payments
from .reactions import react
from .refunds import errands
from .sweeps import sweeps

payment = Service(
    name="payment",
    title="Thanh toán | Payment",
    events=decider.events,
    schemas=(Path(__file__).with_name("schema.sql"),),
    decider=decider,
    read_models=(payments,),
    routes=routes,
    reactions=react,
    errands=errands,
    sweeps=sweeps,
)
