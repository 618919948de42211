"""What a request carries beside its body: its cause, its idempotency key, the version its sender
has seen.
"""

import re
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header, Request

from .changes import Claim, Origin
from .problems import Problem

_KEY = re.compile(r"[\x21-\x7e]{8,200}")
_VERSION = re.compile(r'"?(\d{1,9})"?')


def origin_of(request: Request, claim: Claim | None = None) -> Origin:
    """Say who asked, for the metadata of every event that follows."""
    return Origin(
        actor=request.scope.get("actor", "anonymous"),
        correlation=request.scope.get("correlation", ""),
        traceparent=request.scope.get("traceparent", ""),
        claim=claim,
    )


async def _plain(request: Request) -> Origin:
    return origin_of(request)


async def _keyed(
    request: Request, idempotency_key: Annotated[str | None, Header(max_length=200)] = None
) -> Origin:
    if idempotency_key is None or not _KEY.fullmatch(idempotency_key):
        raise Problem(
            400,
            "idempotency-key-missing",
            "Yêu cầu phải kèm tiêu đề Idempotency-Key, 8 đến 200 ký tự, khác nhau cho "
            "mỗi thao tác.",
            "Send an Idempotency-Key header of 8 to 200 visible characters, a new one for "
            "each action.",
        )
    digest = sha256()
    for part in (request.method.encode(), request.url.path.encode(), await request.body()):
        digest.update(len(part).to_bytes(8, "big") + part)
    actor = request.scope.get("actor", "anonymous")
    return origin_of(request, Claim(actor, idempotency_key, digest.digest()))


async def _if_match(if_match: Annotated[str | None, Header(max_length=20)] = None) -> int:
    if if_match is None:
        raise Problem(428, "version-missing")
    found = _VERSION.fullmatch(if_match)
    if found is None:
        raise Problem(
            400,
            "version-unreadable",
            'If-Match phải là số phiên bản, ví dụ "7".',
            'If-Match must be a version, as "7".',
        )
    return int(found[1])


PlainCause = Annotated[Origin, Depends(_plain)]
"""For requests that carry no key: sign-in, codes, autosave, uploads, the bank's callback."""

Cause = Annotated[Origin, Depends(_keyed)]
"""For every POST that creates or decides; declare it after the principal, whose scope the key
belongs to.
"""

Seen = Annotated[int, Depends(_if_match)]
"""The version an officer has seen: `If-Match: "7"`."""
