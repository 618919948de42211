"""The one door to the bank over HTTP. Its answers are hostile until size and signature are right.

It decides nothing: what it brings back is recorded as facts by whoever asked.
"""

import asyncio
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import httpx

from .advice import SIGNATURE_HEADER, Credit, read_statement
from .vietqr import Transfer, payload
from .vnpay import BankWord, NotGenuine, Order, Terminal, TurnedAway, pay_url
from .vnpay_api import (
    Asked,
    RefundWord,
    query_request,
    read_query_answer,
    read_refund_answer,
    refund_request,
)

ATTEMPT = timedelta(minutes=15)
"""How long the bank keeps its page open for one attempt."""

_SECONDS = 10.0
_LARGEST_ANSWER = 64 * 1024
_LARGEST_STATEMENT = 16 * 1024 * 1024


class BankUnreachable(Exception):
    """The bank did not answer in time, or not at all: what it did is not known."""


class BankNotBelieved(Exception):
    """What came back is not the bank's word, or no answer to the question."""


@dataclass(frozen=True)
class Addresses:
    """Where the bank is reached, and the account that transfers go to."""

    page: str
    api: str
    statement: str
    bank: str
    account: str


class Gateway:
    """Builds what payers take to the bank, and asks the bank what became of it."""

    def __init__(self, terminal: Terminal, bank: Addresses, http: httpx.AsyncClient) -> None:
        """Take our account at the bank, the bank's addresses, and a client."""
        self.terminal = terminal
        self._bank = bank
        self._http = http

    def pay_url(self, order: Order) -> str:
        """Give the address of the bank's page for one attempt."""
        return pay_url(self._bank.page, self.terminal, order)

    def qr_text(self, transaction: str, amount: int) -> str:
        """Give the text of the QR code for one attempt by transfer."""
        return payload(Transfer(self._bank.bank, self._bank.account, amount, transaction))

    async def query(self, transaction: str, started: datetime, asked: Asked) -> BankWord | None:
        """Ask what became of an attempt; None when the bank does not know it."""
        told = await self._ask(query_request(self.terminal, asked, transaction, started))
        with _believing():
            return read_query_answer(self.terminal, told, transaction)

    async def refund(
        self, paid: BankWord, started: datetime, officer: str, asked: Asked
    ) -> RefundWord:
        """Ask to give a paid transaction's whole amount back; asking twice gives back once."""
        told = await self._ask(refund_request(self.terminal, asked, paid, started, officer))
        with _believing():
            return read_refund_answer(self.terminal, told, paid.transaction)

    async def statement(self, since: datetime, until: datetime) -> list[Credit]:
        """Fetch what reached our account in a span of time."""
        span = {"since": since.isoformat(), "until": until.isoformat()}
        request = self._http.build_request("GET", self._bank.statement, params=span)
        body, headers = await self._fetch(request, _LARGEST_STATEMENT)
        with _believing():
            told = headers.get(SIGNATURE_HEADER, "")
            return read_statement(self.terminal.secret, body, told)

    async def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        request = self._http.build_request("POST", self._bank.api, json=question)
        body, _ = await self._fetch(request, _LARGEST_ANSWER)
        with _believing():
            return _read_object(body)

    async def _fetch(self, request: httpx.Request, largest: int) -> tuple[bytes, httpx.Headers]:
        try:
            async with asyncio.timeout(_SECONDS):
                response = await self._http.send(request, stream=True, follow_redirects=False)
                try:
                    return await _read(response, largest), response.headers
                finally:
                    await response.aclose()
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as cause:
            raise BankUnreachable(type(cause).__name__) from cause


async def _read(response: httpx.Response, largest: int) -> bytes:
    if response.status_code >= 500 or response.status_code == 429:
        raise BankUnreachable(f"status {response.status_code}")
    if response.status_code != 200:
        raise BankNotBelieved(f"status {response.status_code}")
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body.extend(chunk)
        if len(body) > largest:
            raise BankNotBelieved("too long")
    return bytes(body)


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError) as cause:
        raise NotGenuine("not JSON") from cause
    if not isinstance(told, dict):
        raise NotGenuine("not an object")
    return cast("dict[str, Any]", told)


@contextmanager
def _believing() -> Generator[None, None, None]:
    try:
        yield
    except (NotGenuine, TurnedAway) as cause:
        raise BankNotBelieved(str(cause)) from cause
