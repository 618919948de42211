"""The ways a request about a dossier is turned down. Facts never are."""

from chassis.decider import Forbidden, Refusal


class NotPossibleNow(Refusal):
    """Hồ sơ chưa ở giai đoạn làm được việc này. | The dossier is not at the stage for this."""


class OwnDossier(Forbidden):
    """Cán bộ không xử lý hồ sơ của chính mình. | Nobody handles a dossier of their own."""


class NotYourDossier(Forbidden):
    """Đây không phải hồ sơ của bạn. | This is not your dossier."""


class FourEyes(Forbidden):
    """Việc này phải do cán bộ khác thực hiện. | Another officer has to do this."""


class AssignedToAnother(Forbidden):
    """Hồ sơ đang giao cho cán bộ khác. | The dossier is with another officer."""


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
    """Thủ tục không có cách nhận kết quả này. | The result is not handed over in this way."""

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
    """Mức phí do quy định, không tự đặt được. | This fee is fixed; it is not set by hand."""

    status = 422


class FeeStillOwed(Refusal):
    """Hồ sơ còn phí chưa nộp. | A fee has to be paid first."""


# Supplements


class NothingAskedFor(Refusal):
    """Hãy nêu giấy tờ hoặc mục cần bổ sung. | Name what has to be supplied."""

    status = 422


class UnknownItem(Refusal):
    """Thủ tục không có thành phần hồ sơ này. | The procedure asks for no such thing."""

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
    """Hồ sơ chỉ được gia hạn một lần. | A deadline is extended only once."""


class TooLateToExtend(Refusal):
    """Phải gia hạn trước hạn trả ít nhất 1 ngày. | Extend at least a day before it is due."""


class NotLater(Refusal):
    """Ngày hẹn mới phải sau ngày hẹn cũ. | The new date must be later than the old one."""

    status = 422


class TooFarOff(Refusal):
    """Ngày hẹn mới cách quá xa. | The new date is too far off."""

    status = 422


# Working and results


class HeldAlready(Refusal):
    """Hồ sơ đã ở chỗ cán bộ này. | The dossier is with this officer already."""


class NotAnEarlierStep(Refusal):
    """Chỉ trả lại bước trước đó. | It can be sent back to an earlier step only."""

    status = 422


class NotSameDay(Refusal):
    """Thủ tục này không trả kết quả ngay. | This procedure is not completed at the desk."""


class IdentityNotChecked(Refusal):
    """Hãy kiểm tra giấy tờ của người nhận. | Check the receiver's identity document."""

    status = 422


class OnItsWay(Refusal):
    """Kết quả đã gửi bưu chính. | The result is with the post already."""


class AnotherChannel(Refusal):
    """Người nộp đã chọn cách nhận khác. | The applicant chose another way to receive it."""
