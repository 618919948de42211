"""The portal, assembled. Run it with `motcua serve portal`."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from chassis.auth import Anyone
from chassis.probes import probes
from chassis.problems import install_problems
from chassis.settings import Settings
from chassis.telemetry import Observed
from chassis.tracing import FRAMEWORK_SILENT

from .start_page import HEADERS, start_page


def portal(settings: Settings) -> FastAPI:
    """Build the portal's pages. It has no database: it is ready when it answers."""
    app = FastAPI(
        title="Một Cửa",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=FRAMEWORK_SILENT,
    )
    install_problems(app)
    app.middleware("http")(_guarded)
    app.add_middleware(Observed, service="portal")
    app.include_router(probes("api", _nothing_missing))

    @app.get("/", response_class=HTMLResponse, dependencies=[Anyone])
    async def start() -> HTMLResponse:
        return HTMLResponse(start_page(settings))

    return app


async def _guarded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Tell browsers, with every answer, how little they may do with it."""
    response = await answer(request)
    response.headers.update(HEADERS)
    return response


async def _nothing_missing() -> dict[str, str]:
    return {}
