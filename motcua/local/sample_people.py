"""Who can sign in on one's own machine: a desk, an administrator, an auditor. Plain data.

Their passwords are known to everybody, so they exist only with MOTCUA_ENV=local.
"""

from dataclasses import dataclass
from typing import Literal

from contracts.values import AgencyCode, DeskRole

PASSWORD = "mot-cua-tren-may-toi"
"""Of every sample account ("one door, on my machine")."""

AGENCY = AgencyCode("H23.39.02")
"""UBND xã Bình Lãng."""


@dataclass(frozen=True)
class SamplePerson:
    """Who can sign in on this machine, and as what."""

    login: str
    name: str
    kind: Literal["staff", "administrator", "auditor"]
    roles: tuple[DeskRole, ...] = ()


ADMINISTRATOR = SamplePerson("quantri@tinh.example.vn", "Đỗ Thị Hải", "administrator")
AUDITOR = SamplePerson("kiemtra@tinh.example.vn", "Lý Văn Kiên", "auditor")
INTAKE = SamplePerson("motcua@binhlang.example.vn", "Trần Thị Mai", "staff", (DeskRole.INTAKE,))
SPECIALIST = SamplePerson(
    "chuyenvien@binhlang.example.vn", "Phạm Văn Đức", "staff", (DeskRole.SPECIALIST,)
)
APPROVER = SamplePerson(
    "chutich@binhlang.example.vn", "Vũ Quang Huy", "staff", (DeskRole.APPROVER,)
)
CLERK = SamplePerson("vanthu@binhlang.example.vn", "Bùi Thu Hà", "staff", (DeskRole.CLERK,))
CASHIER = SamplePerson("thuquy@binhlang.example.vn", "Ngô Thị Lan", "staff", (DeskRole.CASHIER,))

DESK = (INTAKE, SPECIALIST, APPROVER, CLERK, CASHIER)
EVERYBODY = (ADMINISTRATOR, AUDITOR, *DESK)
