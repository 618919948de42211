"""Logs, traces and metrics: structured, without personal data, joined by correlation ids and
traceparents.
"""

import logging
import re
import sys
import time
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .clock import new_id
from .failures import cause_with_frames
from .settings import Settings
from .tracing import span, start_tracing

REQUESTS = Histogram(
    "motcua_http_seconds", "Time to answer", ["service", "method", "route", "status"]
)
APPEND = Histogram(
    "motcua_append_seconds",
    "Time from asking to committed",
    ["service"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
RELAY_AGE = Gauge(
    "motcua_relay_lag_seconds", "Age of the oldest event not yet published", ["service"]
)
RELAY_LAG = Gauge("motcua_relay_lag_events", "Events not yet published", ["service"])
INBOX_AGE = Gauge(
    "motcua_inbox_age_seconds", "Age of the last record when it was applied", ["service", "topic"]
)
INBOX_LAG = Gauge("motcua_inbox_lag_records", "Records not yet applied", ["service", "topic"])
CONSUMED = Counter("motcua_consumed_total", "Records seen", ["service", "topic", "fate"])
PARKED = Gauge("motcua_parked", "Records waiting in parking", ["service"])
ERRANDS_LATE = Gauge("motcua_errands_late", "Errands past their deadline", ["service"])


def _without_values(exc_info: structlog.typing.ExcInfo) -> str:
    return cause_with_frames(exc_info[1])


_LINE: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(_without_values),
)
"""What every line of the log has."""

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"))
_CORRELATION = re.compile(r"[0-9a-zA-Z_-]{8,64}")


def start_telemetry(settings: Settings) -> None:
    """Set up this process's logs and traces."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[*_LINE, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=settings.service)
    logging.basicConfig(level=logging.WARNING, handlers=[_libraries_too()], force=True)
    start_tracing(settings)


def _libraries_too() -> logging.Handler:
    """Write what libraries say as lines of the same shape as ours."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_LINE],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    return handler


class Observed:
    """ASGI middleware: a correlation id, a span, a measurement and one log line for every request.

    The line names the route's template, never the path with its ids, the query, headers or bodies.
    """

    def __init__(self, app: ASGIApp, service: str) -> None:
        """Wrap an app."""
        self._app, self._service = app, service
        self._log = structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, watched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get(b"x-correlation-id", "")
        scope["correlation"] = given if _CORRELATION.fullmatch(given) else str(new_id())
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                found: list[tuple[bytes, bytes]] = message["headers"]
                found.append((b"x-correlation-id", scope["correlation"].encode()))
            await send(message)

        cause = headers.get(b"traceparent", "")
        with span("http", cause, kind=SpanKind.SERVER, service=self._service) as traceparent:
            scope["traceparent"] = traceparent
            try:
                await self._app(scope, receive, watched)
            finally:
                self._tell(scope, status, time.perf_counter() - started)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route: Any = scope.get("route")
        template = str(getattr(route, "path", "(none)"))
        method = scope["method"] if scope["method"] in _METHODS else "other"
        REQUESTS.labels(self._service, method, template, status).observe(seconds)
        current = trace.get_current_span()
        current.update_name(f"{method} {template}")
        current.set_attributes({"http.route": template, "http.response.status_code": status})
        if template.startswith("/health"):
            return
        self._log.info(
            "request",
            method=method,
            route=template,
            status=status,
            ms=round(seconds * 1000, 1),
            actor=scope.get("actor", ""),
            correlation=scope["correlation"],
        )
