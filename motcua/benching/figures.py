"""A figure, its bare reference and the bar to meet: rounds of both alternate, medians count."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

Run = Callable[[], Awaitable[float]]
"""Does some work and gives how much of it was done a second."""


@dataclass(frozen=True)
class Figure:
    """What was measured: `ours` and `bare` a second; `bar` is the least ratio, `least` the least
    of ours alone.
    """

    name: str
    unit: str
    ours: float
    bare: float
    against: str
    bar: float | None = None
    least: float | None = None

    @property
    def ratio(self) -> float:
        """Ours as a part of the reference."""
        return self.ours / self.bare if self.bare else 0.0

    @property
    def holds(self) -> bool:
        """Tell whether the bars are met."""
        enough = self.bar is None or self.ratio >= self.bar
        return enough and (self.least is None or self.ours >= self.least)


async def beside(ours: Run, bare: Run, rounds: int) -> tuple[float, float]:
    """Run both in turn, so that a noisy moment falls on both; give the medians."""
    pairs = [(await ours(), await bare()) for _ in range(rounds)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
