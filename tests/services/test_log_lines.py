"""What a process writes about its defects: where they are, and nobody's data."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import failing_at_hand
from servers_at_hand import NewDatabase


async def test_a_defect_is_told_with_its_place_and_without_the_row(database: NewDatabase) -> None:
    own = await database("payment")
    command = [sys.executable, failing_at_hand.__file__, own.url("app")]
    ran = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, encoding="utf-8", timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    lines: list[dict[str, Any]] = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["defect", "library"]
    for line in lines:
        assert "UniqueViolationError: duplicate key value" in line["exception"]
        assert " in write" in line["exception"]
    assert failing_at_hand.NAME not in ran.stdout + ran.stderr
