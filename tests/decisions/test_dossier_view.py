"""What a dossier's row tells: by when the desk should act, how a result stood to its due date."""

from dataclasses import replace
from datetime import datetime

import pytest
from dossiers_at_hand import (
    ASK,
    CALENDAR,
    DUNG,
    FORWARD,
    GIVE,
    ISSUE,
    PAID_FIRST,
    RECEIVE,
    SUBMIT,
    TO_SIGNING,
    issued,
    lived,
    march,
    submit,
)

from contracts.identity import fee_of
from services.submission.deadlines import Timeliness
from services.submission.dossier import DossierCommand
from services.submission.dossier import commands as do
from services.submission.dossier_view import DossierView
from services.submission.words import TIMELINESS

ONLINE = submit(PAID_FIRST)
PAID = do.RecordFeePaid(fee_of(SUBMIT.dossier_id), 8_000, march(3))
RECALL = do.RecallResult(DUNG, do.Reason("Sai tên."), march(4, 11))


def view(*commands: DossierCommand) -> DossierView:
    shown = DossierView.of(lived(*commands))
    assert shown is not None
    return shown


@pytest.mark.parametrize(
    ("so_far", "by"),
    [
        ((SUBMIT,), march(3)),
        ((SUBMIT, ASK), None),
        ((SUBMIT, ASK, GIVE), march(6)),
        ((ONLINE,), None),
        ((ONLINE, PAID), march(4)),
        ((SUBMIT, RECEIVE), march(2, 17, 30)),
        ((SUBMIT, RECEIVE, FORWARD), None),
    ],
)
def test_the_desk_answers_in_eight_working_hours_and_passes_on_the_same_day(
    so_far: tuple[DossierCommand, ...], by: datetime | None
) -> None:
    assert view(*so_far).desk_by(CALENDAR) == by


@pytest.mark.parametrize(
    ("day", "standing"),
    [(6, Timeliness.EARLY), (9, Timeliness.ON_TIME), (10, Timeliness.OVERDUE)],
)
def test_a_result_stands_to_its_due_date_and_says_so(day: int, standing: Timeliness) -> None:
    shown = view(*TO_SIGNING, replace(ISSUE, at=march(day)))
    assert shown.timeliness(CALENDAR) is standing
    listed = shown.listed(march(31), CALENDAR)
    assert (listed.timeliness, listed.timeliness_words) == (standing.value, TIMELINESS[standing])


def test_without_a_result_or_with_one_recalled_nothing_is_early() -> None:
    assert view(*TO_SIGNING).timeliness(CALENDAR) is None
    assert view(*issued(), RECALL).timeliness(CALENDAR) is None
