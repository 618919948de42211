"""What a service does about other services' events: pure functions, event → command or rows.

No I/O, no clock and no rules here: the command's decider has the rules, `consuming.py` the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from contracts.envelope import Envelope
from contracts.event import Event

from .changes import Amend, Put, Remove, Row


@dataclass(frozen=True, slots=True)
class To:
    """A command for one of our own aggregates."""

    aggregate: UUID
    command: object


Effect = To | Row
Answer = Effect | Sequence[Effect] | None
"""What follows from an event: a command, rows, several of them, or nothing."""

EventT = TypeVar("EventT", bound=Event)
AnswerT = TypeVar("AnswerT", bound=Answer)
Rest = ParamSpec("Rest")


class TwoReactions(Exception):
    """One service reacts to an event in one place."""


class Reactions:
    """The reactions of one service, to any number of services' events.

    A function that takes one argument is given the event; one that takes a second is given its
    envelope too (id, time, position, correlation). Most need only the event, so those that need
    more ask for it by having a place for it.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._events: dict[str, type[Event]] = {}
        self._reactions: dict[str, Callable[[Event, Envelope], Answer]] = {}

    def to(
        self, event: type[EventT]
    ) -> Callable[
        [Callable[Concatenate[EventT, Rest], AnswerT]],
        Callable[Concatenate[EventT, Rest], AnswerT],
    ]:
        """Register a function as this service's reaction to an event."""

        def register(
            function: Callable[Concatenate[EventT, Rest], AnswerT],
        ) -> Callable[Concatenate[EventT, Rest], AnswerT]:
            if event.wire_name in self._reactions:
                raise TwoReactions(event.wire_name)
            self._events[event.wire_name] = event
            self._reactions[event.wire_name] = _with_envelope(function)
            return function

        return register

    @property
    def topics(self) -> Mapping[str, Sequence[type[Event]]]:
        """The events reacted to, by the topic they arrive on."""
        topics: dict[str, list[type[Event]]] = {}
        for event in self._events.values():
            topics.setdefault(topic_of(event.wire_name), []).append(event)
        return topics

    def knows(self, wire_name: str) -> bool:
        """Tell whether anything follows from events of this name."""
        return wire_name in self._reactions

    def read(self, wire_name: str, data: bytes) -> Event:
        """Read a published event; ValueError if the bytes are not what its name promises."""
        return self._events[wire_name].model_validate_json(data)

    def react(self, event: Event, envelope: Envelope) -> Sequence[Effect]:
        """Tell what follows from an event."""
        return effects_of(self._reactions[event.wire_name](event, envelope))


def effects_of(answer: Answer) -> Sequence[Effect]:
    """Give an answer as a list."""
    if answer is None:
        return ()
    return (answer,) if isinstance(answer, To | Put | Amend | Remove) else answer


def topic_of(wire_name: str) -> str:
    """Name the topic an event is published on: its service's."""
    return f"motcua.{wire_name.partition('.')[0]}"


def publisher_of(topic: str) -> str:
    """Name the service that publishes on a topic."""
    return topic.removeprefix("motcua.")


def _with_envelope(function: Callable[..., Answer]) -> Callable[[Event, Envelope], Answer]:
    places = [
        place
        for place in signature(function).parameters.values()
        if place.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    ]
    if len(places) > 1:
        return cast("Callable[[Event, Envelope], Answer]", function)
    return lambda event, _: function(event)
