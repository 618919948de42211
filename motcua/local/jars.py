"""The broker's files: fetched from the public Maven repository, kept in the user's cache, and never
run unless each is the one pinned in `kafka.lock`.

`python -m motcua.local.jars` fetches them; with `--lock` it pins what is offered now.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Generator, Mapping
from pathlib import Path

from .trouble import Trouble

VERSION = "4.3.0"
LOCK = Path(__file__).with_name("kafka.lock")
ARTIFACTS = (
    f"org.apache.kafka:kafka_2.13:{VERSION}"
    # Named again, else a logging package chooses an older one.
    f"+org.apache.kafka:kafka-clients:{VERSION}"
    "+org.slf4j:slf4j-simple:1.7.36"
)


def jar_folder() -> Path:
    """Say where the files are kept between provinces."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "motcua" / f"kafka-{VERSION}"


def pinned(lock: Path = LOCK) -> dict[str, str]:
    """Read the lock file: name → SHA-256."""
    return {name: digest for digest, name in map(str.split, lock.read_text().splitlines())}


def kept(folder: Path, wanted: Mapping[str, str]) -> dict[str, Path]:
    """Name the files as they would lie in a folder."""
    return {name: folder / name for name in wanted}


def unpinned(jars: Mapping[str, Path], wanted: Mapping[str, str]) -> list[Path]:
    """Name the files that are missing or are not the pinned ones."""
    return [jars[name] for name, digest in wanted.items() if _sha256(jars[name]) != digest]


def verified(jars: Mapping[str, Path], wanted: Mapping[str, str]) -> list[Path]:
    """Give all files; Trouble unless each is the pinned one."""
    if wrong := unpinned(jars, wanted):
        raise Trouble(
            f"{wrong[0]} is not the file that {LOCK.name} pins, so Kafka is not run: "
            "delete it and start again; if it stays so, somebody changes it on its way."
        )
    return list(jars.values())


def fetch(folder: Path, wanted: Mapping[str, str]) -> None:
    """Bring the files that are missing; one process of this machine at a time."""
    with _alone(folder):
        if not unpinned(kept(folder, wanted), wanted):
            return
        offered = resolve()
        if offered.keys() != wanted.keys():
            odd = ", ".join(sorted(offered.keys() ^ wanted.keys())[:3])
            raise Trouble(f"Kafka's files differ from {LOCK.name} ({odd}): nothing was run.")
        for jar in verified(offered, wanted):
            part = folder / f".{jar.name}.part"
            shutil.copyfile(jar, part)
            part.replace(folder / jar.name)


def resolve() -> dict[str, Path]:
    """Ask the Maven repository for the broker and all it needs."""
    import jgo  # only here: it is large, and needed once

    try:
        return {jar.name: jar for jar in jgo.build(ARTIFACTS).all_jars}
    except Exception as cause:
        raise Trouble(
            f"Kafka's files cannot be fetched ({type(cause).__name__}): is there a network?"
        ) from cause


@contextlib.contextmanager
def _alone(folder: Path) -> Generator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def main(*arguments: str) -> None:
    """Fetch the files, or pin what is offered now."""
    try:
        if "--lock" in arguments:
            offered = sorted((name, _sha256(jar)) for name, jar in resolve().items())
            LOCK.write_text("".join(f"{digest}  {name}\n" for name, digest in offered))
        else:
            fetch(jar_folder(), pinned())
    except Trouble as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main(*sys.argv[1:])
