"""A process that stumbles over a row with a name in it: `python failing_at_hand.py DATABASE`."""

import asyncio
import logging
import sys

import asyncpg
import httpx
from fastapi import FastAPI

from chassis.database import open_pool
from chassis.problems import install_problems
from chassis.settings import Settings
from chassis.telemetry import start_telemetry

NAME = "Nguyễn Văn An"


async def fail(url: str) -> None:
    """Write a row that is there already; once behind a door, once in a library."""
    app = FastAPI()
    install_problems(app)
    pool = await open_pool(url, 1)

    @app.get("/")
    async def write() -> None:
        for _ in range(2):
            await pool.execute("insert into counters values ($1, 1)", NAME)

    door = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with pool, httpx.AsyncClient(transport=door, base_url="http://here") as http:
        assert (await http.get("/")).status_code == 500
        try:
            await write()
        except asyncpg.UniqueViolationError:
            logging.getLogger("somebody.elses").exception("library")


if __name__ == "__main__":
    start_telemetry(Settings.model_validate({"service": "payment"}))
    asyncio.run(fail(sys.argv[1]))
