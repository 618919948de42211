"""What people read of a dossier's history: who, when, what, why, by which law, and where it led."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from dossiers_at_hand import (
    AN,
    ASK,
    ASK_LATER,
    BINH,
    BINH_LANG,
    BY_THE_PAGE,
    CALENDAR,
    CLAIM,
    CODE,
    DOSSIER,
    DUNG,
    EXAMINE,
    FORWARD,
    FORWARD_TO_CHI,
    GIVE,
    HAND_OVER,
    ISSUE,
    LAW,
    NOT_SET,
    PAID_AT_RECEIPT,
    PAID_FIRST,
    POST,
    PROPOSE,
    REASON,
    RECEIVE,
    REFERENCE,
    STOP,
    SUBMIT,
    TO_APPROVAL,
    TO_BE_POSTED,
    TO_SIGNING,
    TO_THE_SPECIALISTS,
    WITHDRAW,
    issued,
    lived,
    march,
    submit,
)

from contracts.identity import fee_of
from contracts.submission import Outcome, Step
from contracts.values import PaymentStatus, ResultChannel, Status
from services.submission.dossier import DossierCommand
from services.submission.dossier import commands as do
from services.submission.timeline import ERASED, ClockHand, Entry, Happened, Who, timeline

PAID = do.RecordFeePaid(fee_of(DOSSIER), 8_000, march(2, 9, 30))
RESUME = do.ResumeProcessing(DUNG, REASON, CALENDAR, march(4))
CANCEL = do.CancelWithdrawal(AN, CALENDAR, march(4))
TIME_PASSED = do.RecordTimePassed(CALENDAR, march(10, 0))


def logged(*commands: DossierCommand, erased: bool = False) -> Iterator[Happened]:
    """Give the log these commands lead to, as it would be read."""
    for version, event in enumerate(lived(*commands), start=1):
        at: datetime = getattr(event, "at", march(2))
        forgotten = {"personal": None} if erased and hasattr(event, "personal") else {}
        shown = event.model_copy(update=forgotten)
        yield Happened(shown, f"citizen:{AN}", at, version, 100 + version)


def told(*commands: DossierCommand, erased: bool = False) -> list[Entry]:
    return timeline(logged(*commands, erased=erased))


def last(*commands: DossierCommand) -> Entry:
    return told(*commands)[-1]


def test_each_line_says_when_who_what_and_where_it_led() -> None:
    entry = last(SUBMIT, RECEIVE)
    assert (entry.version, entry.position, entry.at) == (4, 104, march(2, 10))
    assert entry.type == "submission.dossier-received.v1"
    assert entry.who == Who("officer", BINH, BINH_LANG)
    assert entry.what.vi == f"Tiếp nhận hồ sơ, mã số {CODE}, hẹn trả 17:30 09/03/2026."
    assert entry.what.en == f"Received under {CODE}, due 17:30 09/03/2026."
    assert (entry.status, entry.due) == (Status.RECEIVED, march(9, 17, 30))
    assert (entry.clock, entry.payment) == (ClockHand.RUNS, PaymentStatus.NOTHING_DUE)


def test_papers_and_reasons_are_told_with_what_they_belong_to() -> None:
    submitted, fee, asked, given = told(SUBMIT, ASK, GIVE)
    assert submitted.given == ["TKDKKS", "giay-chung-sinh.pdf"]
    assert fee.what.vi == "Không thu phí."
    assert asked.items == {"giay-chung-sinh": "Ảnh mờ, không đọc được"}
    assert given.given == ["giay-chung-sinh.pdf"]


def test_a_reason_comes_with_its_law() -> None:
    stopped = last(SUBMIT, RECEIVE, STOP)
    assert (stopped.why, stopped.law) == (REASON.words, LAW)
    assert last(SUBMIT, RECEIVE).why == ""


def test_the_result_tells_its_file_and_who_took_it() -> None:
    *_, result, handed_over = told(*issued(), HAND_OVER)
    assert result.given == ["ket-qua.pdf"]
    assert handed_over.given == ["Nguyễn Văn An"]
    assert handed_over.status is Status.RETURNED


def test_the_applicant_and_the_platform_are_told_apart_from_officers() -> None:
    assert last(SUBMIT, WITHDRAW).who == Who("applicant", AN)
    by_itself = [replace(one, actor="service:submission") for one in logged(SUBMIT)]
    assert timeline(by_itself)[-1].who == Who("system")


@pytest.mark.parametrize(
    ("commands", "hand"),
    [
        ((SUBMIT,), ClockHand.NOT_BEGUN),
        ((SUBMIT, ASK), ClockHand.NOT_BEGUN),
        (TO_THE_SPECIALISTS, ClockHand.RUNS),
        ((*TO_THE_SPECIALISTS, ASK_LATER), ClockHand.STANDS),
        ((SUBMIT, RECEIVE, WITHDRAW), ClockHand.STANDS),
        ((*TO_THE_SPECIALISTS, ASK_LATER, GIVE), ClockHand.RUNS),
        (issued(), ClockHand.DONE),
        ((SUBMIT, RECEIVE, STOP), ClockHand.DONE),
    ],
)
def test_what_the_clock_does_is_told(commands: tuple[DossierCommand, ...], hand: ClockHand) -> None:
    assert last(*commands).clock is hand


def test_where_the_money_stands_is_told() -> None:
    money = [entry.payment for entry in told(submit(PAID_FIRST), PAID, WITHDRAW)]
    assert money == [
        PaymentStatus.NOTHING_DUE,
        PaymentStatus.NOTHING_DUE,
        PaymentStatus.DUE_ONLINE,
        PaymentStatus.PAID,
        PaymentStatus.PAID,
        PaymentStatus.REFUND_DUE,
    ]


def test_what_was_erased_is_said_to_be_and_the_rest_stays() -> None:
    story = (SUBMIT, ASK, GIVE, replace(RECEIVE, at=march(5, 10)))
    entries = told(*story, erased=True)
    assert [entry.given for entry in entries] == [[ERASED], [], [], [ERASED], []]
    asked = entries[2]
    assert (asked.why, asked.items) == (ERASED, {"giay-chung-sinh": ERASED})
    kept = [(entry.what, entry.status, entry.due) for entry in told(*story)]
    assert [(entry.what, entry.status, entry.due) for entry in entries] == kept


def test_a_history_can_be_told_from_any_moment_of_it() -> None:
    log = list(logged(*issued(), HAND_OVER))
    for moment in range(len(log)):
        told_so_far = timeline(log[:moment])
        assert told_so_far == timeline(log)[: len(told_so_far)]


GRANT = do.DecideExemption(BINH, True, REASON, CALENDAR, march(2, 10))
WAIVED = do.RecordFeeWaived(fee_of(DOSSIER), march(3))
REJECT = replace(PROPOSE, outcome=Outcome.REJECTED, reason=REASON)
BY_POST = issued(submit(filing=TO_BE_POSTED, channel=ResultChannel.POST))


@pytest.mark.parametrize(
    ("commands", "vietnamese", "english"),
    [
        (
            (submit(NOT_SET),),
            "Chưa có mức phí của tỉnh; không phải nộp.",
            "The province set no fee.",
        ),
        ((submit(PAID_AT_RECEIPT),), "Phí, lệ phí 8.000 đ.", "The fee is 8.000 đ."),
        (
            (submit(BY_THE_PAGE),),
            "Phí tính theo số trang khi tiếp nhận.",
            "The fee is counted at intake.",
        ),
        (
            (submit(PAID_FIRST, CLAIM),),
            "Đề nghị miễn phí.",
            "An exemption from the fee was claimed.",
        ),
        (
            (submit(PAID_FIRST, CLAIM), GRANT),
            f"Được miễn phí theo {LAW}.",
            f"Exempt from the fee by {LAW}.",
        ),
        (
            (submit(PAID_AT_RECEIPT, CLAIM), replace(GRANT, granted=False)),
            "Không được miễn phí.",
            "The exemption was not accepted.",
        ),
        ((submit(PAID_FIRST),), "Phải nộp 8.000 đ trực tuyến.", "8.000 đ to be paid online."),
        ((submit(PAID_FIRST), PAID), "Đã nộp 8.000 đ.", "8.000 đ paid."),
        ((submit(PAID_FIRST), WAIVED), "Khoản phí đã được miễn.", "The fee was waived."),
        (
            (SUBMIT, PAID),
            "Nhận 8.000 đ không phải nộp; sẽ hoàn lại.",
            "8.000 đ came that was not owed; it goes back.",
        ),
        (
            (SUBMIT, do.RefuseIntake(BINH, REASON, march(2, 10))),
            "Không tiếp nhận hồ sơ.",
            "Not taken in.",
        ),
        (
            (SUBMIT, ASK),
            "Yêu cầu bổ sung lần 1, trả lời trước 17:30 01/04/2026; dừng tính thời hạn.",
            "Supplement 1 asked for, to come before 17:30 01/04/2026; the clock stands.",
        ),
        ((SUBMIT, ASK, GIVE), "Đã bổ sung đủ hồ sơ.", "Everything asked for was given."),
        (
            (*TO_THE_SPECIALISTS, ASK_LATER, GIVE),
            "Đã bổ sung đủ hồ sơ, hẹn trả mới 17:30 12/03/2026.",
            "Everything asked for was given, now due 17:30 12/03/2026.",
        ),
        ((SUBMIT, RECEIVE, FORWARD), "Chuyển bộ phận chuyên môn.", "Passed to the specialists."),
        (
            (SUBMIT, RECEIVE, FORWARD_TO_CHI),
            "Chuyển cán bộ chuyên môn.",
            "Passed to a specialist.",
        ),
        ((*TO_THE_SPECIALISTS, EXAMINE), "Thẩm định xong.", "Examined."),
        (
            (*TO_THE_SPECIALISTS, EXAMINE, REJECT),
            "Trình duyệt: từ chối giải quyết.",
            "Proposed: rejected.",
        ),
        (
            (*TO_APPROVAL, do.SendBack(DUNG, Step.EXAMINE, REASON, march(4))),
            "Trả lại bước thẩm định.",
            "Sent back to examination.",
        ),
        (TO_SIGNING, "Phê duyệt: đồng ý giải quyết.", "Approved: granted."),
        (
            issued(),
            "Phát hành kết quả số 12/2026: đồng ý giải quyết.",
            "Result 12/2026 issued: granted.",
        ),
        (
            (*TO_SIGNING, replace(ISSUE, at=march(10))),
            "Phát hành kết quả số 12/2026: đồng ý giải quyết, quá hạn.",
            "Result 12/2026 issued: granted, late.",
        ),
        (
            (*issued(), do.RecallResult(DUNG, REASON, march(5))),
            "Thu hồi kết quả để xử lý lại.",
            "The result was recalled.",
        ),
        (
            (*BY_POST, POST),
            "Gửi kết quả qua bưu chính, mã EB123456789VN.",
            "Result posted as EB123456789VN.",
        ),
        (
            (*issued(), HAND_OVER),
            "Trả kết quả tại bộ phận một cửa.",
            "Result handed over at the one-stop desk.",
        ),
        (
            (SUBMIT, RECEIVE, replace(TIME_PASSED, at=march(9))),
            "Sắp đến hạn trả 17:30 09/03/2026.",
            "Soon due: 17:30 09/03/2026.",
        ),
        (
            (SUBMIT, RECEIVE, TIME_PASSED),
            "Quá hạn trả 17:30 09/03/2026.",
            "Not done when due: 17:30 09/03/2026.",
        ),
        (
            (SUBMIT, RECEIVE, do.ExtendDeadline(DUNG, march(12), REASON, CALENDAR, march(4))),
            "Xin lỗi và gia hạn từ 17:30 09/03/2026 đến 09:00 12/03/2026.",
            "Extended, with an apology, from 17:30 09/03/2026 to 09:00 12/03/2026.",
        ),
        ((SUBMIT, RECEIVE, WITHDRAW), "Yêu cầu rút hồ sơ.", "Withdrawal requested."),
        ((SUBMIT, WITHDRAW), "Hồ sơ đã được rút.", "Withdrawn."),
        (
            (SUBMIT, RECEIVE, WITHDRAW, CANCEL),
            "Hồ sơ được xử lý tiếp, không rút.",
            "Not withdrawn; it goes on.",
        ),
        ((SUBMIT, RECEIVE, STOP), "Dừng xử lý hồ sơ.", "Processing stopped."),
        (
            (SUBMIT, RECEIVE, STOP, RESUME),
            "Tiếp tục xử lý, hẹn trả 17:30 10/03/2026.",
            "Resumed, due 17:30 10/03/2026.",
        ),
        (
            (submit(PAID_FIRST), replace(TIME_PASSED, at=march(20))),
            "Hết hạn chờ nộp phí.",
            "The fee was not paid in time.",
        ),
        (
            (SUBMIT, ASK, replace(TIME_PASSED, at=march(60))),
            "Hết hạn chờ bổ sung.",
            "The supplement did not come in time.",
        ),
        (
            (SUBMIT, WITHDRAW, do.EraseDossier("ordered", LAW, march(60))),
            "Đã xóa dữ liệu cá nhân của hồ sơ.",
            "Personal data erased.",
        ),
    ],
)
def test_every_event_has_its_sentence_in_both_languages(
    commands: tuple[DossierCommand, ...], vietnamese: str, english: str
) -> None:
    entry = last(*commands)
    assert (entry.what.vi, entry.what.en) == (vietnamese, english)


def test_the_first_line_names_the_reference() -> None:
    assert told(SUBMIT)[0].what.vi == f"Nộp hồ sơ, mã nộp {REFERENCE}."
