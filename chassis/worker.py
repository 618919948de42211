"""The worker of one or several services: their relay, consumer and clock roles in one process.

It is an ASGI app, so that it is run, probed and ended as an API is; its only pages are its health.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from fastapi import FastAPI

from . import housekeeping
from .clock_role import ClockRole
from .consuming import Consumer, cluster_id
from .ending import end_process
from .event_store import DATABASE_AWAY
from .failures import cause_in_words
from .noise import calm
from .probes import probes
from .relay import Relay
from .service import Service, Tools, open_tools
from .settings import Settings
from .tracing import FRAMEWORK_SILENT
from .waking import CommitBell

STOP = 1.8
"""Seconds in which all roles have to let go; what is cut off then is done again by the next one."""

_PATIENCE = 2.0
_log = structlog.get_logger()


def worker(
    services: Sequence[Service], settings_of: Callable[[str], Settings], roles: Sequence[str]
) -> FastAPI:
    """Build the process that does these roles for these services."""
    posts = [Post(service, settings_of(service.name), roles) for service in services]
    brokers = sorted({post.settings.kafka for post in posts if {"relay", "consumer"} & set(roles)})

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        calm("aiokafka")
        for post in posts:
            post.take()
        yield
        cut = asyncio.get_running_loop().call_later(STOP, end_process, "stopped_in_the_middle")
        await asyncio.gather(*(post.leave() for post in posts))
        cut.cancel()

    async def hindrances() -> dict[str, str]:
        asked = {post.service.name: post.hindrance() for post in posts}
        asked |= {broker: _silence(broker) for broker in brokers}
        answers = await asyncio.gather(*asked.values())
        return {who: why for who, why in zip(asked, answers, strict=True) if why}

    app = FastAPI(
        title="worker",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=FRAMEWORK_SILENT,
    )
    app.include_router(probes(",".join(roles), hindrances))
    return app


class Post:
    """One service's roles in this process."""

    def __init__(self, service: Service, settings: Settings, roles: Sequence[str]) -> None:
        """Take what is to be done; nothing is opened yet."""
        self.service, self.settings, self.roles = service, settings, roles
        self._tools: Tools | None = None
        self._relay: Relay | None = None
        self._consumer: Consumer | None = None
        self._told = False

    def take(self) -> None:
        """Begin to do the roles."""
        self._held = asyncio.create_task(self._for_good("all", self._hold()))

    async def leave(self) -> None:
        """End the roles in order."""
        self._told = True
        self._held.cancel()
        await asyncio.wait([self._held])

    async def _hold(self) -> None:
        structlog.contextvars.bind_contextvars(service=self.service.name)
        async with AsyncExitStack() as stack:
            tools = self._tools = await self._opened(stack)
            await stack.enter_async_context(CommitBell(tools.store))
            async with asyncio.TaskGroup() as tasks:
                for role, work in self._begun(tools):
                    tasks.create_task(self._for_good(role, work))

    async def _for_good(self, role: str, work: Coroutine[Any, Any, None]) -> None:
        """Work until told to leave; should it end by itself, the process ends and is started again.

        Clients that cancel their own tasks can end a role without any error, and nobody would know.
        """
        cause: BaseException | None = None
        try:
            await work
        except BaseException as ended:
            if self._told:
                raise
            cause = ended
        end_process("role_ended", service=self.service.name, role=role, exc_info=cause)

    async def hindrance(self) -> str | None:
        """Say why these roles cannot do their work now."""
        if self._tools is None:
            return "its database has not answered yet"
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._tools.pool.fetchval("select 1")
        except DATABASE_AWAY:
            return "its database does not answer"
        if self._consumer and not self._consumer.started:
            return "it does not consume yet"
        return self._relay.stopped_because if self._relay else None

    async def _opened(self, stack: AsyncExitStack) -> Tools:
        while True:
            try:
                return await stack.enter_async_context(open_tools(self.service, self.settings))
            except DATABASE_AWAY as cause:
                _log.warning("database_away", cause=cause_in_words(cause))
            await asyncio.sleep(1)

    def _begun(self, tools: Tools) -> Iterator[tuple[str, Coroutine[Any, Any, None]]]:
        name, store, kafka = self.service.name, tools.store, self.settings.kafka
        url = self.settings.database_url.get_secret_value()
        if "relay" in self.roles:
            self._relay = Relay(name, store, url, kafka)
            yield "relay", self._relay.run()
        if "consumer" in self.roles and self.service.reactions:
            self._consumer = Consumer(name, self.service.reactions, store, tools.commands, kafka)
            yield "consumer", self._consumer.run()
        if "clock" in self.roles:
            errands = self.service.errands(tools)
            sweeps = [*self.service.sweeps(tools), *housekeeping.sweeps(tools.pool)]
            clock = ClockRole(name, store, tools.commands, url, errands, sweeps)
            yield "clock", clock.run()


async def _silence(broker: str) -> str | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            await cluster_id(broker)
    except (KafkaError, OSError):
        return "Kafka does not answer"
    return None
