"""The mail catcher as a process of its own: real SMTP in, JSON and a page out, kept on disk."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest
from servers_at_hand import free_block

from chassis.settings import PORTS

AN = "an@example.vn"
SUBJECT = "Hồ sơ đã được tiếp nhận / Dossier received"
WORDS = "Kính gửi Ông/Bà,\n\n.một dòng bắt đầu bằng dấu chấm\n<script>alert(1)</script>\n"


def mail(to: str, subject: str = SUBJECT) -> EmailMessage:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = "mot-cua@example.vn", to, subject
    written["Message-ID"] = "<one@motcua>"
    written.set_content(WORDS)
    return written


@asynccontextmanager
async def catcher(home: Path, port: int) -> AsyncGenerator[httpx.AsyncClient]:
    environment = {
        **os.environ,
        "MOTCUA_ENV": "local",
        "MOTCUA_HOME": str(home),
        "MOTCUA_PORT": str(port),
    }
    command = (sys.executable, "-m", "motcua.local.mail")
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    page = f"http://127.0.0.1:{port + PORTS['mail']}"
    try:
        async with httpx.AsyncClient(base_url=page, trust_env=False) as http:
            await ready(http)
            yield http
    finally:
        process.kill()
        await process.wait()


async def ready(http: httpx.AsyncClient) -> None:
    for _ in range(200):
        try:
            if (await http.get("/health/ready")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)
    raise AssertionError("the catcher did not start")


async def send(port: int, written: EmailMessage) -> None:
    await aiosmtplib.send(written, hostname="127.0.0.1", port=port + PORTS["smtp"])


async def test_a_mail_that_was_accepted_is_there_after_a_kill(tmp_path: Path) -> None:
    port = free_block()
    async with catcher(tmp_path, port) as http:
        await send(port, mail(AN))
        await send(port, mail("binh@example.vn"))
        (caught,) = (await http.get("/messages", params={"to": "AN@example.vn"})).json()
        assert (caught["to"], caught["subject"], caught["text"]) == (AN, SUBJECT, WORDS)
        assert caught["message_id"] == "<one@motcua>"
    async with catcher(tmp_path, port) as http:
        assert (await http.get("/messages", params={"to": AN})).json() == [caught]
        await send(port, mail(AN, "Tin mới"))
        newer = await http.get("/messages", params={"to": AN, "after": caught["number"]})
        assert [mail["subject"] for mail in newer.json()] == ["Tin mới"]
        page = (await http.get("/")).text
        assert page.index("Tin mới") < page.index(SUBJECT)
        assert "<script>" not in page


async def test_an_address_of_nobody_is_refused_for_good(tmp_path: Path) -> None:
    port = free_block()
    async with catcher(tmp_path, port) as http:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await send(port, mail("who@nobody.example"))
        assert refused.value.recipients[0].code == 550
        assert (await http.get("/messages")).json() == []


def test_elsewhere_than_on_ones_own_machine_there_is_no_catcher() -> None:
    environment = {**os.environ, "MOTCUA_ENV": "production"}
    command = [sys.executable, "-m", "motcua.local.mail"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    assert "MOTCUA_ENV=local" in ended.stderr
