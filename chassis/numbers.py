"""Numbers people see (dossier codes, receipts): drawn from a counter in a short transaction before
deciding.

A number that was drawn and not used leaves a gap; the gap is recorded with its reason, so that
nobody has to wonder whether something was hidden there.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg


@dataclass
class Drawn:
    """A number in hand; whoever uses it says so."""

    number: int
    used: bool = False


class Numbers:
    """The counters of one service, each named by what it counts, such as `H23.39.02-260305`."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the service's database."""
        self._pool = pool

    @asynccontextmanager
    async def draw(self, series: str) -> AsyncGenerator[Drawn]:
        """Draw the next number of a series, from 1; unused by the block, a gap is recorded."""
        number = await self._pool.fetchval(
            "insert into counters as c (series, last) values ($1, 1) "
            "on conflict (series) do update set last = c.last + 1 returning last",
            series,
        )
        drawn, reason = Drawn(number), "not needed"
        try:
            yield drawn
        except BaseException as cause:
            reason = type(cause).__name__
            raise
        finally:
            if not drawn.used:
                await self._pool.execute(
                    "insert into number_gaps (series, number, reason) values ($1, $2, $3) "
                    "on conflict do nothing",
                    series,
                    number,
                    reason,
                )
