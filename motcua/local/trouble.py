"""What can stop a start on this machine, said in one sentence."""

import errno
import shutil
import socket
from pathlib import Path


class Trouble(Exception):
    """Something on this machine is in the way; the message is the sentence people read."""


def need_free_port(port: int, what: str) -> None:
    """Make sure that a port of this machine can be listened on."""
    another = "set MOTCUA_PORT to the first of another block of ports"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError as cause:
            raise Trouble(f"There is no port {port}, meant for {what}: {another}.") from cause
        except OSError as cause:
            if cause.errno == errno.EADDRINUSE:
                sentence = f"is in use: stop what listens there, or {another}."
            else:
                sentence = f"may not be used by this user: {another}."
            raise Trouble(f"Port {port}, meant for {what}, {sentence}") from cause


def need_disk(folder: Path, megabytes: int) -> None:
    """Make sure that a folder can be written and that its disk has room."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as cause:
        raise Trouble(
            f"{folder} cannot be written ({cause.strerror}): set MOTCUA_HOME to a folder of yours."
        ) from cause
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise Trouble(
            f"{folder} has {free} MB free and {megabytes} MB are needed: "
            "make room, or set MOTCUA_HOME."
        )
