"""One role of the toy in a process of its own, to be killed, frozen and woken by the tests.

    python toy_process.py ROLE '{"url": …, "kafka": …, "topic": …, …}'

It says `running` on its standard output once its role runs.
"""

import asyncio
import sys
from typing import Any
from uuid import UUID

import orjson
from toy_errands import errands_of
from toy_jars import KEYS, log, shelf, shelf_reactions, toy

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
    """Be the shelf."""
    async with log(told["url"], shelf.events) as store:
        consuming = Consumer(
            "shelf",
            shelf_reactions(),
            store,
            CommandHandler(store, shelf),
            told["kafka"],
            topics={"motcua.toy": told["topic"]},
            session=6,
            patience=told.get("patience", 15),
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


ROLES = {"relay": relay, "consumer": consumer, "clock": clock}

if __name__ == "__main__":
    assert KEYS
    asyncio.run(ROLES[sys.argv[1]](orjson.loads(sys.argv[2])))
