"""What is written down of a failure: enough to look for it, and nobody's data."""

import asyncpg
import pytest
from pydantic import BaseModel, ValidationError

from chassis.failures import cause_in_words, cause_with_frames


class Reached(BaseModel):
    """Where somebody is reached."""

    email: str
    verified: bool


def test_a_row_the_database_refused_is_not_repeated():
    refused = asyncpg.UniqueViolationError("duplicate key value violates persons_by_email")
    refused.detail = "Key (email)=(an@example.vn) already exists."  # as the driver sets it
    assert "an@example.vn" in str(refused)

    assert cause_in_words(refused) == (
        "UniqueViolationError: duplicate key value violates persons_by_email"
    )


def test_an_answer_that_was_not_understood_is_named_by_its_fields_alone():
    with pytest.raises(ValidationError) as caught:
        Reached.model_validate_json('{"email": ["an@example.vn"], "verified": "An"}')
    assert "an@example.vn" in str(caught.value)

    words = cause_in_words(caught.value)
    assert words == "ValidationError: email string_type; verified bool_parsing"


def test_anything_else_is_told_in_its_own_words_on_one_line():
    assert cause_in_words(OSError("no route\n to host")) == "OSError: no route to host"
    assert cause_in_words(TimeoutError()) == "TimeoutError"


def test_a_value_that_was_not_understood_is_not_repeated():
    assert cause_in_words(asyncpg.DataError("invalid input for $1: 'Nguyễn Văn An'")) == (
        "DataError: 22000"
    )
    with pytest.raises(ValueError) as caught:
        int("Nguyễn Văn An")
    assert cause_in_words(caught.value) == "ValueError"
    with pytest.raises(KeyError) as missed:
        {}["Nguyễn Văn An"]
    assert cause_in_words(missed.value) == "KeyError"


def test_frames_are_told_of_each_cause_and_of_no_value():
    def stumble(name: str) -> None:
        try:
            int(name)
        except ValueError as cause:
            raise ExceptionGroup("two at once", [KeyError(name), OSError("no route")]) from cause

    with pytest.raises(ExceptionGroup) as caught:
        stumble("Nguyễn Văn An")
    told = cause_with_frames(caught.value)
    assert "Nguyễn" not in told
    lines = told.splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [
        "ExceptionGroup: two at once (2 sub-exceptions)",
        "KeyError",
        "OSError: no route",
        "ValueError",
    ]
    assert sum(line.endswith(" in stumble") for line in lines) == 2
