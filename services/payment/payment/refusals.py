"""The ways a request about a fee is turned down. Facts never are."""

from chassis.decider import Forbidden, Refusal


class NoSuchFee(Refusal):
    """Không tìm thấy khoản phí này. | There is no such fee."""

    status = 404


class AlreadyPaid(Refusal):
    """Khoản phí này đã được nộp; không cần nộp lại. |
    This fee is already paid; you need not pay again.
    """


class NothingOwed(Refusal):
    """Khoản phí này đã được miễn hoặc không còn phải nộp. |
    This fee was waived or is no longer due; there is nothing to pay.
    """


class PayAtTheDesk(Refusal):
    """Hãy nộp khoản phí này tại bộ phận một cửa. | Pay this fee at the one-stop desk."""


class TooLateToPay(Refusal):
    """Đã quá hạn nộp khoản phí này; hãy nộp hồ sơ mới. |
    The time to pay this fee is over; hand in a new dossier.
    """


class AmountDiffers(Refusal):
    """Số tiền không khớp với khoản phí phải nộp; hãy thu đúng số tiền. |
    The amount is not the one that is owed; take exactly that.
    """


class NothingToRefund(Refusal):
    """Giao dịch này không có khoản tiền nào để hoàn; hãy kiểm tra mã giao dịch và việc phê duyệt. |
    There is no money of this transaction to give back; check its number, and that a refund was
    approved.
    """


class RefundUnderWay(Refusal):
    """Việc hoàn khoản tiền này đã được đề nghị; không cần đề nghị lại. |
    A refund of this money is already under way; it need not be proposed again.
    """


class NoRefundProposed(Refusal):
    """Không có đề nghị hoàn tiền nào đang chờ; hãy tải lại khoản phí. |
    No refund is waiting for a decision; load the fee again.
    """


class RefundMustGoBack(Refusal):
    """Khoản tiền này thu thừa nên phải hoàn lại; hãy phê duyệt. |
    This money is not owed and must go back; approve the refund.
    """


class BankPaysBack(Refusal):
    """Khoản tiền này do VNPAY hoàn trả; không hoàn tại quầy. |
    VNPAY gives this money back; do not give it back by hand.
    """


class OwnFee(Forbidden):
    """Cán bộ không được xử lý khoản phí của chính mình; hãy để cán bộ khác làm. |
    Nobody handles a fee of their own; leave it to another officer.
    """


class OwnProposal(Forbidden):
    """Người đề nghị hoàn tiền không được tự phê duyệt; hãy để cán bộ khác quyết định. |
    Nobody decides a refund they proposed; leave it to another officer.
    """
