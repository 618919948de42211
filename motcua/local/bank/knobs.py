"""How the bank can be told to misbehave: late, often, wrong, silent, away."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Knobs(BaseModel):
    """How the bank behaves for one transaction, or for all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    late: Annotated[float, Field(ge=0, le=3600, description="seconds before it calls")] = 0
    times: Annotated[int, Field(ge=1, le=50, description="how often it calls, all at once")] = 1
    amount: Annotated[
        int | None, Field(ge=0, le=10**12, description="amount the call claims instead, in đồng")
    ] = None
    forged: Annotated[bool, Field(description="calls under a wrong signature")] = False
    silent: Annotated[bool, Field(description="never calls")] = False
    away: Annotated[bool, Field(description="answers questions and refunds with 503")] = False
    slow: Annotated[float, Field(ge=0, le=60, description="seconds before it answers")] = 0
    refunds: Annotated[Literal["done", "refused"], Field(description="what becomes of refunds")] = (
        "done"
    )


class Turned(Knobs):
    """Knobs, and for what: `all`, the `next` transaction that is decided, or one reference."""

    scope: Annotated[str, Field(min_length=1, max_length=100)] = "all"
