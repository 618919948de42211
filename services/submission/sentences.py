"""What each event of a dossier is called in its timeline, in Vietnamese and English. Pure."""

from datetime import datetime
from typing import assert_never

from contracts.http.dossiers import Names
from contracts.submission import (
    DeadlineApproaching,
    DeadlineExtended,
    DeadlineMissed,
    DossierForwarded,
    DossierLapsed,
    DossierReceived,
    DossierSubmitted,
    DossierSupplemented,
    ExemptionGranted,
    FeeRequired,
    FeeSettled,
    IntakeRefused,
    Outcome,
    PersonalDataErased,
    ProcessingResumed,
    ProcessingStopped,
    ResultApproved,
    ResultHandedOver,
    ResultIssued,
    ResultPosted,
    ResultRecalled,
    Step,
    StepCompleted,
    StepSentBack,
    SupplementRequested,
    WithdrawalDecided,
    WithdrawalRequested,
)
from contracts.values import VIETNAM, ResultChannel

from .dossier.events import ExemptionDenied, FeeAssessed, FeeNotExpected, WaiverRecorded
from .dossier.state import AtTheDesk, Deadlines, Endings, Money, Results, Told, Work
from .fees import Owing

_STEP = {
    Step.EXAMINE: ("thẩm định", "examination"),
    Step.PROPOSE: ("trình duyệt", "proposal"),
    Step.APPROVE: ("phê duyệt", "approval"),
    Step.SIGN: ("ký phát hành", "signing"),
}
_OUTCOME = {
    Outcome.GRANTED: ("đồng ý giải quyết", "granted"),
    Outcome.REJECTED: ("từ chối giải quyết", "rejected"),
}
_CHANNEL = {
    ResultChannel.DESK: ("tại bộ phận một cửa", "at the one-stop desk"),
    ResultChannel.POST: ("qua bưu chính", "by post"),
    ResultChannel.ONLINE: ("trực tuyến", "online"),
}
_WHERE = {"online": ("trực tuyến", "online"), "desk": ("tại bộ phận một cửa", "at the desk")}


def sentence(event: Told) -> Names:
    """Say what happened."""
    vi, en = _say(event)
    return Names(vi=f"{vi}.", en=f"{en}.")


def _say(event: Told) -> tuple[str, str]:
    if isinstance(event, AtTheDesk):
        return _at_the_desk(event)
    if isinstance(event, Money):
        return _money(event)
    if isinstance(event, Work):
        return _work(event)
    if isinstance(event, Results):
        return _result(event)
    if isinstance(event, Deadlines):
        return _deadline(event)
    return _ending(event)


def _at_the_desk(event: AtTheDesk) -> tuple[str, str]:
    match event:
        case DossierSubmitted(reference=reference):
            return f"Nộp hồ sơ, mã nộp {reference}", f"Handed in under {reference}"
        case IntakeRefused():
            return "Không tiếp nhận hồ sơ", "Not taken in"
        case DossierReceived(code=code, due=due):
            return (
                f"Tiếp nhận hồ sơ, mã số {code}, hẹn trả {_when(due)}",
                f"Received under {code}, due {_when(due)}",
            )
        case SupplementRequested(round=number, answer_by=last):
            return (
                f"Yêu cầu bổ sung lần {number}, trả lời trước {_when(last)}; dừng tính thời hạn",
                f"Supplement {number} asked for, to come before {_when(last)}; the clock stands",
            )
        case DossierSupplemented(due=datetime() as due):
            return (
                f"Đã bổ sung đủ hồ sơ, hẹn trả mới {_when(due)}",
                f"Everything asked for was given, now due {_when(due)}",
            )
        case DossierSupplemented():
            return "Đã bổ sung đủ hồ sơ", "Everything asked for was given"
        case _:
            assert_never(event)


def _money(event: Money) -> tuple[str, str]:
    match event:
        case FeeAssessed():
            return _assessed(event)
        case ExemptionGranted(basis=basis):
            return f"Được miễn phí theo {basis}", f"Exempt from the fee by {basis}"
        case ExemptionDenied():
            return "Không được miễn phí", "The exemption was not accepted"
        case FeeRequired(amount=amount, where=where):
            vi, en = _WHERE[where]
            return f"Phải nộp {_dong(amount)} {vi}", f"{_dong(amount)} to be paid {en}"
        case FeeSettled(amount=amount):
            return f"Đã nộp {_dong(amount)}", f"{_dong(amount)} paid"
        case WaiverRecorded():
            return "Khoản phí đã được miễn", "The fee was waived"
        case FeeNotExpected(amount=amount):
            return (
                f"Nhận {_dong(amount)} không phải nộp; sẽ hoàn lại",
                f"{_dong(amount)} came that was not owed; it goes back",
            )
        case _:
            assert_never(event)


def _assessed(event: FeeAssessed) -> tuple[str, str]:
    match event.what:
        case Owing.NOTHING:
            return "Không thu phí", "No fee"
        case Owing.NOT_SET:
            return "Chưa có mức phí của tỉnh; không phải nộp", "The province set no fee"
        case Owing.AMOUNT:
            return f"Phí, lệ phí {_dong(event.amount)}", f"The fee is {_dong(event.amount)}"
        case Owing.SET_AT_DESK:
            return "Phí tính theo số trang khi tiếp nhận", "The fee is counted at intake"
        case Owing.EXEMPTION_CLAIMED:
            return "Đề nghị miễn phí", "An exemption from the fee was claimed"
        case _:
            assert_never(event.what)


def _work(event: Work) -> tuple[str, str]:
    match event:
        case DossierForwarded(to_officer=None):
            return "Chuyển bộ phận chuyên môn", "Passed to the specialists"
        case DossierForwarded():
            return "Chuyển cán bộ chuyên môn", "Passed to a specialist"
        case StepCompleted(outcome=Outcome() as outcome):
            return f"Trình duyệt: {_OUTCOME[outcome][0]}", f"Proposed: {_OUTCOME[outcome][1]}"
        case StepCompleted():
            return "Thẩm định xong", "Examined"
        case StepSentBack(step=step):
            return f"Trả lại bước {_STEP[step][0]}", f"Sent back to {_STEP[step][1]}"
        case ResultApproved(outcome=outcome):
            return f"Phê duyệt: {_OUTCOME[outcome][0]}", f"Approved: {_OUTCOME[outcome][1]}"
        case _:
            assert_never(event)


def _result(event: Results) -> tuple[str, str]:
    match event:
        case ResultIssued(number=number, outcome=outcome, in_time=in_time):
            late = ("", "") if in_time else (", quá hạn", ", late")
            return (
                f"Phát hành kết quả số {number}: {_OUTCOME[outcome][0]}{late[0]}",
                f"Result {number} issued: {_OUTCOME[outcome][1]}{late[1]}",
            )
        case ResultRecalled():
            return "Thu hồi kết quả để xử lý lại", "The result was recalled"
        case ResultPosted(tracking=tracking):
            return f"Gửi kết quả qua bưu chính, mã {tracking}", f"Result posted as {tracking}"
        case ResultHandedOver(channel=channel):
            vi, en = _CHANNEL[channel]
            return f"Trả kết quả {vi}", f"Result handed over {en}"
        case _:
            assert_never(event)


def _deadline(event: Deadlines) -> tuple[str, str]:
    match event:
        case DeadlineApproaching(due=due):
            return f"Sắp đến hạn trả {_when(due)}", f"Soon due: {_when(due)}"
        case DeadlineMissed(due=due):
            return f"Quá hạn trả {_when(due)}", f"Not done when due: {_when(due)}"
        case DeadlineExtended(previous=previous, due=due):
            return (
                f"Xin lỗi và gia hạn từ {_when(previous)} đến {_when(due)}",
                f"Extended, with an apology, from {_when(previous)} to {_when(due)}",
            )
        case _:
            assert_never(event)


def _ending(event: Endings) -> tuple[str, str]:
    match event:
        case WithdrawalRequested():
            return "Yêu cầu rút hồ sơ", "Withdrawal requested"
        case WithdrawalDecided(accepted=True):
            return "Hồ sơ đã được rút", "Withdrawn"
        case WithdrawalDecided():
            return "Hồ sơ được xử lý tiếp, không rút", "Not withdrawn; it goes on"
        case ProcessingStopped():
            return "Dừng xử lý hồ sơ", "Processing stopped"
        case ProcessingResumed(due=due):
            return f"Tiếp tục xử lý, hẹn trả {_when(due)}", f"Resumed, due {_when(due)}"
        case DossierLapsed(waited_for="payment"):
            return "Hết hạn chờ nộp phí", "The fee was not paid in time"
        case DossierLapsed():
            return "Hết hạn chờ bổ sung", "The supplement did not come in time"
        case PersonalDataErased():
            return "Đã xóa dữ liệu cá nhân của hồ sơ", "Personal data erased"
        case _:
            assert_never(event)


def _when(instant: datetime) -> str:
    return f"{instant.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def _dong(amount: int) -> str:
    return f"{amount:,} đ".replace(",", ".")
