"""`motcua serve`: a process of one service's API, or of the workers of one or several services."""

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
import uvicorn

from chassis.garbage import look_seldom
from chassis.settings import PORTS, SERVICES, Settings
from chassis.telemetry import start_telemetry
from chassis.tracing import send_traces

from .local.trouble import Trouble, need_free_port
from .reporting import fail
from .service_settings import WITH_LOG, service_named, settings_of

WORKER_ROLES = ("relay", "consumer", "clock")


def serve(
    services: Annotated[
        list[str], typer.Argument(help="one service; a worker takes several, or `all`")
    ],
    roles: Annotated[
        str, typer.Option(help="api, or any of relay,consumer,clock, comma-separated")
    ] = "api",
    port: Annotated[
        int | None, typer.Option(help="where to listen; without it: its place in the block")
    ] = None,
) -> None:
    """Run roles of services in this process, until it is told to end."""
    try:
        _serve(services, _wanted(roles), port)
    except Trouble as trouble:
        fail(str(trouble))


def _serve(services: Sequence[str], roles: Sequence[str], port: int | None) -> None:
    if roles == ["api"]:
        name = _only_one(services)
        settings = settings_of(name)
        start_telemetry(settings)
        _run(_api(name, settings), settings, port or settings.port + PORTS[name], patience=3)
    else:
        names = WITH_LOG if list(services) == ["all"] else services
        of_each = {name: settings_of(name) for name in names}
        settings = _of_process(list(of_each.values()))
        start_telemetry(settings)
        app = _worker(of_each, roles)
        _run(app, settings, port or settings.port + PORTS["worker"], patience=1)


def _wanted(roles: str) -> list[str]:
    wanted = [role.strip() for role in roles.split(",")]
    if unknown := [role for role in wanted if role not in ("api", *WORKER_ROLES)]:
        raise Trouble(f"There is no role {unknown[0]}: choose of api, {', '.join(WORKER_ROLES)}.")
    if "api" in wanted and len(wanted) > 1:
        raise Trouble(
            "The api role shares its process with no other: run `--roles api` and "
            "`--roles relay,consumer,clock` as two processes."
        )
    return wanted


def _only_one(services: Sequence[str]) -> str:
    if len(services) != 1 or services[0] == "all":
        raise Trouble(f"An API is one service's: name one of {', '.join(SERVICES)}.")
    return services[0]


def _of_process(settings: Sequence[Settings]) -> Settings:
    """Give what several services' settings have in common; none has a port of its own here."""
    return (
        settings[0] if len(settings) == 1 else settings[0].model_copy(update={"service": "worker"})
    )


def _api(name: str, settings: Settings) -> Any:
    if name == "portal":
        return import_module("services.portal.main").portal(settings)
    from chassis.service import api

    return api(service_named(name), settings)


def _worker(settings: dict[str, Settings], roles: Sequence[str]) -> Any:
    from chassis.worker import worker  # brings the broker's client, which no API needs

    return worker([service_named(name) for name in settings], settings.__getitem__, roles)


def _run(app: Any, settings: Settings, port: int, patience: int) -> None:
    """Serve until SIGTERM or Ctrl-C; `patience` is for requests that are being answered then."""
    need_free_port(port, settings.service)
    signal.signal(signal.SIGTERM, _leave)
    look_seldom()
    uvicorn.run(
        app,
        host=settings.host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=patience,
    )


def _leave(*_: object) -> NoReturn:
    """End at once: uvicorn has closed all in order, and what is left would only be taken apart."""
    send_traces(patience=1)
    sys.stdout.flush()
    os._exit(0)
