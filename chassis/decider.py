"""The shape of every event-sourced aggregate: two pure functions and where they start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from contracts.event import Event

CommandT = TypeVar("CommandT")
StateT = TypeVar("StateT")
EventT = TypeVar("EventT", bound=Event)


class Refusal(Exception):
    """Yêu cầu không thực hiện được. | The request cannot be carried out.

    An anticipated "no" to a request. The first paragraph of a subclass's docstring is what people
    read: Vietnamese, a bar, English. `details` name what is missing or wrong, in the same order
    the sentence would.
    """

    status = 409

    def __init__(self, *details: object) -> None:
        super().__init__(*details)
        self.details = tuple(str(detail) for detail in details)

    @classmethod
    def sentences(cls) -> tuple[str, str]:
        """Give the refusal's words in Vietnamese and English."""
        said = (cls.__doc__ or "").strip().partition("\n\n")[0]
        vietnamese, _, english = " ".join(said.split()).partition(" | ")
        return vietnamese, english


class Forbidden(Refusal):
    """Bạn không có quyền thực hiện việc này. | You may not do this."""

    status = 403


@dataclass(frozen=True)
class Decider(Generic[CommandT, StateT, EventT]):
    """What may happen (`decide`) and what is remembered of it (`evolve`), for streams named
    `<category>-<uuid>`.
    """

    category: str
    initial: StateT
    decide: Callable[[CommandT, StateT], list[EventT]]
    evolve: Callable[[StateT, EventT], StateT]
    events: tuple[type[Event], ...]
