"""What a process tells of itself: that it lives, whether it can do its work, and its figures."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from .auth import Anyone

Hindrances = Callable[[], Awaitable[Mapping[str, str]]]
"""What is missing or away, and why; empty when the process can do its work."""


def probes(role: str, hindrances: Hindrances) -> APIRouter:
    """Build `/health/live`, `/health/ready` and `/metrics`."""
    router = APIRouter(include_in_schema=False, dependencies=[Anyone])

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        if because := await hindrances():
            waiting = {"status": "waiting", "role": role, "because": dict(because)}
            return JSONResponse(waiting, status_code=503)
        return JSONResponse({"status": "ready", "role": role})

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
