"""A dossier before it is handed in: what it holds, and what is still missing. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field

from contracts.catalogue import ProcedureVersion
from contracts.values import Component, ComponentKind, ResultChannel

from .forms.errors import FieldError
from .forms.filled import FilledForm, check_filled

Source = Literal["upload", "scan", "photo", "store", "officer"]


class PostalAddress(BaseModel):
    """Where a result goes by post."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipient: str = Field(min_length=1, max_length=100)
    phone: str = Field(pattern=r"^(0|\+84)(3|5|7|8|9)\d{8}$")
    detail: str = Field(min_length=1, max_length=200)
    commune: str = Field(min_length=1, max_length=100)
    province: str = Field(min_length=1, max_length=100)


class DraftContent(BaseModel):
    """What the applicant has written so far; kept sealed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    channel: ResultChannel | None = None
    address: PostalAddress | None = None
    exemption: str = Field(default="", max_length=200)


def keepable(values: object) -> bool:
    """Tell whether what JSON carried can be kept: no lone surrogates, nothing endlessly deep."""
    try:
        orjson.dumps(values)
    except orjson.JSONEncodeError:
        return False
    return True


class FileAbout(BaseModel):
    """What is personal about a file; kept sealed. `sent_sha256` is of what was sent, `document`
    names the paper of the personal store that it was copied from, with the person's consent.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    sha256: str
    sent_sha256: str = ""
    document: UUID | None = None
    consent_at: datetime | None = None


class Attached(BaseModel):
    """A file that lies with a draft or a dossier."""

    model_config = ConfigDict(frozen=True)

    file_id: str
    component: str
    name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    source: Source
    scan: str


class Missing(BaseModel):
    """One thing to do before the dossier can be handed in."""

    model_config = ConfigDict(frozen=True)

    path: str
    code: str
    vi: str
    en: str


LARGEST_DOSSIER = 100 * 1024 * 1024
"""Bytes of all files of one dossier."""

MOST_FILES = 100
"""Files of one dossier."""


def to_mend(
    procedure: ProcedureVersion, content: DraftContent, files: Sequence[Attached], today: date
) -> tuple[FilledForm | None, list[Missing]]:
    """Hold a draft against its procedure: the form as read, and all there is still to do."""
    offered = form_choices(procedure.components)
    definition = next((form for form in procedure.forms if form.code == content.form), None)
    filled = None
    if definition is not None and content.form in offered:
        filled = check_filled(definition, content.values, today)
    missing = [
        *missing_form(procedure.components, content.form),
        *(in_the_form(error) for error in (filled.errors if filled else ())),
        *missing_papers(procedure.components, content.form, files),
        *missing_delivery(content, procedure.channels),
    ]
    return filled, missing


def in_the_form(error: FieldError) -> Missing:
    """Say what is wrong with a value of the form."""
    return Missing(path=f"values.{error.path}", code=error.code, vi=error.vi, en=error.en)


def missing_form(components: Sequence[Component], form: str | None) -> list[Missing]:
    """Ask for a form where one has to be filled in, and for another where it is not offered."""
    offered = form_choices(components)
    needed = any(one.required and one.forms for one in components)
    if form in offered or not (form or needed):
        return []
    return [
        Missing(
            path="form",
            code="required",
            vi="Hãy chọn và điền một tờ khai của thủ tục này.",
            en="Choose one of this procedure's forms and fill it in.",
        )
    ]


def missing_papers(
    components: Sequence[Component], form: str | None, files: Sequence[Attached]
) -> list[Missing]:
    """List the required papers without a file; one form is filled in, a second comes as a paper."""
    present = {file.component for file in files}
    return [
        Missing(
            path=f"components.{one.code}",
            code="required",
            vi=f"Hãy đính kèm: {one.name_vi}.",
            en=f"Attach: {one.name_en}.",
        )
        for one in components
        if one.required and one.code not in present and form not in one.forms
    ]


def missing_delivery(content: DraftContent, channels: Sequence[ResultChannel]) -> list[Missing]:
    """Check the choice of how to receive the result."""
    if content.channel is None or content.channel not in channels:
        return [
            Missing(
                path="channel",
                code="required",
                vi="Hãy chọn cách nhận kết quả mà thủ tục này cho phép.",
                en="Choose a way to receive the result that this procedure offers.",
            )
        ]
    if content.channel is ResultChannel.POST and content.address is None:
        return [
            Missing(
                path="address",
                code="required",
                vi="Hãy ghi địa chỉ nhận kết quả qua bưu chính.",
                en="Give the address the result is posted to.",
            )
        ]
    return []


def form_choices(components: Sequence[Component]) -> set[str]:
    """Give the codes of the forms that may be filled in."""
    return {
        code
        for component in components
        if component.kind is ComponentKind.FORM
        for code in component.forms
    }
