"""Traces: from a request through the log and Kafka to the last thing that follows from it.

Every event carries the traceparent of what caused it, so one trace holds them all. A span has names
of routes, events and errands; never a message of an error, for those quote data.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .settings import Settings

FRAMEWORK_SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""For every FastAPI app: its own telemetry would tell paths and queries as they are, beside ours.
"""

_W3C = TraceContextTextMapPropagator()


class _Sending:
    """Whether this process's traces go anywhere."""

    on = False


def start_tracing(settings: Settings) -> None:
    """Set up this process's traces."""
    resource = Resource.create({"service.name": f"motcua-{settings.service}"})
    provider = TracerProvider(resource=resource)
    if settings.otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(settings.otlp_endpoint)))
        _Sending.on = True
    trace.set_tracer_provider(provider)


def send_traces(patience: float) -> None:
    """Send what was traced and is still here, as far as that goes in some seconds."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.force_flush(int(patience * 1000))


@contextmanager
def span(
    name: str, traceparent: str = "", *, kind: SpanKind = SpanKind.INTERNAL, service: str = ""
) -> Generator[str]:
    """Trace a piece of work under its cause; gives the traceparent to hand on."""
    tracer, cause = trace.get_tracer("motcua"), _W3C.extract({"traceparent": traceparent})
    with tracer.start_as_current_span(
        name,
        cause,
        kind=kind,
        attributes={"motcua.service": service},
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield _traceparent(current) or traceparent
        except Exception as cause:
            current.set_status(Status(StatusCode.ERROR, type(cause).__name__))
            raise


@dataclass(frozen=True, slots=True)
class Step:
    """One event's part in work that is done for many at once; `traceparent` is to be handed on."""

    traceparent: str
    _span: Span | None = None

    def end(self) -> None:
        """Say that the work is done."""
        if self._span:
            self._span.end()


def step(name: str, traceparent: str, kind: SpanKind, service: str) -> Step:
    """Begin a step under its cause; where traces go nowhere it is nothing, and the cause goes on:
    this runs for every event.
    """
    if not _Sending.on or not traceparent:
        return Step(traceparent)
    cause = _W3C.extract({"traceparent": traceparent})
    begun = trace.get_tracer("motcua").start_span(
        name, cause, kind=kind, attributes={"motcua.service": service}
    )
    return Step(_traceparent(begun) or traceparent, begun)


async def hand_on(request: httpx.Request) -> None:
    """Tell whoever is called which trace they are part of."""
    if found := _traceparent(trace.get_current_span()):
        request.headers["traceparent"] = found


def _traceparent(of: Span) -> str:
    carrier: dict[str, str] = {}
    _W3C.inject(carrier, trace.set_span_in_context(of))
    return carrier.get("traceparent", "")
