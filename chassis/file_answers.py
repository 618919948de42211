"""Files in requests and answers: the raw bytes are the body, the name stands in Content-Disposition
and never in an address.
"""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Depends, Header, Request
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from .file_kinds import MEDIA_TYPES
from .problems import Problem

_NAME = re.compile(r"filename\*\s*=\s*utf-8''([^\s;]+)", re.IGNORECASE)
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_SENT = {"application/octet-stream": _BYTES}
_GIVEN = {media_type: _BYTES for media_type in sorted(set(MEDIA_TYPES.values()))}

FILE_SENT: dict[str, Any] = {"requestBody": {"required": True, "content": _SENT}}
"""For `openapi_extra=` of a route whose body is a file."""

FILE_GIVEN: dict[int | str, dict[str, Any]] = {200: {"content": _GIVEN, "description": "The file"}}
"""For `responses=` of a route that answers with a file."""


async def _file_name(
    content_disposition: Annotated[
        str | None,
        Header(max_length=2000, description="attachment; filename*=UTF-8''gi%E1%BA%A5y.pdf"),
    ] = None,
) -> str:
    found = _NAME.search(content_disposition or "")
    try:
        return unquote(found[1], errors="strict") if found else _refuse_name()
    except UnicodeDecodeError:
        return _refuse_name()


def _refuse_name() -> str:
    raise Problem(
        400,
        "file-name-missing",
        "Hãy gửi kèm tên tệp trong tiêu đề Content-Disposition: attachment; filename*=UTF-8''…",
        "Send the file's name in the header Content-Disposition: attachment; filename*=UTF-8''…",
    )


FileName = Annotated[str, Depends(_file_name)]
"""The name of the file that is sent, as the sender wrote it."""


async def file_sent(request: Request) -> AsyncIterator[bytes]:
    """Give the body piece by piece; a sender that went away in the middle has sent nothing."""
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect as cause:
        raise Problem(400, "file-cut-off") from cause


def file_answer(
    name: str, media_type: str, size: int, chunks: AsyncIterator[bytes]
) -> StreamingResponse:
    """Answer with a file: to be saved, never to be run or kept by anybody in between."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-length": str(size),
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return StreamingResponse(chunks, media_type=media_type, headers=headers)
