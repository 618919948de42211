"""The one door to the accounts service: what it knows of a person, copies of their papers, and the
results it keeps for them.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

import httpx
from pydantic import ValidationError

from chassis.auth import ServiceTokens
from chassis.problems import Problem
from contracts.http.accounts import CopyRequest, Profile

from .forms.prefill import KnownApplicant

_QUICK = 2.0
"""Seconds a draft waits for what is only a convenience."""


class Accounts:
    """Calls accounts, for a person with their own token, or for this service with its own."""

    def __init__(self, url: str, http: httpx.AsyncClient, tokens: ServiceTokens) -> None:
        """Take where it answers, and how we call."""
        self._url, self._http, self._tokens = url, http, tokens

    async def known(self, bearer: str) -> KnownApplicant:
        """Give what the account tells of its person; nothing while accounts is away."""
        try:
            answer = await self._http.get(
                f"{self._url}/me", headers={"authorization": bearer}, timeout=_QUICK
            )
            answer.raise_for_status()
            return _known(Profile.model_validate_json(answer.content))
        except (httpx.HTTPError, ValidationError):
            return KnownApplicant()

    @asynccontextmanager
    async def copy(
        self, bearer: str, document: UUID, wanted: CopyRequest, key: str
    ) -> AsyncGenerator[tuple[str, AsyncIterator[bytes]]]:
        """Fetch a copy of a stored paper, for a dossier: its name and its content."""
        headers = {"authorization": bearer, "idempotency-key": key}
        asked = wanted.model_dump(mode="json")
        path = f"{self._url}/documents/{document}/copies"
        try:
            async with self._http.stream("POST", path, json=asked, headers=headers) as answer:
                if answer.is_error:
                    raise _refused(answer.status_code)
                yield _name(answer.headers), answer.aiter_bytes()
        except httpx.HTTPError as cause:
            raise _refused(503) from cause

    async def keep_result(
        self, person: UUID, file: UUID, dossier: UUID, name: str, content: AsyncIterator[bytes]
    ) -> None:
        """Put a result into a person's store; the same again changes nothing there."""
        headers = await self._tokens.bearer("accounts")
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        path = f"{self._url}/persons/{person}/documents/{file}"
        answer = await self._http.put(
            path, params={"dossier": str(dossier)}, headers=headers, content=content
        )
        answer.raise_for_status()


def _known(profile: Profile) -> KnownApplicant:
    told: dict[str, Any] = profile.model_dump(mode="json")
    residence: dict[str, str | None] = told["residence"] or {}
    names = KnownApplicant.__dataclass_fields__.keys() - {"citizen_id", "residence"}
    return KnownApplicant(
        **{name: told.get(name) for name in names},
        citizen_id=profile.id_number,
        residence={part: name for part, name in residence.items() if name} or None,
    )


def _name(headers: httpx.Headers) -> str:
    return unquote(headers.get("content-disposition", "").rpartition("UTF-8''")[2])


def _refused(status: int) -> Problem:
    if status in (403, 404, 409):
        return Problem(
            404,
            "document-not-found",
            "Kho giấy tờ của bạn không có giấy này, hoặc giấy đã bị thu hồi.",
            "Your store has no such paper, or its use was revoked.",
        )
    return Problem(
        503,
        "accounts-away",
        "Kho giấy tờ tạm thời chưa trả lời. Hãy thử lại sau, hoặc tải tệp lên.",
        "The store of papers does not answer now. Try again later, or upload the file.",
        headers={"Retry-After": "5"},
    )
