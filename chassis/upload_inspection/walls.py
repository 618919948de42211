"""What the child may not do, whatever a file makes of its parsers: use more than its share, speak
to anybody, start, stop or trace a program.

The second half is a filter in the Linux kernel (seccomp); elsewhere only the first half holds.
"""

import ctypes
import os
import platform
import resource
import struct
from contextlib import suppress
from pathlib import Path

_LARGEST_OUTPUT = 64 * 1024 * 1024
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000
_ARCHITECTURE, _CALL = 4, 0  # where they stand in what the kernel shows a filter
_OTHER_NUMBERS = 0x40000000  # the same calls again, for programs of another word size
# socket, socketpair, execve, execveat, ptrace, process_vm_readv, process_vm_writev, kill, tkill,
# io_uring_setup; the first number is the architecture's own.
_FORBIDDEN = {
    "x86_64": (0xC000003E, (41, 53, 59, 322, 101, 310, 311, 62, 200, 425)),
    "aarch64": (0xC00000B7, (198, 199, 221, 281, 117, 270, 271, 129, 130, 425)),
}


def limit(memory: int, seconds: int) -> None:
    """Limit memory, time and output; leave no core, and go first where memory runs out."""
    for what, much in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a stricter limit is in force, or none is known here
            resource.setrlimit(what, (much, much))
    os.nice(5)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def wall_in() -> None:
    """From here on the kernel answers the forbidden calls with "permission denied"."""
    if platform.system() != "Linux" or platform.machine() not in _FORBIDDEN:
        return
    architecture, calls = _FORBIDDEN[platform.machine()]
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _CALL),
        (_IF_AT_LEAST, 0, 1, _OTHER_NUMBERS),
        (_RETURN, 0, 0, _DENY),
    ]
    for call in calls:
        steps += [(_IF_EQUAL, 0, 1, call), (_RETURN, 0, 0, _DENY)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    described = struct.pack("@HP", len(steps), ctypes.addressof(program))
    system = ctypes.CDLL(None)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    system.prctl(_SECCOMP, _FILTER, described, 0, 0)
