"""Why a payment failed, by the bank's code or by ours, in Vietnamese and English. Data only."""

from collections.abc import Mapping

UNKNOWN_TO_BANK = "unknown-to-bank"
"""Our own code: asked long after, the bank knows of no such attempt."""

MEANINGS: Mapping[str, tuple[str, str]] = {
    "02": ("Giao dịch bị lỗi.", "The payment failed at the bank."),
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
    UNKNOWN_TO_BANK: (
        "Ngân hàng không nhận được giao dịch này; chưa có tiền nào bị trừ.",
        "This payment never reached the bank; no money was taken.",
    ),
}

_OTHER = ("Ngân hàng trả lời không rõ.", "The bank's answer is unclear.")


def meaning_of(code: str) -> tuple[str, str]:
    """Say in Vietnamese and English why a payment failed."""
    return MEANINGS.get(code, _OTHER)
