"""The portal, assembled. Run it with `motcua serve portal`."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from chassis.auth import Anyone
from chassis.problems import install_problems
from chassis.settings import Settings
from chassis.telemetry import Observed

from .start_page import start_page


def portal(settings: Settings) -> FastAPI:
    """Build the portal's pages. It has no database: it is ready when it answers."""
    app = FastAPI(title="Một Cửa", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    install_problems(app)
    app.add_middleware(Observed, service="portal")

    @app.get("/", response_class=HTMLResponse, dependencies=[Anyone])
    async def start() -> HTMLResponse:
        return HTMLResponse(
            start_page(settings),
            headers={
                "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                "frame-ancestors 'none'; form-action 'none'",
                "x-content-type-options": "nosniff",
                "referrer-policy": "no-referrer",
            },
        )

    @app.get("/health/live", dependencies=[Anyone])
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/health/ready", dependencies=[Anyone])
    async def ready() -> dict[str, str]:
        return {"status": "ready", "role": "api"}

    return app
