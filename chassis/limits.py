"""Sizes of requests: refused before they are read, counted while they are."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import Problem, problem_response

BODY = 1024 * 1024
"""Bytes of an ordinary request; forms are far smaller."""

UPLOAD = 20 * 1024 * 1024 + 4096
"""Bytes of a file; the upload itself says more exactly what is wrong."""

_FILES = re.compile(r".*/(documents|files|result-file)/[^/]+")
"""Where files are put, in whichever service."""


class Limited:
    """ASGI middleware: no request is larger than its kind may be."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = _limit(scope)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await self._refuse(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                # Not a Problem: what reads bodies would take that for a body it cannot read.
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem_response(Problem(413, "too-large"), Request(scope, receive))
        await response(scope, receive, send)


def _limit(scope: Scope) -> int:
    file = scope["method"] == "PUT" and _FILES.fullmatch(scope["path"])
    return UPLOAD if file else BODY
