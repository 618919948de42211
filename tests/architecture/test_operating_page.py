"""The page for operators names every table that is to be backed up and every figure there is."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from chassis import appointments
from motcua.service_settings import WITH_LOG, service_named

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operating.md").read_text()
_TABLE = re.compile(r"create table if not exists (\w+)")


def row(first: str) -> list[set[str]]:
    """Give the tables of one row: truth, read, working."""
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| {first} | "))
    return [set(re.findall(r"`(\w+)`", cell)) for cell in line.split("|")[2:5]]


@pytest.mark.parametrize("service", WITH_LOG)
def test_every_table_of_a_service_stands_where_it_belongs(service: str) -> None:
    assembly = service_named(service)
    made = {name for path in assembly.schemas for name in _TABLE.findall(path.read_text())}
    read = {model.table for model in assembly.read_models}
    truth, rebuilt, working = row(service)
    assert not truth and rebuilt == read
    assert working == made - read


def test_every_table_of_the_log_stands_where_it_belongs() -> None:
    schema = (ROOT / "chassis/event_store.sql").read_text() + appointments.SCHEMA
    truth, rebuilt, working = row("each")
    assert not rebuilt and truth | working == set(_TABLE.findall(schema))


def test_every_figure_is_explained() -> None:
    import_module("chassis.worker")
    ours = {m.name for m in REGISTRY.collect() if m.name.startswith("motcua_")}
    explained = set(re.findall(r"`(motcua_\w+?)(?:_total)?`", PAGE))
    assert ours == explained
