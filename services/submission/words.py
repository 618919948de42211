"""What people read of codes and rules: statuses, how a due date was counted. In two languages."""

from collections.abc import Mapping

from contracts.http.dossiers import Names
from contracts.values import LimitUnit, Status, SupplementClock, TimeLimit

from .deadlines import Timeliness
from .dossier.events import ErasureGround

STATUS: Mapping[Status, Names] = {
    Status.NOT_SUBMITTED: Names(vi="Chưa nộp", en="Not handed in"),
    Status.SUBMITTED: Names(vi="Mới đăng ký", en="Handed in"),
    Status.RECEIVED: Names(vi="Được tiếp nhận", en="Received"),
    Status.REFUSED: Names(vi="Không được tiếp nhận", en="Not taken in"),
    Status.PROCESSING: Names(vi="Đang xử lý", en="Being processed"),
    Status.SUPPLEMENT_REQUIRED: Names(vi="Yêu cầu bổ sung giấy tờ", en="Supplement required"),
    Status.PAYMENT_REQUIRED: Names(
        vi="Yêu cầu thực hiện nghĩa vụ tài chính", en="Payment required"
    ),
    Status.WITHDRAWAL_REQUESTED: Names(vi="Công dân yêu cầu rút hồ sơ", en="Withdrawal requested"),
    Status.STOPPED: Names(vi="Dừng xử lý", en="Stopped"),
    Status.COMPLETED: Names(vi="Đã xử lý xong", en="Completed"),
    Status.RETURNED: Names(vi="Đã trả kết quả", en="Result handed over"),
}
"""The national list's own words, and ours beside them."""

TIMELINESS: Mapping[Timeliness, Names] = {
    Timeliness.EARLY: Names(vi="Trước hạn", en="Early"),
    Timeliness.ON_TIME: Names(vi="Đúng hạn", en="On time"),
    Timeliness.OVERDUE: Names(vi="Quá hạn", en="Overdue"),
}

_UNITS = {
    LimitUnit.WORKING_DAY: ("ngày làm việc", "working days"),
    LimitUnit.DAY: ("ngày", "days"),
    LimitUnit.WORKING_HOUR: ("giờ làm việc", "working hours"),
}

_HOW = {
    LimitUnit.WORKING_DAY: (
        "không tính ngày tiếp nhận, ngày nghỉ và ngày lễ",
        "the day of intake, days off and holidays are not counted",
    ),
    LimitUnit.DAY: (
        "không tính ngày tiếp nhận; hết hạn vào ngày nghỉ thì lùi sang ngày làm việc tiếp theo",
        "the day of intake is not counted; an end on a day off moves to the next working day",
    ),
    LimitUnit.WORKING_HOUR: (
        "tính từ lúc tiếp nhận, chỉ trong giờ làm việc",
        "counted from the moment of intake, in working time only",
    ),
}

_AFTER_SUPPLEMENT = {
    SupplementClock.RESTART: (
        "bổ sung hồ sơ thì tính lại từ đầu",
        "after a supplement it is counted anew",
    ),
    SupplementClock.PAUSE: (
        "thời gian chờ bổ sung không tính",
        "the time a supplement takes is not counted",
    ),
}


def how_counted(limit: TimeLimit, supplement: SupplementClock) -> Names:
    """Say how the due date of a time limit comes about."""
    after = _AFTER_SUPPLEMENT[supplement]
    if limit.unit is LimitUnit.SAME_DAY:
        return Names(
            vi=f"Trong ngày; tiếp nhận sau 15 giờ thì trả ngày làm việc tiếp theo; {after[0]}.",
            en=f"The same day; received after 15:00, the next working day; {after[1]}.",
        )
    units, how = _UNITS[limit.unit], _HOW[limit.unit]
    return Names(
        vi=f"{limit.value} {units[0]}: {how[0]}; {after[0]}.",
        en=f"{limit.value} {units[1]}: {how[1]}; {after[1]}.",
    )


ERASURE: Mapping[ErasureGround, str] = {
    "asked-for": "theo yêu cầu của người có dữ liệu | asked for by whose data it was",
    "kept-long-enough": "đã hết thời hạn lưu giữ | the time to keep it is over",
    "ordered": "theo quyết định của cơ quan có thẩm quyền | decided by an authority",
}
"""Why a dossier was erased: in both languages at once, as it stands in the place of words."""

TOLD: Mapping[str, Names] = {
    "payment.fee-requested.v1": Names(vi="Đã gửi yêu cầu nộp phí", en="The fee was asked for"),
    "payment.payment-failed.v1": Names(vi="Thanh toán không thành công", en="A payment failed"),
    "payment.fee-paid.v1": Names(vi="Đã nhận tiền phí", en="The fee was paid"),
    "payment.fee-waived.v1": Names(vi="Được miễn phí", en="The fee was waived"),
    "payment.receipt-issued.v1": Names(vi="Đã phát hành biên lai", en="A receipt was issued"),
    "payment.refund-proposed.v1": Names(vi="Đề nghị hoàn tiền", en="A refund was proposed"),
    "payment.refund-approved.v1": Names(vi="Đã duyệt hoàn tiền", en="A refund was approved"),
    "payment.fee-refunded.v1": Names(vi="Đã hoàn tiền", en="The fee was given back"),
    "notification.notification-sent.v1": Names(vi="Đã gửi thông báo", en="A message was sent"),
    "notification.notification-delivered.v1": Names(
        vi="Thông báo đã được đọc", en="A message was opened"
    ),
    "notification.notification-failed.v1": Names(
        vi="Không gửi được thông báo", en="A message could not be delivered"
    ),
}
"""What the facts of payment and notification are called beside a timeline."""
