"""What VNPAY's codes mean, in Vietnamese and English. Data only."""

RESPONSES: dict[str, tuple[str, str]] = {
    "00": ("Giao dịch thành công.", "The payment succeeded."),
    "07": (
        "Đã trừ tiền nhưng giao dịch bị nghi ngờ; ngân hàng đang kiểm tra.",
        "Money was taken but the bank suspects fraud and is checking.",
    ),
    "09": (
        "Thẻ hoặc tài khoản chưa đăng ký Internet Banking.",
        "The card or account is not registered for Internet Banking.",
    ),
    "10": (
        "Xác thực thẻ hoặc tài khoản sai quá 3 lần.",
        "The card or account details were wrong more than three times.",
    ),
    "11": ("Đã hết thời gian chờ thanh toán.", "The time to pay ran out."),
    "12": ("Thẻ hoặc tài khoản bị khóa.", "The card or account is locked."),
    "13": ("Mã xác thực (OTP) không đúng.", "The one-time password was wrong."),
    "24": ("Bạn đã hủy giao dịch.", "You cancelled the payment."),
    "51": ("Tài khoản không đủ số dư.", "There is not enough money in the account."),
    "65": ("Vượt hạn mức giao dịch trong ngày.", "The daily limit is reached."),
    "75": ("Ngân hàng đang bảo trì.", "The bank is under maintenance."),
    "79": (
        "Mật khẩu thanh toán sai quá số lần quy định.",
        "The payment password was wrong too often.",
    ),
    "99": ("Ngân hàng báo lỗi khác.", "The bank reports another error."),
}

STATUSES: dict[str, tuple[str, str]] = {
    "00": ("Đã thanh toán.", "Paid."),
    "01": ("Chưa hoàn tất.", "Not finished."),
    "02": ("Giao dịch bị lỗi.", "Failed."),
    "04": (
        "Giao dịch đảo: đã trừ tiền ở ngân hàng nhưng chưa thành công.",
        "Reversed: money was taken at the bank but the payment did not succeed.",
    ),
    "05": ("Đang xử lý hoàn tiền.", "The refund is being processed."),
    "06": ("Đã gửi yêu cầu hoàn tiền sang ngân hàng.", "The refund was sent to the bank."),
    "07": ("Giao dịch bị nghi ngờ gian lận.", "Suspected of fraud."),
    "09": ("Ngân hàng từ chối hoàn tiền.", "The bank turned the refund down."),
}

_OTHER = ("Ngân hàng trả lời không rõ.", "The bank's answer is unclear.")


def meaning_of_response(code: str) -> tuple[str, str]:
    """Say in Vietnamese and English what a response code means."""
    return RESPONSES.get(code, _OTHER)


def meaning_of_status(code: str) -> tuple[str, str]:
    """Say in Vietnamese and English what a transaction status means."""
    return STATUSES.get(code, _OTHER)
