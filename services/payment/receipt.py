"""The receipt for a fee: what the law wants on it (NĐ 254/2026 Đ23.2), never changed. Pure.

Its signature is added where documents are made; cancelling is a new record, never a deletion.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from contracts.values import VIETNAM, AgencyCode, AgencyName, Dong, Value

from .amount_in_words import amount_in_words

FORM = "01BLP"
NAME_VI = "BIÊN LAI THU PHÍ, LỆ PHÍ"
NAME_EN = "RECEIPT FOR FEES AND CHARGES"


class DrawnNumber(Value):
    """A receipt number of one agency, drawn before deciding; each year counts from 1."""

    year: Annotated[int, Field(ge=2000, le=2099)]
    number: Annotated[int, Field(ge=1, le=99_999_999)]
    tax_code: str = ""

    @property
    def series(self) -> str:
        """The year's series (ký hiệu): two digits of the year, E for electronic."""
        return f"{self.year % 100:02d}E"

    def written_at(self, agency: AgencyCode) -> str:
        """Give the number as people quote it: agency, series, eight digits."""
        return f"{agency}-{self.series}-{self.number:08d}"


class ReceiptLine(Value):
    """One item paid for, in figures and in words."""

    item_vi: str
    item_en: str
    amount: Dong
    words_vi: str


class Receipt(Value):
    """The whole content of one receipt, in đồng."""

    name_vi: str = NAME_VI
    name_en: str = NAME_EN
    form: str = FORM
    series: str
    number: int
    written: str
    agency: AgencyName
    tax_code: str
    reference: str
    lines: tuple[ReceiptLine, ...]
    total: Dong
    total_words_vi: str
    issued_at: datetime


def write_receipt(
    drawn: DrawnNumber, *, agency: AgencyName, reference: str, amount: Dong, at: datetime
) -> Receipt:
    """Write the receipt for a fee that was just paid."""
    line = ReceiptLine(
        item_vi=f"Phí, lệ phí giải quyết hồ sơ {reference}",
        item_en=f"Fee for dossier {reference}",
        amount=amount,
        words_vi=amount_in_words(amount),
    )
    return Receipt(
        series=drawn.series,
        number=drawn.number,
        written=drawn.written_at(agency.code),
        agency=agency,
        tax_code=drawn.tax_code,
        reference=reference,
        lines=(line,),
        total=amount,
        total_words_vi=amount_in_words(amount),
        issued_at=at,
    )


def receipt_year(at: datetime) -> int:
    """Tell in which year's series a receipt of this instant is numbered: the local one."""
    return at.astimezone(VIETNAM).year
