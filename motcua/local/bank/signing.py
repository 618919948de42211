"""How the bank signs and checks, written from its documents and not from our own code."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

_LOCAL = timezone(timedelta(hours=7))
SIGNATURE_HEADER = "X-Bank-Signature"

QUERY = "RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr OrderInfo"
REFUND = (
    "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo "
    "TransactionDate CreateBy CreateDate IpAddr OrderInfo"
)
REFUND_ANSWER = (
    "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate "
    "TransactionNo TransactionType TransactionStatus OrderInfo"
)
QUERY_ANSWER = f"{REFUND_ANSWER} PromotionCode PromotionAmount"


def sign(secret: str, text: str) -> str:
    """Sign a text."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def signed_query(secret: str, parameters: Mapping[str, str]) -> str:
    """Write parameters as a query string with its signature at the end."""
    text = urlencode(sorted((name, value) for name, value in parameters.items() if value))
    return f"{text}&vnp_SecureHash={sign(secret, text)}"


def is_signed_query(secret: str, parameters: Mapping[str, str]) -> bool:
    """Check a query string's signature."""
    rest = {
        n: v for n, v in parameters.items() if n not in ("vnp_SecureHash", "vnp_SecureHashType")
    }
    expected = signed_query(secret, rest).rpartition("=")[2]
    return hmac.compare_digest(expected.encode(), parameters.get("vnp_SecureHash", "").encode())


def sign_fields(secret: str, fields: Mapping[str, str], names: str) -> str:
    """Sign chosen fields, joined by bars."""
    return sign(secret, "|".join(fields.get(f"vnp_{name}", "") for name in names.split()))


def local_time(at: datetime) -> str:
    """Write an instant in fourteen digits of local time."""
    return at.astimezone(_LOCAL).strftime("%Y%m%d%H%M%S")


def read_local_time(text: str) -> datetime:
    """Read fourteen digits of local time."""
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=_LOCAL)


def first_of_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Take the bank's own parameters of a query string."""
    return {name: value for name, value in pairs if name.startswith("vnp_")}
