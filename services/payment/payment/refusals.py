"""The ways a request about a fee is turned down. Facts never are."""

from chassis.decider import Forbidden, Refusal


class NoSuchFee(Refusal):
    """Không tìm thấy khoản phí này. | There is no such fee."""

    status = 404


class AlreadyPaid(Refusal):
    """Khoản phí này đã được nộp; không cần nộp lại. | This fee is already paid."""


class NothingOwed(Refusal):
    """Khoản phí này đã được miễn hoặc không còn phải nộp. | This fee is no longer due."""


class PayAtTheDesk(Refusal):
    """Khoản phí này nộp tại bộ phận một cửa. | This fee is paid at the one-stop desk."""


class TooLateToPay(Refusal):
    """Đã quá hạn nộp khoản phí này. | The time to pay this fee is over."""


class AmountDiffers(Refusal):
    """Số tiền không khớp với khoản phí phải nộp. | The amount is not the one that is owed."""


class NothingToRefund(Refusal):
    """Giao dịch này không có khoản tiền nào để hoàn. | Nothing of it can be refunded."""


class RefundUnderWay(Refusal):
    """Việc hoàn khoản tiền này đã được đề nghị. | A refund of this money is already under way."""


class NoRefundProposed(Refusal):
    """Không có đề nghị hoàn tiền nào đang chờ. | No refund is waiting for a decision."""


class RefundMustGoBack(Refusal):
    """Khoản tiền này thu thừa nên phải hoàn lại. | This money is not owed and must go back."""


class BankPaysBack(Refusal):
    """Khoản tiền này do VNPAY hoàn trả. | VNPAY gives this money back."""


class OwnFee(Forbidden):
    """Cán bộ không được xử lý khoản phí của chính mình. | Nobody handles a fee of their own."""


class OwnProposal(Forbidden):
    """Người đề nghị hoàn tiền không được tự phê duyệt. | Nobody approves a refund they proposed."""
