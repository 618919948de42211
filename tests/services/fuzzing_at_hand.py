"""Requests made up from a service's OpenAPI document, well formed and not, and what must hold of
every answer.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import (
    CHECKS,  # pyright: ignore[reportUnknownVariableType]
    load_all_checks,
)

load_all_checks()
DOCUMENTED: Any = CHECKS.get_by_names(  # pyright: ignore[reportUnknownVariableType]
    ["status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
_HURRY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
EXAMPLES, FEW = 8, 2
"""Requests to one door in each mode; few where one takes long to be made up or to be looked at."""


def problem_of(answer: Any) -> Any:
    """Give an error's body, which is a problem in two languages and shows nothing of ours."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["type"].startswith("urn:motcua:problem:")
    assert problem["title"] and problem["title_en"] and problem["title"] != problem["title_en"]
    assert problem["status"] == answer.status_code
    assert problem["instance"] == answer.headers["x-correlation-id"]
    return problem


@dataclass
class Fuzzer:
    """Sends to every door of a service what nobody would."""

    url: str
    known: Mapping[str, str]
    callers: Mapping[str, Mapping[str, str]]
    session: requests.Session
    answered: int = 0
    wrong: dict[str, str] = field(default_factory=dict[str, str])

    def run(self) -> None:
        """Go from door to door."""
        document: Any = schemathesis.openapi.from_url(f"{self.url}/openapi.json")
        for found in document.get_all_operations():
            operation = found.ok()
            for mode in MODES:
                self._try(operation, mode)

    def _try(self, operation: Any, mode: Any) -> None:
        files = any(body.media_type == "application/octet-stream" for body in operation.body)
        long = files or operation.label == "POST /procedures"
        within = self._let_in(operation)

        @settings(
            derandomize=True,
            database=None,
            deadline=None,
            max_examples=FEW if long else EXAMPLES,
            phases=[Phase.generate],
            suppress_health_check=_HURRY,
        )
        @given(
            case=operation.as_strategy(generation_mode=mode),
            caller=st.sampled_from([*within * 3, *self.callers]),
            existing=st.sampled_from([True, True, False]),
        )
        def answers(case: Any, caller: str, existing: bool) -> None:
            if existing:
                case.path_parameters |= self._known(case.path_parameters)
            headers = {**self.callers[caller], "idempotency-key": uuid4().hex}
            if existing:
                headers["if-match"] = '"2"'
            self._hold(case, case.call(headers=headers, session=self.session))

        # A door that takes nothing cannot be sent anything wrong.
        with suppress(Unsatisfiable):
            answers()

    def _hold(self, case: Any, told: Any) -> None:
        """Write down what is wrong with an answer, and go on: all of it is read at the end."""
        self.answered += 1
        headers = {name: values[0] for name, values in told.headers.items()}
        answer = httpx.Response(told.status_code, headers=headers, content=told.content)
        try:
            if answer.is_error:
                problem_of(answer)
            case.validate_response(told, checks=DOCUMENTED)
        except (AssertionError, BaseExceptionGroup) as wrong:
            door = f"{case.method} {case.operation.path}"
            self.wrong.setdefault(door, f"{door}: {wrong!r}\n{case.as_curl_command()}")

    def _known(self, asked: Mapping[str, Any]) -> dict[str, str]:
        return {name: self.known[name] for name in asked if name in self.known}

    def _let_in(self, operation: Any) -> list[str]:
        """Name those whom the door lets in, so that most requests get past it."""
        path = operation.path
        for name in [p.name for p in operation.path_parameters]:
            path = path.replace(f"{{{name}}}", self.known.get(name, str(uuid4())))
        return [
            name
            for name, headers in self.callers.items()
            if self.session.request(operation.method, self.url + path, headers=headers).status_code
            not in (401, 403)
        ]
