"""`motcua up` as people run it: started, disturbed, killed, started again, ended."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from servers_at_hand import free_block, is_free

from chassis.settings import PORTS
from motcua.local.child import memory_of
from motcua.local.sample_people import APPROVER, PASSWORD
from motcua.service_settings import WITH_LOG

pytestmark = pytest.mark.timeout(300)

ANSWERING = [name for name in PORTS if name not in ("smtp", "postgres", "kafka", "controller")]


class Up:
    """One home folder and one block of ports, and the `motcua up` that runs there."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self._output = home.with_suffix(".said")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    @property
    def said(self) -> str:
        return self._output.read_text()

    def begin(self) -> None:
        names = {"HOME": str(self.home), "PORT": str(self.port)}
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "motcua", "up", "--no-walk"],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    "COLUMNS": "200",
                    **{f"MOTCUA_{n}": v for n, v in names.items()},
                },
            )

    def until_said(self, words: str) -> None:
        deadline = time.monotonic() + 120
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.1)

    def until_ended(self) -> int:
        try:
            return self.process.wait(120)
        finally:
            self.process.kill()

    def family(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def pid_of(self, child: str) -> int:
        return int((self.home / "run" / child).read_text().split()[0])

    def url(self, name: str, path: str) -> str:
        return f"http://127.0.0.1:{self.port + PORTS[name]}{path}"

    def is_ready(self, name: str) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(self.url(name, "/health/ready")).status_code == 200
        return False

    def approver(self) -> str:
        credentials = {"login": APPROVER.login, "password": PASSWORD}
        answer = httpx.post(self.url("accounts", "/sign-in"), json=credentials, timeout=30)
        return answer.raise_for_status().json()["person_id"]


@pytest.fixture(scope="module")
def up(state: Path) -> Iterator[Up]:
    """A province that runs."""
    up = Up(state / "up", free_block())
    up.begin()
    up.until_said("Ready after")
    yield up
    if up.process.poll() is None:
        up.process.send_signal(signal.SIGINT)
        up.until_ended()


def test_everything_answers_where_the_table_says(up: Up) -> None:
    shown = {int(port) for port in re.findall(r"http://127\.0\.0\.1:(\d+)/", up.said)}
    assert shown == {up.port + PORTS[name] for name in ANSWERING if name != "worker"}
    assert [name for name in ANSWERING if not up.is_ready(name)] == []


def test_one_worker_relays_the_logs_of_all_services(up: Up) -> None:
    def published() -> bool:
        figures = httpx.get(up.url("worker", "/metrics")).text
        lines = [f'motcua_relay_lag_events{{service="{name}"}} 0.0' for name in WITH_LOG]
        return all(line in figures for line in lines)

    eventually(published)


def test_the_sample_people_can_sign_in(up: Up) -> None:
    assert APPROVER.login in up.said
    assert up.approver()


def test_all_its_processes_together_take_less_than_one_and_a_half_gigabytes(up: Up) -> None:
    assert memory_of(up.process.pid) < 1.5 * 2**30


def test_a_second_start_of_the_same_home_says_so_and_disturbs_nothing(up: Up) -> None:
    second = Up(up.home.with_name("second"), up.port)
    second.home = up.home
    second.begin()
    assert second.until_ended() == 2
    assert only_sentence(second) == (
        f"The province in {up.home} is running already, as process {up.process.pid}: end it with "
        "Ctrl-C there, or set MOTCUA_HOME and MOTCUA_PORT for another one."
    )
    assert all(up.is_ready(name) for name in ANSWERING)


def test_a_port_in_use_is_said_in_a_sentence_and_nothing_is_left_half_started(up: Up) -> None:
    other = Up(up.home.with_name("other"), up.port - PORTS["kafka"])
    other.begin()
    assert other.until_ended() == 2
    assert only_sentence(other) == (
        f"Port {up.port}, meant for kafka, is in use: stop what listens there, or set MOTCUA_PORT "
        "to the first of another block of ports."
    )
    assert {path.name for path in other.home.iterdir()} == {"supervisor.pid"}
    assert (other.home / "supervisor.pid").read_text() == ""


def test_a_child_that_dies_is_started_again_and_that_is_said(up: Up) -> None:
    os.kill(up.pid_of("payment"), signal.SIGKILL)
    os.kill(up.pid_of("worker"), signal.SIGKILL)
    up.until_said("payment ended (killed by signal 9); it starts again in 1 s")
    up.until_said("payment is back")
    up.until_said("worker is back")
    assert up.is_ready("payment")
    assert up.is_ready("worker")


def test_a_killed_supervisor_stops_no_next_start_and_the_data_is_there(up: Up) -> None:
    approver, family = up.approver(), up.family()
    up.process.kill()
    up.until_ended()
    up.begin()
    up.until_said("Ready after")
    assert [process for process in family if process.is_running()] == []
    assert up.approver() == approver


def test_ctrl_c_ends_all_of_it_within_five_seconds(up: Up) -> None:
    family, began = up.family(), time.monotonic()
    up.process.send_signal(signal.SIGINT)
    assert up.until_ended() == 0
    assert time.monotonic() - began < 5
    assert [process for process in family if process.is_running()] == []
    assert all(is_free(up.port + offset) for offset in PORTS.values())


def test_ctrl_c_in_the_middle_of_a_start_ends_it_too(state: Path) -> None:
    begun = Up(state / "begun", free_block())
    begun.begin()
    begun.until_said("postgres is ready")
    family, began = begun.family(), time.monotonic()
    begun.process.send_signal(signal.SIGINT)
    assert begun.until_ended() == 0
    assert time.monotonic() - began < 5
    assert [process for process in family if process.is_running()] == []


def only_sentence(up: Up) -> str:
    """Give the one line that was said after the greeting."""
    greeting, sentence = up.said.strip().splitlines()
    assert greeting.startswith("Starting the province")
    return sentence


def eventually(held: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 30
    while not held():
        assert time.monotonic() < deadline
        time.sleep(0.2)
