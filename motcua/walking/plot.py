"""Which steps a dossier takes: as its procedure, its fee and the chosen channel ask for."""

from .citizen import Citizen, pays_online
from .desk import Desk
from .story import Step

_DID = {
    "forward": ("intake officer", "passes the dossier to the specialists"),
    "examine": ("specialist", "examines the papers"),
    "propose": ("specialist", "proposes to grant it"),
    "approve": ("approver", "approves the proposal"),
    "issue": ("clerk", "signs, numbers and issues the result"),
    "complete": ("approver", "issues the result at once"),
}


def plot(citizen: Citizen, desk: Desk) -> list[Step]:
    """Lay out the walk of one dossier, with one round of supplements."""
    return [
        *_handing_in(citizen),
        *_intake(citizen, desk),
        *_result(citizen, desk),
        *_hand_over(citizen, desk),
    ]


def _handing_in(citizen: Citizen) -> list[Step]:
    procedure = citizen.errand.procedure
    steps = [
        Step("citizen", "registers and enters the code from the mail", citizen.register),
        Step("citizen", "keeps a paper in the personal store", citizen.keep_a_paper),
        Step("citizen", f"begins “{procedure['name_vi']}”, fills the form", citizen.begin),
        Step("citizen", "attaches the papers, one from the store", citizen.attach),
        Step("citizen", "confirms and hands in", citizen.submit),
    ]
    if pays_online(procedure):
        steps.append(Step("citizen", "pays the fee at the bank", citizen.pay))
    return steps


def _intake(citizen: Citizen, desk: Desk) -> list[Step]:
    steps = [
        Step("intake officer", "asks for a better copy", desk.ask_for_supplement),
        Step("citizen", "gives what was asked for", citizen.supplement),
        Step("intake officer", "receives the dossier: code and due date", desk.receive),
    ]
    fee = citizen.errand.procedure["fee"]
    if fee["amount"] and not pays_online(citizen.errand.procedure):
        steps.append(Step("cashier", "takes the fee in cash, with a receipt", desk.take_cash))
    return steps


def _result(citizen: Citizen, desk: Desk) -> list[Step]:
    same_day = citizen.errand.procedure["limit"]["unit"] == "same_day"
    names = ("complete",) if same_day else ("forward", "examine", "propose", "approve", "issue")
    return [Step(*_DID[name], getattr(desk, name)) for name in names]


def _hand_over(citizen: Citizen, desk: Desk) -> list[Step]:
    match citizen.errand.channel:
        case "online":
            return [Step("citizen", "collects the result online", citizen.collect)]
        case "post":
            return [
                Step("clerk", "gives the result to the post", desk.post),
                Step("clerk", "notes that the post delivered it", desk.delivered),
            ]
        case _:
            return [Step("clerk", "hands the result over at the desk", desk.hand_over)]
