"""A running province as seen from outside: where its services answer, and somebody who calls them.

A call that meets a province that is just being restarted is made again, with the same key: nothing
is done twice by it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx

from chassis.settings import PORTS, Settings
from motcua.local.trouble import Trouble

PATIENCE = 60.0
"""Seconds a call, or a consequence, is waited for."""

_FIRST_PATIENCE = 10.0
"""Seconds the very first call is waited for: a province that never answered is not running."""

_AGAIN = frozenset({502, 503})
ThingT = TypeVar("ThingT")


class Unexpected(Exception):
    """A service answered otherwise than the story needs; the message says what and where."""


class Province:
    """The addresses of one province, and the means to reach them."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        """Take the settings that say where services answer."""
        self._settings, self._http = settings, http
        self._patience = _FIRST_PATIENCE

    def url(self, service: str, path: str) -> str:
        """Give the address of a service's door; `bank` and `mail` are the local ones."""
        if service in ("bank", "mail"):
            return f"http://127.0.0.1:{self._settings.port + PORTS[service]}{path}"
        return self._settings.url_of(service) + path

    async def call(
        self, method: str, service: str, path: str, *, wanted: bool = True, **more: Any
    ) -> httpx.Response:
        """Call until a service answers; `Unexpected` if its answer is a problem and one is not
        `wanted` to be looked at by the caller.
        """
        deadline = time.monotonic() + self._patience
        while True:
            answer = await self._try(method, self.url(service, path), more)
            self._patience = self._patience if answer is None else PATIENCE
            if answer is not None and (answer.status_code not in _AGAIN or not wanted):
                break
            if time.monotonic() > deadline:
                raise Trouble(f"{service} does not answer: is the province running? (make up)")
            await asyncio.sleep(0.2)
        if wanted and answer.is_error:
            raise Unexpected(f"{method} {service}{path}: {answer.status_code} {answer.text[:600]}")
        return answer

    async def _try(self, method: str, url: str, more: Mapping[str, Any]) -> httpx.Response | None:
        try:
            return await self._http.request(method, url, **more)
        except httpx.TransportError:
            return None


class Caller:
    """Somebody with an account, signed in when needed and again when their token has run out."""

    def __init__(self, province: Province, name: str, login: str, password: str) -> None:
        """Take who it is; `name` is how the story calls them."""
        self.province, self.name, self.login = province, name, login
        self._password, self.token, self.person_id = password, "", ""

    async def sign_in(self) -> None:
        """Sign in with the password."""
        credentials = {"login": self.login, "password": self._password}
        answer = await self.province.call("POST", "accounts", "/sign-in", json=credentials)
        granted = answer.json()
        self.token, self.person_id = granted["access_token"], granted["person_id"]

    async def get(self, service: str, path: str, **params: Any) -> Any:
        """Read something."""
        return (await self._call("GET", service, path, params=params)).json()

    async def download(self, service: str, path: str) -> bytes:
        """Fetch a file."""
        return (await self._call("GET", service, path)).content

    async def post(
        self, service: str, path: str, body: object = None, *, seen: int | None = None
    ) -> Any:
        """Do something, once however often it is sent; `seen` is the version it is decided on."""
        headers = {"idempotency-key": str(uuid4())}
        if seen is not None:
            headers["if-match"] = f'"{seen}"'
        content = {} if body is None else {"json": body}
        answer = await self._call("POST", service, path, headers=headers, **content)
        return answer.json() if answer.content else None

    async def put(self, service: str, path: str, body: object, *, seen: int | None = None) -> Any:
        """Save something."""
        headers = {} if seen is None else {"if-match": f'"{seen}"'}
        answer = await self._call("PUT", service, path, headers=headers, json=body)
        return answer.json() if answer.content else None

    async def upload(self, service: str, path: str, name: str, content: bytes) -> None:
        """Send a file; its name goes in a header, for addresses are logged."""
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        headers = {"content-disposition": disposition, "content-type": "application/octet-stream"}
        await self._call("PUT", service, path, headers=headers, content=content)

    async def _call(self, method: str, service: str, path: str, **more: Any) -> httpx.Response:
        answer = await self.answer(method, service, path, **more)
        if answer.is_error:
            told = f"{answer.status_code} {answer.text[:600]}"
            raise Unexpected(f"{self.name}: {method} {service}{path}: {told}")
        return answer

    async def answer(self, method: str, service: str, path: str, **more: Any) -> httpx.Response:
        """Call, and give whatever is answered, be it a refusal."""
        if not self.token:
            await self.sign_in()
        answer = await self._signed(method, service, path, more)
        if answer.status_code == 401:
            await self.sign_in()
            answer = await self._signed(method, service, path, more)
        return answer

    async def _signed(
        self, method: str, service: str, path: str, more: Mapping[str, Any]
    ) -> httpx.Response:
        headers = {**more.get("headers", {}), "authorization": f"Bearer {self.token}"}
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = await self.province.call(
                method, service, path, wanted=False, **{**more, "headers": headers}
            )
            if answer.status_code not in _AGAIN or time.monotonic() > deadline:
                return answer
            await asyncio.sleep(0.2)


async def until(
    what: str, look: Callable[[], Awaitable[ThingT | None]], patience: float = PATIENCE
) -> ThingT:
    """Wait for a consequence: look again and again until there is something."""
    deadline = time.monotonic() + patience
    while True:
        found = await look()
        if found is not None and found is not False:
            return found
        if time.monotonic() > deadline:
            raise Unexpected(f"waited {patience:.0f} s in vain: {what}")
        await asyncio.sleep(0.05)
