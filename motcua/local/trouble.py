"""What can stop a start on this machine, said in one sentence."""

import shutil
import socket
from pathlib import Path


class Trouble(Exception):
    """Something on this machine is in the way; the message is the sentence people read."""


def need_free_port(port: int, what: str) -> None:
    """Make sure that nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as cause:
            raise Trouble(
                f"Port {port}, meant for {what}, is in use: stop what listens there, "
                "or set MOTCUA_PORT to the first of another block of ports."
            ) from cause


def need_disk(folder: Path, megabytes: int) -> None:
    """Make sure that a folder's disk has room."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise Trouble(
            f"{folder} has {free} MB free and {megabytes} MB are needed: make room, or set MOTCUA_HOME."
        )
