"""What is said to the accounts service over HTTP: who people are, how they sign in, who may act."""

import unicodedata
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from contracts.http.asked import Request
from contracts.values import DeskRole

Kind = Literal["citizen", "organisation", "staff", "administrator", "auditor"]
Gender = Literal["male", "female"]
Language = Literal["vi", "en"]


def _plain(text: str) -> str:
    """Write a text in its one form; control and direction characters are no part of it."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    if not plain or any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in plain):
        raise ValueError("empty, or with characters that cannot be seen")
    return plain


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
Place = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_plain)]
Email = Annotated[str, Field(min_length=3, max_length=254)]
Phone = Annotated[str, Field(min_length=9, max_length=20)]
IdNumber = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Password = Annotated[str, Field(min_length=1, max_length=256, repr=False)]
Code = Annotated[str, Field(min_length=1, max_length=40, repr=False)]
Token = Annotated[str, Field(min_length=1, max_length=200, repr=False)]


class Residence(Request):
    """Where a person lives, in two levels."""

    country: str = Field("VN", pattern=r"^[A-Z]{2}$")
    province: Place
    commune: Place
    detail: Place | None = None
    province_code: str | None = Field(None, pattern=r"^[0-9]{2}$")
    commune_code: str | None = Field(None, pattern=r"^[0-9]{5}$")


class Details(Request):
    """What a person says of themselves, beside the e-mail address."""

    full_name: Name
    phone: Phone
    id_number: IdNumber
    birth_date: date | None = None
    gender: Gender | None = None
    ethnicity: str | None = Field(None, pattern=r"^[0-9]{2}$")
    nationality: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    id_issued_on: date | None = None
    id_issued_by: Place | None = None
    residence: Residence | None = None
    language: Language = "vi"


class Registration(Details):
    """Ask for an account. A code goes to the address by mail."""

    email: Email
    password: Password


class Doubt(BaseModel):
    """Something that is accepted and yet may be a slip of the pen."""

    field: str
    vi: str
    en: str


class Registered(BaseModel):
    """The account's id, once the code that was mailed is given back."""

    id: UUID
    doubts: list[Doubt] = Field(default_factory=list[Doubt])


class Verification(Request):
    """The code from the mail."""

    code: Code


class SignIn(Request):
    """E-mail address, phone or citizen number, and the password; `kind` for those who have more
    than one.
    """

    login: str = Field(min_length=1, max_length=254, repr=False)
    password: Password
    kind: Literal["citizen", "staff", "administrator", "auditor"] | None = None


class RefreshToken(Request):
    """The token that was given last."""

    refresh_token: Token


class SignedIn(BaseModel):
    """A short token to call with, and the one that fetches the next."""

    access_token: str = Field(repr=False)
    refresh_token: str = Field(repr=False)
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
    person_id: UUID
    kind: Kind


class AccessToken(BaseModel):
    """A short token to call with, for an organisation, by its representative."""

    access_token: str = Field(repr=False)
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int


class ServiceTokenAsked(Request):
    """A service's secret, and the one service it wants to call."""

    service: str = Field(min_length=1, max_length=40)
    secret: str = Field(min_length=1, max_length=200, repr=False)
    target: str = Field(min_length=1, max_length=40)


class ServiceToken(BaseModel):
    """A token that one service accepts."""

    token: str = Field(repr=False)
    expires_in: int


class Profile(BaseModel):
    """What an account knows of whose it is; forms are filled in from it beforehand."""

    person_id: UUID
    kind: Kind
    kinds: list[Kind]
    version: int
    full_name: str | None
    email: str | None
    verified: bool
    phone: str | None = None
    id_number: str | None = None
    tax_code: str | None = None
    birth_date: date | None = None
    gender: Gender | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    id_issued_on: date | None = None
    id_issued_by: str | None = None
    residence: Residence | None = None
    language: Language = "vi"


class Contact(BaseModel):
    """Where a person can be reached, and in which language. Told at the moment of sending."""

    email: str | None
    full_name: str | None
    language: Language
    verified: bool


class OrganisationDetails(Request):
    """An organisation; the caller represents it."""

    name: Name
    tax_code: str = Field(pattern=r"^[0-9]{10}(-[0-9]{3})?$")
    phone: Phone | None = None
    address: Place | None = None


class Organisation(BaseModel):
    """An organisation the caller represents."""

    id: UUID
    version: int
    name: str | None
    tax_code: str | None
    phone: str | None
    address: str | None


class StaffMember(Request):
    """Somebody who works here. An invitation to choose a password goes out by mail."""

    email: Email
    full_name: Name
    phone: Phone | None = None
    language: Language = "vi"


class Invitation(Request):
    """The code of an invitation, and the password chosen."""

    code: Code
    password: Password


class StaffListed(BaseModel):
    """Somebody who works here, as administrators see them."""

    person_id: UUID
    version: int
    full_name: str | None
    email: str | None
    kinds: list[Kind]
    verified: bool


class NewAppointment(Request):
    """Let a person act for an agency in these desk roles."""

    person_id: UUID
    agency: str = Field(pattern=r"^[A-Za-z0-9.-]{1,40}$")
    roles: list[DeskRole] = Field(min_length=1, max_length=len(DeskRole))


class AppointmentListed(BaseModel):
    """An appointment; `until` is empty while it is in force."""

    id: UUID
    person_id: UUID
    agency: str
    roles: list[DeskRole]
    since: AwareDatetime
    until: AwareDatetime | None


# The personal document store


class StoredDocument(BaseModel):
    """A paper in a person's own store: uploaded, or the result of a dossier."""

    id: UUID
    kind: Literal["upload", "result"]
    dossier_id: UUID | None = Field(description="of a result: the dossier it came from")
    name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    scan: str = Field(description="what the virus scanner said: clean, or not scanned")
    stored_at: AwareDatetime
    revoked_at: AwareDatetime | None = Field(description="no copies are given since")


class CopyRequest(Request):
    """Give a copy of a paper to a dossier: whoever asks agrees to it, for this purpose alone."""

    dossier_id: UUID
    component: str = Field(min_length=1, max_length=100)


class Consent(BaseModel):
    """What the owner agreed to, when, and in which words."""

    dossier_id: UUID
    component: str
    wording: str
    vi: str
    en: str
    at: AwareDatetime


class Erasure(Request):
    """Forget a person. Ground and law stay for ever: they name nobody."""

    ground: Literal["asked-for", "kept-long-enough", "ordered"]
    law: str = Field(min_length=3, max_length=300)
