"""The AsyncAPI 3.0 document of each service's topic: its events, their headers, their schemas."""

import importlib
from typing import Any

from pydantic.json_schema import models_json_schema

from .envelope import SOURCE
from .event import Event

_TEXT = {"type": "string"}
_ID = {"type": "string", "format": "uuid"}


def asyncapi(service: str, events: dict[str, type[Event]]) -> dict[str, Any]:
    """Describe what a service publishes."""
    _, schemas = models_json_schema(
        [(event, "validation") for event in events.values()],
        ref_template="#/components/schemas/{model}",
    )
    about = importlib.import_module(f"contracts.{service}").__doc__ or ""
    messages = {name: _message(name, event) for name, event in events.items()}
    carried = {name: {"$ref": f"#/components/messages/{name}"} for name in messages}
    channel = {
        "address": f"motcua.{service}",
        "description": "Keyed by the aggregate's id: its events are in order. At least once.",
        "messages": carried,
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"Một Cửa: {service}", "version": "1", "description": about.strip()},
        "defaultContentType": "application/json",
        "channels": {service: channel},
        "operations": {"publish": {"action": "send", "channel": {"$ref": f"#/channels/{service}"}}},
        "components": {"messages": messages, "schemas": schemas["$defs"]},
    }


def _message(name: str, event: type[Event]) -> dict[str, Any]:
    return {
        "name": name,
        "title": event.__name__,
        "summary": " ".join((event.__doc__ or "").split()),
        "headers": _headers(name),
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        "bindings": {"kafka": {"key": _ID}},
    }


def _headers(name: str) -> dict[str, Any]:
    """Describe the CloudEvents headers of an event, binary mode."""
    fields: dict[str, Any] = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": _ID,
        "ce_type": {"const": name},
        "ce_source": {"const": f"{SOURCE}{name.partition('.')[0]}"},
        "ce_subject": {**_TEXT, "description": "the stream: <category>-<aggregate's id>"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_partitionkey": _ID,
        "ce_sequence": {**_TEXT, "description": "position in the publisher's log, 20 digits"},
        "ce_streamversion": {**_TEXT, "description": "version in its stream, decimal"},
        "ce_correlationid": _TEXT,
        "content-type": {"const": "application/json"},
    }
    optional: dict[str, Any] = {"ce_causationid": _TEXT, "traceparent": _TEXT}
    return {"type": "object", "properties": fields | optional, "required": list(fields)}
