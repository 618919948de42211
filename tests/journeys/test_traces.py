"""One trace tells the whole story: a request, its events on Kafka, what follows from them, a mail.

The processes are real and send what they trace to a receiver of OTLP over HTTP in this one.
"""

import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from people_at_hand import WITH_FEE, People
from province_at_hand import APIS, ProvinceAtHand

from motcua.walking.province import until

TRACED = ("submission", "accounts", "worker")
REQUEST = ("submission", "POST /drafts/{dossier_id}/submission")
MAIL = ("notification", "errand mail")
STORY = {
    REQUEST,
    ("submission", "publish submission.fee-required.v1"),
    ("payment", "react submission.fee-required.v1"),
    ("payment", "publish payment.fee-requested.v1"),
    ("submission", "react payment.fee-requested.v1"),
    ("notification", "react submission.dossier-submitted.v1"),
    ("notification", "errand tell"),
    ("accounts", "GET /persons/{person_id}/contact"),
    MAIL,
}


@dataclass(frozen=True)
class Span:
    """A piece of work that somebody traced."""

    service: str
    name: str
    trace: bytes
    span: bytes
    parent: bytes
    failed: bool

    @property
    def what(self) -> tuple[str, str]:
        """Who did what."""
        return self.service, self.name


class Receiver:
    """Takes what is exported, as it came and opened."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.spans: list[Span] = []

    def take(self, body: bytes) -> None:
        """Open an export."""
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for one in scope.spans:
                    named = {a.key: a.value.string_value for a in one.attributes}
                    ids = (one.trace_id, one.span_id, one.parent_span_id)
                    failed = one.status.code == 2
                    self.spans.append(Span(named.get("motcua.service", ""), one.name, *ids, failed))

    def trace_of(self, what: tuple[str, str]) -> list[Span]:
        """Give the whole trace in which somebody did something; empty if nobody did yet."""
        ids = {span.trace for span in self.spans if span.what == what}
        assert len(ids) <= 1, "several did it"
        return [span for span in self.spans if span.trace in ids]


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    """A receiver, and the address it takes traces at."""
    taken = Receiver()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield taken, f"http://127.0.0.1:{server.server_port}/v1/traces"
    server.shutdown()
    server.server_close()


@pytest.fixture
async def traces(
    receiver: tuple[Receiver, str], province: ProvinceAtHand, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Receiver]:
    """What the province traces while it is told to send it here."""
    taken, address = receiver
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
    await send_to(province, address)
    yield taken
    await send_to(province, "")


async def send_to(province: ProvinceAtHand, address: str) -> None:
    """Start the processes anew, with a place for their traces."""
    for service in APIS:
        province.set(service, OTLP_ENDPOINT=address)
    await province.begin(*TRACED)
    await province.ready(*TRACED)


def way_to(span: Span, trace: list[Span]) -> list[tuple[str, str]]:
    """Follow the causes of a span back to the first."""
    by_id = {one.span: one for one in trace}
    way = [span]
    while way[-1].parent:
        way.append(by_id[way[-1].parent])
    return [one.what for one in reversed(way)]


async def test_one_trace_leads_from_handing_in_to_reactions_and_the_mail_and_names_nobody(
    people: People, traces: Receiver
) -> None:
    citizen = await people.prepared(WITH_FEE)
    await citizen.submit()

    async def whole() -> list[Span] | None:
        trace = traces.trace_of(REQUEST)
        return trace if {span.what for span in trace} >= STORY else None

    trace = await until(f"{STORY} in one trace", whole)
    mail = next(span for span in trace if span.what == MAIL)
    request, published, reacted, told, sent = way_to(mail, trace)
    assert (request, told, sent) == (REQUEST, ("notification", "errand tell"), MAIL)
    event = published[1].removeprefix("publish ")
    assert event in ("submission.dossier-submitted.v1", "submission.fee-required.v1")
    assert (published[0], reacted) == ("submission", ("notification", f"react {event}"))
    assert not [span.what for span in trace if span.failed]
    assert all(span.service for span in traces.spans), "what libraries trace is not ours to tell"
    exported, dossier = b"".join(traces.bodies), str(citizen.errand.dossier)
    for word in (citizen.full_name, citizen.email, citizen.phone, citizen.id_number, dossier):
        assert word.encode() not in exported
