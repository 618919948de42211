"""Writes docs/settings.md: every variable a process reads, its default and its meaning.

python -m motcua.settings_page [--check]
"""

import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from chassis.settings import PORTS, Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"

_HEAD = """# Settings

Every variable a process reads, all with the prefix `MOTCUA_`. Written by `make schemas` from
`chassis/settings.py`; a test fails when it is stale.

| variable | default | meaning |
|---|---|---|
"""
_PORTS = """
## The block of ports of a province on one machine

`MOTCUA_PORT` is the first one.

| offset | who |
|---|---|
"""
_OTHERS = """
## Read by the command line alone

| variable | meaning |
|---|---|
| `MOTCUA_AUDITOR` | `login:password` for `replay` and `doctor`; locally the sample auditor |
| `MOTCUA_ADMINISTRATOR` | the same for `doctor --heal`; locally the sample administrator |
| `MOTCUA_NEW_PASSWORD` | the password for `motcua accounts add`, where it is not typed |
| `MOTCUA_TEST_PROCESSES` | how many processes `make test` uses side by side; 2 without it |
| `MOTCUA_TEST_SERVERS` | `containers`: tests run on official images, by a Docker engine |

An S3-compatible store is reached with the usual `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`,
`AWS_SECRET_ACCESS_KEY` and `AWS_REGION`.
"""


def page() -> str:
    """Write the page."""
    rows = "".join(
        f"| `MOTCUA_{name.upper()}` | {_default(field)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )
    ports = "".join(f"| {offset} | {name} |\n" for name, offset in PORTS.items())
    return _HEAD + rows + _PORTS + ports + _OTHERS


def _default(field: Any) -> str:
    if isinstance(field.default, SecretStr):
        return "none: a secret"
    return f"`{field.default}`" if str(field.default) else "none"


def main() -> int:
    """Write the page, or say whether it is fresh."""
    if "--check" not in sys.argv:
        PAGE.write_text(page())
        return 0
    if PAGE.read_text() != page():
        print("docs/settings.md is stale: run make schemas", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
