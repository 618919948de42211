"""Healing by replaying and by asking the bank: each service is told again what it missed.

Nothing is written into any database from here; the services decide what they are told again.
"""

from collections.abc import Iterable

from motcua.walking.province import Caller

from .diagnosis import Disagreement, Remedy

_TOLD: dict[Remedy, tuple[str, tuple[str, ...]]] = {
    "tell the dossier": ("submission", ("payment",)),
    "tell the payment": ("payment", ("submission",)),
    "tell the messages": ("notification", ("submission", "payment")),
}


async def heal(administrator: Caller, found: Iterable[Disagreement], days: int) -> list[str]:
    """Do once what each kind of disagreement needs; gives what was done."""
    remedies = {one.remedy for one in found}
    done: list[str] = []
    if "ask the bank" in remedies:
        await administrator.post("payment", f"/reconciliation?days={days}")
        done.append("asked the bank, wrote down what its statement knows")
    for remedy, (service, publishers) in _TOLD.items():
        if remedy in remedies:
            for publisher in publishers:
                missed = await _replayed(administrator, service, publisher)
                done.append(f"told {service} again what {publisher} published: {missed} missed")
    return done


async def _replayed(administrator: Caller, service: str, publisher: str) -> int:
    missed, after = 0, 0
    while True:
        asked = {"publisher": publisher, "after": after}
        page = await administrator.post(service, "/replay", asked)
        missed += page["told"]
        after = page["upto"]
        if page["finished"]:
            return missed
