"""What a dossier owes, and when: pure rules over the fee of its procedure version."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, cast

from contracts.values import FeeRule, FeeTiming

MOST_MONEY = 10**12


class Owing(StrEnum):
    """What is known about a fee at submission."""

    NOTHING = "nothing"
    NOT_SET = "not_set"
    AMOUNT = "amount"
    SET_AT_DESK = "set_at_desk"
    EXEMPTION_CLAIMED = "exemption_claimed"


@dataclass(frozen=True)
class Owed:
    """What is owed for one dossier, when it falls due, and where it is paid.

    NOTHING: free. NOT_SET: the province has set no amount, so nothing is owed. SET_AT_DESK: the
    officer sets it at intake. EXEMPTION_CLAIMED: `amount` waits for the desk's answer.
    """

    what: Owing
    amount: int = 0
    timing: FeeTiming = FeeTiming.SUBMISSION
    where: Literal["online", "desk"] = "online"

    @property
    def due_at_submission(self) -> bool:
        """Tell whether the applicant pays before the desk looks at the dossier."""
        return self.what is Owing.AMOUNT and self.timing is FeeTiming.SUBMISSION


def owed(
    fee: FeeRule, level: int, filled: Mapping[str, Any], *, exemption_claimed: bool = False
) -> Owed:
    """Tell what a dossier owes when it is handed in.

    Level 4 pays online at submission unless the procedure says later; the rest in cash at the desk.
    Per page, the officer counts and sets the amount at intake. A claim of exemption is the desk's
    to decide, whether or not the procedure lists its ground.
    """
    timing = due_when(fee, level)
    where = paid_where(level)
    if fee.amount is None:
        return Owed(Owing.NOT_SET)
    if fee.amount == 0:
        return Owed(Owing.NOTHING)
    if exemption_claimed:
        what = Owing.EXEMPTION_CLAIMED
    else:
        what = Owing.SET_AT_DESK if fee.per_page else Owing.AMOUNT
    amount = 0 if fee.per_page else min(fee.amount * quantity(fee, filled), MOST_MONEY)
    return Owed(what, amount, timing, where)


def due_when(fee: FeeRule, level: int) -> FeeTiming:
    """Tell when a fee falls due."""
    if fee.timing is not FeeTiming.SUBMISSION:
        return fee.timing
    return FeeTiming.SUBMISSION if level == 4 and not fee.per_page else FeeTiming.RECEIPT


def paid_where(level: int) -> Literal["online", "desk"]:
    """Tell where a fee is paid."""
    return "online" if level == 4 else "desk"


def quantity(fee: FeeRule, filled: Mapping[str, Any]) -> int:
    """Give how many times the amount is owed: what the form says, at least once."""
    sections = [cast(dict[str, Any], part) for part in filled.values() if isinstance(part, dict)]
    counts = [section.get(fee.quantity_field or "") for section in sections]
    return max((count for count in counts if isinstance(count, int) and count > 0), default=1)
