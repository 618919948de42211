"""A dossier before it is handed in: what it holds, and what is still missing. Pure."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.values import Component, ComponentKind, ResultChannel

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
    exemption: str = Field("", max_length=200)
    note: str = Field("", max_length=2000)


class FileAbout(BaseModel):
    """What is personal about a file; kept sealed."""

    model_config = ConfigDict(frozen=True)

    name: str
    sha256: str


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


def missing_papers(components: Sequence[Component], files: Sequence[Attached]) -> list[Missing]:
    """List the required papers without a file; the form itself is filled in, not attached."""
    present = {file.component for file in files}
    return [
        Missing(
            path=f"components.{component.code}",
            code="required",
            vi=f"Hãy đính kèm: {component.name_vi}.",
            en=f"Attach: {component.name_en}.",
        )
        for component in components
        if component.required
        and component.kind is not ComponentKind.FORM
        and component.code not in present
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
