"""What is said to the submission service over HTTP: by applicants, by officers, by auditors."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.http.asked import Request
from contracts.submission import Outcome, Step
from contracts.values import Dong, ResultChannel

Words = Annotated[str, Field(min_length=3, max_length=2000)]
"""A reason: never empty, always shown to the applicant."""

Law = Annotated[str, Field(max_length=300)]


class BeginDraft(Request):
    """Begin a dossier of a procedure at an agency."""

    procedure: str = Field(min_length=1, max_length=200)
    agency: str = Field(min_length=1, max_length=40)


class Address(Request):
    """Where a result goes by post."""

    recipient: str = Field(min_length=1, max_length=100)
    phone: str = Field(pattern=r"^(0|\+84)(3|5|7|8|9)\d{8}$")
    detail: str = Field(min_length=1, max_length=200)
    commune: str = Field(min_length=1, max_length=100)
    province: str = Field(min_length=1, max_length=100)


class SaveDraft(Request):
    """What the applicant has written so far; saved whole, never refused for what is missing."""

    form: str | None = Field(None, max_length=40)
    values: dict[str, Any] = Field(default_factory=dict)
    channel: ResultChannel | None = None
    address: Address | None = None
    exemption: str = Field("", max_length=200)


class Submit(Request):
    """Hand in a draft as it was last saved."""

    confirmed: Literal[True] = Field(description="the applicant has read and confirmed the data")
    captcha: str = Field(min_length=1, max_length=4000, description="a solved challenge")


class FromStore(Request):
    """Attach a paper from the personal store: a copy is made, the consent recorded."""

    document_id: UUID
    component: str = Field(min_length=1, max_length=100)


class Withdrawal(Request):
    """Take the dossier back; nobody has to say why."""

    reason: str = Field("", max_length=2000)


class Supplement(Request):
    """Answer a request for supplement: new values for what was asked; files are there already."""

    values: dict[str, Any] = Field(default_factory=dict)
    files: list[UUID] = Field(default_factory=list[UUID], max_length=100)


class Reason(Request):
    """Why, in words for the applicant, and by which law if one says so."""

    reason: Words
    law: Law = ""


class Intake(Request):
    """Take a dossier in; the fee in đồng where only the desk can count it, by the page."""

    fee: Dong | None = None


class ExemptionDecision(Request):
    """Accept the claim that nothing is owed, or say why not."""

    granted: bool
    reason: Words
    law: Law = ""


class AskedItem(Request):
    """One thing asked for: a component's code or a form field's path, and why."""

    item: str = Field(min_length=1, max_length=200)
    reason: Words


class SupplementRequest(Request):
    """Ask once and completely; `words` for what concerns all of it."""

    items: list[AskedItem] = Field(min_length=1, max_length=100)
    words: str = Field("", max_length=2000)
    law: Law = ""


class Forwarding(Request):
    """Pass the dossier to the specialists, or to one of them."""

    to_officer: UUID | None = None


class HandingOver(Request):
    """Pass the dossier to another specialist, or back to all of them."""

    to_officer: UUID | None = None
    reason: str = Field("", max_length=2000)
    law: Law = ""


class Findings(Request):
    """What the examination found."""

    findings: str = Field("", max_length=10_000)
    law: Law = ""


class SendingBack(Request):
    """Return the dossier to an earlier step."""

    step: Step
    reason: Words
    law: Law = ""


class Proposal(Request):
    """Propose an outcome for approval."""

    outcome: Outcome
    reason: str = Field("", max_length=2000)
    law: Law = ""


class IssuedResult(Request):
    """Issue the result whose file was uploaded before."""

    file_id: UUID
    number: str = Field(min_length=1, max_length=60)


class AtDeskResult(IssuedResult):
    """Issue the result at once, with its outcome."""

    outcome: Outcome = Outcome.GRANTED
    reason: str = Field("", max_length=2000)
    law: Law = ""


class HandOver(Request):
    """Hand the result over at the desk."""

    receiver: str = Field(min_length=1, max_length=100)
    id_number: str = Field(min_length=6, max_length=20)
    authorisation: str = Field("", max_length=200)
    identity_checked: Literal[True]


class Posting(Request):
    """Give the result to the post."""

    tracking: str = Field(min_length=3, max_length=60)


class Extension(Request):
    """Extend the time limit, once, with an apology."""

    due: AwareDatetime
    reason: Words
    law: Law = ""


class Erasure(Request):
    """Destroy what is personal in a dossier. Ground and law stay for ever: they name nobody."""

    ground: Literal["asked-for", "kept-long-enough", "ordered"]
    law: str = Field(min_length=3, max_length=300)


class Decision(Request):
    """Decide a request to withdraw."""

    accepted: bool
    reason: Words
    law: Law = ""
