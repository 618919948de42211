"""What every event is: an immutable fact with a name written out for the wire."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """Something that happened. Subclasses name themselves: `class FeePaid(Event,
    named="payment.fee-paid.v1")`.

    Where the class lives decides who may read it: in `contracts/` it is published, in a service it
    is stored but never leaves. A private event may carry one field `personal`, a pydantic model or
    None, which the codec encrypts under the key of its stream and which reads as None once that key
    is destroyed.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    wire_name: ClassVar[str]

    def __init_subclass__(cls, *, named: str, **kwargs: Any) -> None:
        """Give the class its wire name: `<service>.<what-happened>.v<n>`."""
        super().__init_subclass__(**kwargs)
        cls.wire_name = named


def is_public(event: type[Event]) -> bool:
    """Tell whether events of this class are published to the bus."""
    return event.__module__.startswith("contracts.")
