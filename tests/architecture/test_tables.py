"""Which table is a function of the log and which is backed up: the documents say it as it is."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from chassis import appointments, database
from chassis.service import Service

HOUSE = Path(__file__).resolve().parents[2]
SERVICES = ("accounts", "catalogue", "submission", "payment", "notification")
CREATED = re.compile(r"^create table if not exists (\w+)", re.MULTILINE)
NAMED = re.compile(r"`(\w+)`")


def row_of(document: str, who: str) -> list[set[str]]:
    """Give the names in each column of a row, beside the first."""
    text = (HOUSE / document).read_text()
    (row,) = re.findall(rf"^\| {who} \|(.*)\|$", text, re.MULTILINE)
    return [set(NAMED.findall(column)) for column in row.split("|")]


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "docs/operating.md"])
def test_every_table_of_every_service_has_its_place(document: str) -> None:
    store = Path(database.__file__).with_name("event_store.sql").read_text()
    everywhere = {*CREATED.findall(store), *CREATED.findall(appointments.SCHEMA)}
    assert set[str]().union(*row_of(document, "each")) == everywhere
    for name in SERVICES:
        service: Service = getattr(import_module(f"services.{name}.main"), name)
        created = {table for path in service.schemas for table in CREATED.findall(path.read_text())}
        read = {model.table for model in service.read_models}
        *_, told_read, told_working = row_of(document, name)
        assert told_read == read, name
        assert told_working == created - read, name
