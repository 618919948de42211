"""What the processes tell of themselves in figures: they move with the work, and name nobody."""

import re
from collections.abc import Mapping
from typing import Any

import httpx
from people_at_hand import WITH_FEE, People
from prometheus_client.parser import text_string_to_metric_families
from province_at_hand import ProvinceAtHand

from chassis.settings import PORTS
from motcua.walking.province import until

SUBMIT = "/drafts/{dossier_id}/submission"
_ID = re.compile(r"[0-9a-f]{8}-|\d{6}|@")


class Figures:
    """The figures of one process at a moment."""

    def __init__(self, text: str) -> None:
        """Read what Prometheus reads."""
        families = text_string_to_metric_families(text)
        self.samples = [s for f in families for s in f.samples if s.name.startswith("motcua_")]

    def of(self, name: str, **labels: str) -> float | None:
        """Give one figure, summed over the labels that are not asked for; None where none is."""
        values = [s.value for s in self.samples if s.name == name and _match(s.labels, labels)]
        return sum(values) if values else None


def _match(found: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(found.get(name) == value for name, value in wanted.items())


async def figures(province: ProvinceAtHand, process: str) -> Figures:
    """Ask a process."""
    url = f"http://127.0.0.1:{province.port + PORTS[process]}/metrics"
    async with httpx.AsyncClient(trust_env=False) as http:
        return Figures((await http.get(url)).text)


async def moved(province: ProvinceAtHand, process: str, name: str, **more: Any) -> float:
    """Wait until a figure is above a bound, or (`upto`) no higher; gives it."""
    above, upto = more.pop("above", None), more.pop("upto", None)

    async def there() -> float | None:
        value = (await figures(province, process)).of(name, **more)
        if value is None:
            return None
        return value if (value <= upto if above is None else value > above) else None

    return await until(f"{name} of {process}", there) or 0.0


async def test_the_figures_move_with_a_dossier(people: People, province: ProvinceAtHand) -> None:
    citizen = await people.prepared(WITH_FEE)
    api, worker = await figures(province, "submission"), await figures(province, "worker")
    await citizen.submit()
    await people.mails_of(citizen.errand.dossier)
    request = {"service": "submission", "method": "POST", "route": SUBMIT, "status": "201"}
    seen = api.of("motcua_http_seconds_count", **request) or 0
    await moved(province, "submission", "motcua_http_seconds_count", **request, above=seen)
    seen = api.of("motcua_append_seconds_count", service="submission") or 0
    await moved(province, "submission", "motcua_append_seconds_count", above=seen)
    for name, labels in (
        ("motcua_append_seconds_count", {"service": "payment"}),
        ("motcua_append_seconds_count", {"service": "notification"}),
        ("motcua_consumed_total", {"service": "payment", "topic": "submission"}),
    ):
        await moved(province, "worker", name, **labels, above=worker.of(name, **labels) or 0)
    topic = {"service": "payment", "topic": "submission"}
    assert 0 < await moved(province, "worker", "motcua_inbox_age_seconds", **topic, above=0) < 60
    await moved(province, "worker", "motcua_inbox_lag_records", **topic, upto=0)
    for gauge in ("motcua_relay_lag_seconds", "motcua_relay_lag_events", "motcua_parked"):
        await moved(province, "worker", gauge, service="submission", upto=0)


async def test_what_stands_still_is_seen(people: People, province: ProvinceAtHand) -> None:
    citizen = await people.prepared(WITH_FEE)
    await province.kill("kafka")
    await citizen.submit()
    log = {"service": "submission"}
    await moved(province, "worker", "motcua_relay_lag_seconds", **log, above=2)
    await moved(province, "worker", "motcua_relay_lag_events", **log, above=0)
    await province.begin("kafka")
    await moved(province, "worker", "motcua_relay_lag_seconds", **log, upto=0)
    await province.sql(
        "payment",
        "insert into errands (errand_id, kind, subject, payload, owner, due_at, deadline) "
        "values (gen_random_uuid(), 'nobodys', 'x', '{}', 'nobody', now(), now())",
    )
    await province.sql(
        "payment",
        "insert into parked (consumer, topic, partition, cluster, record_offset, key, type, "
        "headers, cause) values ('payment', 'x', 0, 'x', 0, 'x', 'x', '[]', 'a test')",
    )
    await moved(province, "worker", "motcua_errands_late", service="payment", above=0)
    await moved(province, "worker", "motcua_parked", service="payment", above=0)
    await province.sql("payment", "delete from errands where kind = 'nobodys'")
    await province.sql("payment", "delete from parked where topic = 'x'")
    await moved(province, "worker", "motcua_errands_late", service="payment", upto=0)
    await moved(province, "worker", "motcua_parked", service="payment", upto=0)


async def test_figures_name_routes_and_nobody(people: People, province: ProvinceAtHand) -> None:
    await people.applicant(WITH_FEE)
    for path in ("/nowhere/1", "/nowhere/2", "/drafts/0"):
        await people.outside.call("GET", "submission", path, wanted=False)
    for process in ("submission", "accounts", "payment", "worker"):
        shown = (await figures(province, process)).samples
        labels = {value for sample in shown for key, value in sample.labels.items() if key != "le"}
        assert labels and not [value for value in labels if _ID.search(value)]
        assert not [value for value in labels if "nowhere" in value]
