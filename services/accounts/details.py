"""What a person says of themselves, in the form in which it is kept, and its faults. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from contracts.http.accounts import Details, Doubt
from contracts.values import VIETNAM

from .citizen_id import doubts, is_citizen_id
from .contacts import email_of, phone_of
from .person import PersonalDetails


@dataclass(frozen=True)
class Fault:
    """One field that cannot stay as it is."""

    field: str
    vi: str
    en: str


_FAULTS = {
    "email": ("Địa chỉ thư điện tử chưa đúng.", "This is no e-mail address."),
    "phone": (
        "Số điện thoại di động gồm 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09.",
        "A mobile number has 10 digits and begins with 03, 05, 07, 08 or 09.",
    ),
    "id_number": (
        "Số định danh gồm 12 chữ số, bắt đầu bằng mã tỉnh hoặc mã quốc gia.",
        "A citizen number has 12 digits and begins with the code of a province or a country.",
    ),
    "birth_date": (
        "Ngày sinh phải từ năm 1900 đến hôm nay.",
        "The date of birth lies between 1900 and today.",
    ),
    "id_issued_on": ("Ngày cấp không thể ở tương lai.", "The date of issue is in the future."),
}
_DOUBTS = {
    "birth_date": (
        "Năm sinh khác với năm ghi trong số định danh. Hãy kiểm tra lại.",
        "The year of birth differs from the one in the citizen number. Please check.",
    ),
    "gender": (
        "Giới tính khác với giới tính ghi trong số định danh. Hãy kiểm tra lại.",
        "The sex differs from the one in the citizen number. Please check.",
    ),
}


def read_details(told: Details, email: str) -> PersonalDetails:
    """Write contacts in their one form; what cannot be read is left empty, and is a fault."""
    return PersonalDetails(
        **told.model_dump(include=set(Details.model_fields) - {"phone"}),
        email=email_of(email) or "",
        phone=phone_of(told.phone) or "",
    )


def faults(details: PersonalDetails, at: datetime) -> list[Fault]:
    """List what cannot stay as it is."""
    today = at.astimezone(VIETNAM).date()
    wrong: list[str] = []
    if not details.email:
        wrong.append("email")
    if details.phone == "":
        wrong.append("phone")
    if details.id_number is not None and not is_citizen_id(details.id_number):
        wrong.append("id_number")
    if details.birth_date is not None and not date(1900, 1, 1) <= details.birth_date <= today:
        wrong.append("birth_date")
    if details.id_issued_on is not None and details.id_issued_on > today:
        wrong.append("id_issued_on")
    return [Fault(field, *_FAULTS[field]) for field in wrong]


def doubts_about(details: PersonalDetails, at: datetime) -> list[Doubt]:
    """List what is kept as it was told and yet may be a slip."""
    if details.id_number is None:
        return []
    today = at.astimezone(VIETNAM).date()
    found = doubts(details.id_number, details.birth_date, details.gender, today)
    return [Doubt(field=name, vi=_DOUBTS[name][0], en=_DOUBTS[name][1]) for name in found]
