"""The child: reads a file from its input, writes one line of JSON (and new content, if any) to its
output, and ends. It may die of any file, which counts as a refusal; if it fails otherwise, the
fault is ours.
"""

import importlib
import json
import sys
from collections.abc import Callable

from . import Refused, Seen
from .walls import limit, wall_in

_MODULES = {"pdf": "pdf", "jpeg": "pictures", "png": "pictures", "heic": "heic", "docx": "docx"}


def main() -> None:
    """Inspect the input as the kind, with the memory (bytes) and CPU time (seconds) of the
    arguments.
    """
    kind, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    limit(memory, seconds)
    module = importlib.import_module(f"{__package__}.{_MODULES[kind]}")
    inspect: Callable[[bytes], Seen] = getattr(module, f"inspect_{kind}")
    wall_in()
    verdict, instead = _verdict(inspect)
    sys.stdout.buffer.write(json.dumps(verdict).encode() + b"\n")
    sys.stdout.buffer.write(instead)
    sys.stdout.buffer.flush()


def _verdict(inspect: Callable[[bytes], Seen]) -> tuple[dict[str, object], bytes]:
    try:
        seen = inspect(sys.stdin.buffer.read())
    except Refused as refusal:
        return {"refused": str(refusal)}, b""
    except (MemoryError, RecursionError):
        return {"refused": "file-too-complex"}, b""
    except Exception:  # whatever a parser trips over, the file is not sound
        return {"refused": "file-unreadable"}, b""
    return {"pages": seen.pages, "instead": seen.instead is not None}, seen.instead or b""


if __name__ == "__main__":
    main()
