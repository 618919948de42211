"""What several doors do alike: see where a request comes from, answer fields that are wrong."""

from collections.abc import Sequence

from fastapi import Request

from chassis.problems import Problem

from .details import Fault
from .session import network_of


def refuse_faults(found: Sequence[Fault]) -> None:
    """Name every field that cannot stay as it is."""
    if found:
        errors = [
            {"path": f"body.{fault.field}", "code": fault.field, "vi": fault.vi, "en": fault.en}
            for fault in found
        ]
        raise Problem(422, "invalid-request", errors=errors)


def caller_network(request: Request) -> str:
    """Name the network a request comes from."""
    return network_of(request.client.host if request.client else "")
