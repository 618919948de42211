"""One role of the toy in a process of its own, to be killed, frozen and woken by the tests.

    python toy_process.py ROLE '{"url": …, "kafka": …, "topic": …, …}'

It says `running` on its standard output once its role runs.
"""

import asyncio
import signal
import sys
from contextlib import suppress
from typing import Any
from uuid import UUID

import orjson
import uvicorn
from toy_api import toy_api
from toy_errands import errands_of
from toy_jars import log, shelf, shelf_reactions, toy

from chassis.clock_role import ClockRole
from chassis.command_handling import CommandHandler
from chassis.consuming import Consumer
from chassis.relay import Relay


async def relay(told: dict[str, Any]) -> None:
    """Publish the jars."""
    async with log(told["url"], toy.events) as store:
        print("running", flush=True)
        await Relay("toy", store, told["url"], told["kafka"], told["topic"]).run()


async def consumer(told: dict[str, Any]) -> None:
    """Be a shelf."""
    async with log(told["url"], shelf.events) as store:
        consuming = Consumer(
            told["name"],
            shelf_reactions(),
            store,
            CommandHandler(store, shelf),
            told["kafka"],
            topics={"motcua.toy": told["topic"]},
            session=6,
            patience=60,
        )
        print("running", flush=True)
        await consuming.run()


async def clock(told: dict[str, Any]) -> None:
    """Do the shelf's errands."""
    async with log(told["url"], shelf.events) as store:
        errands = errands_of(UUID(told["shelf"]), told["calls"])
        role = ClockRole("shelf", store, CommandHandler(store, shelf), told["url"], errands)
        print("running", flush=True)
        await role.run()


async def api(told: dict[str, Any]) -> None:
    """Take beads by HTTP."""
    app = toy_api(told["url"])
    config = uvicorn.Config(app, port=told["port"], log_level="warning", lifespan="on")
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.02)
    print("running", flush=True)
    await serving


ROLES = {"relay": relay, "consumer": consumer, "clock": clock, "api": api}


async def main(role: str, told: dict[str, Any]) -> None:
    """Run a role until it is asked to end."""
    running = asyncio.ensure_future(ROLES[role](told))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    with suppress(asyncio.CancelledError):
        await running


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], orjson.loads(sys.argv[2])))
