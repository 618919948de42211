"""Stories about deciders: `given(history).when(command).then(events)`. For tests only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Generic

import pytest

from .decider import CommandT, Decider, EventT, Refusal, StateT


@dataclass
class Story(Generic[CommandT, StateT, EventT]):
    """One decision: what had happened, and what is asked for."""

    decider: Decider[CommandT, StateT, EventT]
    history: Sequence[EventT]
    command: CommandT | None = field(default=None)

    @property
    def state(self) -> StateT:
        """What is remembered of the history."""
        return reduce(self.decider.evolve, self.history, self.decider.initial)

    def when(self, command: CommandT) -> "Story[CommandT, StateT, EventT]":
        """Ask for something."""
        self.command = command
        return self

    def decided(self) -> list[EventT]:
        """Decide, and fold the answer too: a decision that cannot be remembered fails at once."""
        assert self.command is not None
        events = self.decider.decide(self.command, self.state)
        reduce(self.decider.evolve, events, self.state)
        return events

    def then(self, *events: EventT) -> None:
        """Expect exactly these events."""
        assert self.decided() == list(events)

    def then_kinds(self, *kinds: type[EventT]) -> None:
        """Expect events of these classes, whatever they hold."""
        assert [type(event) for event in self.decided()] == list(kinds)

    def then_refused(self, refusal: type[Refusal], *details: str) -> None:
        """Expect a refusal that names these details."""
        with pytest.raises(refusal) as caught:
            self.decided()
        assert set(details) <= set(caught.value.details)


@dataclass(frozen=True)
class Spec(Generic[CommandT, StateT, EventT]):
    """Start of a story: `given = Spec(decider)`."""

    decider: Decider[CommandT, StateT, EventT]

    def __call__(self, *history: EventT) -> Story[CommandT, StateT, EventT]:
        """Set down what had happened."""
        return Story(self.decider, history)
