"""The ways a request about a dossier is turned down. Facts never are."""

from chassis.decider import Forbidden, Refusal


class NotPossibleNow(Refusal):
    """Hồ sơ không ở giai đoạn làm được việc này; hãy xem lại tình trạng hồ sơ. |
    The dossier is not at the stage for this; look again at where it stands.
    """


class OwnDossier(Forbidden):
    """Cán bộ không xử lý hồ sơ của chính mình; hãy để cán bộ khác làm. |
    Nobody handles a dossier of their own; leave it to another officer.
    """


class NotYourDossier(Forbidden):
    """Đây không phải hồ sơ của bạn. | This is not your dossier."""


class FourEyes(Forbidden):
    """Việc này phải do cán bộ khác thực hiện. | Another officer has to do this."""


class AssignedToAnother(Forbidden):
    """Hồ sơ đang giao cho cán bộ khác; hãy đề nghị bàn giao trước. |
    The dossier is with another officer; ask for it to be handed over first.
    """


class ReasonMissing(Refusal):
    """Hãy ghi rõ lý do. | Say why."""

    status = 422


class LawMissing(Refusal):
    """Hãy nêu căn cứ pháp luật. | Name the law this rests on."""

    status = 422


# Handing in


class DocumentsMissing(Refusal):
    """Hãy đính kèm đủ giấy tờ bắt buộc. | Attach every required document."""

    status = 422


class FormNotFilled(Refusal):
    """Hãy điền tờ khai. | Fill in the form."""

    status = 422


class ChannelNotOffered(Refusal):
    """Thủ tục không có cách nhận kết quả này; hãy chọn cách khác. |
    The result is not handed over in this way; choose another.
    """

    status = 422


class AddressMissing(Refusal):
    """Hãy ghi địa chỉ nhận kết quả. | Give the address the result is posted to."""

    status = 422


# Money


class ExemptionUndecided(Refusal):
    """Hãy quyết định việc miễn phí trước. | Decide on the exemption first."""


class FeeNotCounted(Refusal):
    """Hãy ghi số tiền tính theo số trang. | Set the fee, counted by the page."""

    status = 422


class FeeIsFixed(Refusal):
    """Mức phí do quy định, không tự đặt được; hãy bỏ trống số tiền. |
    This fee is fixed and not set by hand; leave the amount empty.
    """

    status = 422


class FeeStillOwed(Refusal):
    """Hồ sơ còn phí chưa nộp; phải nộp đủ trước. | A fee is still owed; it has to be paid first."""


# Supplements


class NothingAskedFor(Refusal):
    """Hãy nêu giấy tờ hoặc mục cần bổ sung. | Name what has to be supplied."""

    status = 422


class UnknownItem(Refusal):
    """Thủ tục không có thành phần hồ sơ này; hãy chọn trong các thành phần của thủ tục. |
    The procedure asks for no such thing; choose among its components.
    """

    status = 422


class SecondRequest(Forbidden):
    """Yêu cầu bổ sung lần nữa phải do lãnh đạo gửi. | An approver has to ask a second time."""


class TooLateToAsk(Refusal):
    """Đã quá 3 ngày làm việc; hãy nêu luật cho phép. | After 3 working days, name the law."""


class ItemsMissing(Refusal):
    """Hãy bổ sung đủ những mục được yêu cầu. | Supply everything that was asked for."""

    status = 422


class NotAskedFor(Refusal):
    """Chỉ bổ sung những mục được yêu cầu. | Supply only what was asked for."""

    status = 422


# Deadlines


class ExtendedBefore(Refusal):
    """Hồ sơ đã gia hạn một lần, không gia hạn thêm được. |
    The deadline was extended once and cannot be extended again.
    """


class TooLateToExtend(Refusal):
    """Phải gia hạn trước hạn trả ít nhất 1 ngày. | Extend at least a day before it is due."""


class NotLater(Refusal):
    """Ngày hẹn mới phải sau ngày hẹn cũ. | The new date must be later than the old one."""

    status = 422


class TooFarOff(Refusal):
    """Ngày hẹn mới cách quá xa; hãy chọn ngày gần hơn. |
    The new date is too far off; choose an earlier one.
    """

    status = 422


# Working and results


class HeldAlready(Refusal):
    """Hồ sơ đã ở chỗ cán bộ này; hãy chọn cán bộ khác. |
    The dossier is with this officer already; choose another.
    """


class NotAnEarlierStep(Refusal):
    """Chỉ trả lại bước trước đó. | It can be sent back to an earlier step only."""

    status = 422


class NotSameDay(Refusal):
    """Thủ tục này không trả kết quả ngay; hãy chuyển bộ phận chuyên môn. |
    This procedure is not completed at the desk; forward the dossier to the specialists.
    """


class IdentityNotChecked(Refusal):
    """Hãy kiểm tra giấy tờ của người nhận. | Check the receiver's identity document."""

    status = 422


class OnItsWay(Refusal):
    """Kết quả đã gửi bưu chính; không gửi lại hay thu hồi được nữa. |
    The result is with the post already; it can be neither posted again nor recalled.
    """


class AnotherChannel(Refusal):
    """Người nộp đã chọn cách nhận khác; hãy trả kết quả theo cách đó. |
    The applicant chose another way to receive the result; hand it over in that way.
    """
