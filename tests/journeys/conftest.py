"""One province for all journeys, and the people who walk through it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from people_at_hand import People, people_of
from province_at_hand import ProvinceAtHand
from servers_at_hand import free_block


@pytest.fixture(scope="session")
def province(state: Path) -> Iterator[ProvinceAtHand]:
    """A running province."""
    home = state / "province"
    home.mkdir(mode=0o755)
    at_hand = ProvinceAtHand(home, free_block())
    try:
        asyncio.run(at_hand.open())
        yield at_hand
    finally:
        asyncio.run(at_hand.close())


@pytest.fixture(autouse=True)
async def whole_again(province: ProvinceAtHand) -> AsyncIterator[None]:
    """Bring back whatever a test took away and, having failed, did not."""
    yield
    await province.mend()


@pytest.fixture
async def people(province: ProvinceAtHand) -> AsyncIterator[People]:
    """Citizens and officers who know where the services answer."""
    async with people_of(province.settings) as people:
        yield people
