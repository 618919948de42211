"""The dossier, from the moment it is handed in: what may happen to it, and in which order.

    (new) ─submit→ Submitted ─receive→ Received ─forward→ Processing ─issue→ Completed ─→ Returned
               fee ↕     │ refuse → Refused      └──────── same day ────────↗  (recall ↩)
      PaymentRequired    └─ SupplementRequired, WithdrawalRequested, Stopped: aside, and back

Pure: no clock, no new ids, no I/O. One module for each stage; `decide` finds it.
"""

from typing import get_args

from chassis.decider import Decider

from .commands import DossierCommand
from .decide import decide
from .evolve import evolve
from .state import Dossier, DossierEvent

decider = Decider[DossierCommand, Dossier, DossierEvent](
    category="dossier",
    initial=Dossier(),
    decide=decide,
    evolve=evolve,
    events=get_args(DossierEvent),
)

__all__ = ["Dossier", "DossierCommand", "DossierEvent", "decide", "decider", "evolve"]
