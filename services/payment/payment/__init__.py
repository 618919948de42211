"""The obligation to pay one fee: what may happen to it, and in which order.

    (unknown) ─open→ Open ─money or cash→ Paid ─refund approved→ Closed
                      ├─ exemption → Waived      ├─ dossier ended → Closed, refund proposed
                      └─ dossier ended → Closed  └─ money once more → refund proposed

Pure: no clock, no new ids, no I/O. Requests may be refused; facts (open, waive, cancel, record)
never are.
"""

from typing import get_args

from chassis.decider import Decider

from .commands import Owing, Paying, PaymentCommand
from .owing import decide_owing
from .paying import decide_paying
from .refunding import decide_refunding
from .state import Payment, PaymentEvent, evolve


def decide(command: PaymentCommand, payment: Payment) -> list[PaymentEvent]:
    """Answer a command with events, or refuse it."""
    if isinstance(command, Owing):
        return decide_owing(command, payment)
    if isinstance(command, Paying):
        return decide_paying(command, payment)
    return decide_refunding(command, payment)


decider = Decider[PaymentCommand, Payment, PaymentEvent](
    category="payment",
    initial=Payment(),
    decide=decide,
    evolve=evolve,
    events=get_args(PaymentEvent),
)

__all__ = ["Payment", "PaymentCommand", "PaymentEvent", "decide", "decider", "evolve"]
