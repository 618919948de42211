"""What is published keeps its word: documents fresh, changes by addition, old samples readable."""

import copy
import importlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import orjson
import pytest

from chassis.codec import Codec
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.export import (
    HERE,
    PUBLISHERS,
    main,
    overgrown,
    published_events,
    stale,
    texts,
    write,
)
from contracts.growth import not_by_addition

EVENTS = published_events()
SAMPLES = sorted((HERE / "samples").glob("*.json"))
PERSONAL = {"full_name", "phone", "email", "id_number", "birth_date", "gender", "address"}
AT = datetime(2026, 3, 5, tzinfo=UTC)
Schema = dict[str, Any]
Change = Callable[[Schema], object]


def test_schemas_and_documents_are_fresh() -> None:
    assert stale() == []
    assert overgrown() == []


def test_what_is_stale_missing_or_too_many_is_found(tmp_path: Path) -> None:
    write(tmp_path)
    assert main(tmp_path, check=True) == 0
    one, other = tmp_path / "schemas/payment.fee-paid.v1.json", tmp_path / "asyncapi/payment.json"
    one.write_text(one.read_text() + " ")
    other.unlink()
    (tmp_path / "schemas/payment.gone.v1.json").write_text("{}")
    assert stale(tmp_path) == [
        "asyncapi/payment.json",
        "schemas/payment.fee-paid.v1.json",
        "schemas/payment.gone.v1.json",
    ]
    assert main(tmp_path, check=True) == 1


def edited(change: Change) -> list[str]:
    """Tell what is said when the published schema was another one than today's."""
    today = EVENTS["submission.fee-required.v1"].model_json_schema()
    before = copy.deepcopy(today)
    change(before)
    return list(not_by_addition(before, today))


def fields(schema: Schema) -> Schema:
    """Give the fields of a schema."""
    return schema["properties"]


MORE: list[tuple[Change, str]] = [
    (lambda s: fields(s).update(gone={"type": "string"}), "/gone is gone"),
    (lambda s: fields(s).pop("reference"), "/reference is new and must be given"),
    (lambda s: s["required"].remove("reference"), "/reference must be given now"),
    (lambda s: s["required"].append("to"), "/to need not be given now"),
    (lambda s: fields(s)["reference"].update(type="integer"), "/reference/type was 'integer'"),
    (lambda s: fields(s)["where"]["enum"].pop(), "/where/enum was ['online']"),
    (lambda s: fields(s)["amount"].update(maximum=1), "/amount/maximum was 1"),
    (lambda s: fields(s)["pay_by"]["anyOf"].pop(), "/pay_by/anyOf was"),
    (lambda s: s["$defs"]["AgencyName"]["properties"].pop("code"), "/AgencyName/code is new"),
]


@pytest.mark.parametrize(("change", "said"), MORE)
def test_a_change_that_is_no_addition_is_named(change: Change, said: str) -> None:
    assert any(said in line for line in edited(change)), edited(change)


ADDITIONS: list[Change] = [
    lambda _: None,
    lambda s: fields(s).pop("to"),
    lambda s: s.update(description="Other words."),
    lambda s: fields(s)["reference"].update(title="Another title"),
]


@pytest.mark.parametrize("change", ADDITIONS)
def test_new_optional_fields_and_other_words_are_fine(change: Change) -> None:
    assert edited(change) == []


def test_a_schema_that_did_more_than_grow_is_not_written(tmp_path: Path) -> None:
    write(tmp_path)
    file = tmp_path / "schemas/payment.fee-paid.v1.json"
    before = file.read_text().replace('"payer"', '"payed_by"')
    file.write_text(before)
    assert main(tmp_path, check=False) == 1
    assert file.read_text() == before


def test_every_event_has_a_sample_and_no_sample_is_lost() -> None:
    assert EVENTS.keys() <= {file.stem for file in SAMPLES}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: file.stem)
def test_a_sample_is_read_by_the_code_of_today(sample: Path) -> None:
    name = sample.stem
    owner = name.partition(".")[0]
    service = getattr(importlib.import_module(f"services.{owner}.main"), owner)
    codec = Codec(published_events(owner).values(), service.upcasters)
    event = codec.decode(name, sample.read_bytes(), f"sample-{UUID(int=1)}", 1, None)
    assert isinstance(event, Event)
    if name in EVENTS:
        kept = orjson.loads(event.model_dump_json())
        assert stands_in(orjson.loads(sample.read_bytes()), kept), "a field was dropped"


def stands_in(old: Any, new: Any) -> bool:
    """Tell whether all that was said is said still, at any depth; more may be said beside it."""
    if isinstance(old, dict) and isinstance(new, dict):
        before, after = cast("dict[str, Any]", old), cast("dict[str, Any]", new)
        return all(name in after and stands_in(said, after[name]) for name, said in before.items())
    if isinstance(old, list) and isinstance(new, list):
        pairs = cast("list[Any]", old), cast("list[Any]", new)
        return len(pairs[0]) == len(pairs[1]) and all(map(stands_in, *pairs))
    return old == new


def test_what_was_dropped_deep_inside_is_noticed() -> None:
    said = {"terms": {"papers": [{"code": "a", "copies": 1}]}}
    assert stands_in(said, {"terms": {"papers": [{"code": "a", "copies": 1, "docx": False}]}})
    assert not stands_in(said, {"terms": {"papers": [{"code": "a"}]}})
    assert not stands_in(said, {"terms": {"papers": []}})


def names_in(schema: Any) -> Iterator[str]:
    """Walk the names of all fields of a schema."""
    if isinstance(schema, dict):
        found = cast("Schema", schema)
        yield from found.get("properties", {})
        for part in found.values():
            yield from names_in(part)
    elif isinstance(schema, list):
        for part in cast("list[Any]", schema):
            yield from names_in(part)


@pytest.mark.parametrize("name", EVENTS)
def test_what_is_published_has_no_personal_part(name: str) -> None:
    named = set(names_in(EVENTS[name].model_json_schema()))
    assert not named & (PERSONAL | {"personal"})


@pytest.mark.parametrize("service", PUBLISHERS)
def test_the_document_of_a_topic_shows_each_event_with_its_headers(service: str) -> None:
    document = json.loads(texts()[f"asyncapi/{service}.json"])
    messages, schemas = (document["components"][part] for part in ("messages", "schemas"))
    assert messages.keys() == published_events(service).keys()
    assert document["channels"][service]["messages"].keys() == messages.keys()
    envelope = Envelope(
        UUID(int=1), f"{service}.x.v1", service, f"x-{UUID(int=2)}", 1, 1, AT, "c", "d", "e"
    )
    written = {header for header, _ in envelope.headers()}
    for name, message in messages.items():
        assert message["headers"]["properties"].keys() == written
        event = message["payload"]["$ref"].rpartition("/")[2]
        assert schemas[event]["properties"].keys() == EVENTS[name].model_fields.keys()
    for reference in references(document):
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
        assert part


def references(document: Any) -> Iterator[str]:
    """Walk all references of a document."""
    if isinstance(document, dict):
        for key, part in cast("Schema", document).items():
            if key == "$ref":
                yield part
            else:
                yield from references(part)
    elif isinstance(document, list):
        for part in cast("list[Any]", document):
            yield from references(part)
