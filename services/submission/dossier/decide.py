"""Each command to its stage. Requests may be refused; facts (`Record…`) never are."""

from .commands import (
    AtIntake,
    Delivering,
    DossierCommand,
    Examining,
    KeepingTime,
    Resulting,
    Settling,
    SubmitDossier,
    Supplementing,
    Withdrawing,
)
from .deadlines_kept import decide_deadlines
from .delivery import decide_delivery
from .ending import decide_stopping, decide_withdrawal
from .examination import decide_examination
from .handing_in import decide_handing_in
from .intake import decide_intake
from .money import decide_money
from .result import decide_result
from .state import Dossier, DossierEvent
from .supplement import decide_supplement


def decide(command: DossierCommand, dossier: Dossier) -> list[DossierEvent]:
    """Answer a command with events, or refuse it."""
    if isinstance(command, SubmitDossier):
        return decide_handing_in(command, dossier)
    if isinstance(command, AtIntake):
        return decide_intake(command, dossier)
    if isinstance(command, Supplementing):
        return decide_supplement(command, dossier)
    if isinstance(command, Examining):
        return decide_examination(command, dossier)
    if isinstance(command, KeepingTime):
        return decide_deadlines(command, dossier)
    if isinstance(command, Resulting):
        return decide_result(command, dossier)
    if isinstance(command, Delivering):
        return decide_delivery(command, dossier)
    if isinstance(command, Settling):
        return decide_money(command, dossier)
    if isinstance(command, Withdrawing):
        return decide_withdrawal(command, dossier)
    return decide_stopping(command, dossier)
