"""What our bank tells of our account: a note of one credit, or a statement of many. Pure.

A transfer carries whatever the payer typed; our reference is looked for in it. Both are JSON, and
signed whole (HMAC-SHA512 over the body, in a header) with the secret we share.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from contracts.values import PaymentMethod

from .references import find_reference
from .vnpay import LARGEST, NotGenuine, is_signed

SIGNATURE_HEADER = "X-Bank-Signature"
LONGEST_NOTE = 4096

_STRAYS = UUID("5d2c7a0e-3b1f-5f0a-9c55-6a4b1d2e7f90")
"""Names the streams of money that came without a reference of ours."""

_ModelT = TypeVar("_ModelT", bound=BaseModel)
_Short = Annotated[str, Field(max_length=64)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    method: Literal["vnpay", "vietqr"] = "vietqr"
    reference: _Short = ""
    text: Annotated[str, Field(max_length=500)] = ""
    amount: Annotated[int, Field(gt=0, le=LARGEST)]
    bank_reference: Annotated[str, Field(min_length=1, max_length=64)]
    at: Annotated[AwareDatetime, Field(strict=False)]
    refunded: bool = False


class _Statement(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    lines: Annotated[list[_Line], Field(max_length=100_000)]


@dataclass(frozen=True)
class Credit:
    """Money on our account; without a reference of ours it goes by the bank's own."""

    transaction: str
    matched: bool
    amount: int
    method: Literal[PaymentMethod.VNPAY, PaymentMethod.VIETQR]
    bank_reference: str
    refunded: bool
    at: datetime

    @property
    def stray(self) -> UUID:
        """Name the obligation-less stream in which this money is booked when nobody knows it."""
        return uuid5(_STRAYS, self.transaction)


def read_note(secret: str, body: bytes, told: str) -> Credit:
    """Read the bank's note of one credit; NotGenuine unless the bank signed it."""
    if len(body) > LONGEST_NOTE:
        raise NotGenuine("too long")
    return _credit(_parsed(_Line, secret, body, told))


def read_statement(secret: str, body: bytes, told: str) -> list[Credit]:
    """Read the bank's statement; NotGenuine unless the bank signed it."""
    return [_credit(line) for line in _parsed(_Statement, secret, body, told).lines]


def _parsed(model: type[_ModelT], secret: str, body: bytes, told: str) -> _ModelT:
    try:
        text = body.decode()
        if not is_signed(secret, text, told):
            raise NotGenuine("signature")
        return model.model_validate_json(text)
    except (UnicodeDecodeError, ValidationError) as cause:
        raise NotGenuine("unreadable") from cause


def _credit(line: _Line) -> Credit:
    reference = line.reference or find_reference(line.text)
    return Credit(
        transaction=reference or f"STRAY-{line.bank_reference}",
        matched=bool(reference),
        amount=line.amount,
        method=PaymentMethod.VNPAY if line.method == "vnpay" else PaymentMethod.VIETQR,
        bank_reference=line.bank_reference,
        refunded=line.refunded,
        at=line.at,
    )
