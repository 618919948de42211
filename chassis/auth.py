"""Token to principal, and the annotated dependencies by which every route says who may call it.

A token says who somebody is, not what they may: an officer's agency and roles come from this
service's own copy of the appointments, so that a role that was lost is lost at once.
"""

import base64
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import httpx
import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security import HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from contracts.values import AgencyCode, DeskRole, PersonId

from .appointments import Appointment, Appointments
from .problems import Problem

log = structlog.get_logger()

Kind = Literal["citizen", "organisation", "staff", "administrator", "auditor", "service"]
PERSONS = "motcua"
"""The audience of a person's token; a service's token has the one target service as its audience.
"""

_REFETCH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling. `name` is a service's; persons have an id only."""

    kind: Kind
    person_id: PersonId | None
    name: str
    auth_time: datetime

    @property
    def actor(self) -> str:
        """Name the caller in an event's metadata."""
        return f"service:{self.name}" if self.kind == "service" else f"{self.kind}:{self.person_id}"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """An officer with the appointments in force."""

    person_id: PersonId
    appointments: tuple[Appointment, ...]
    actor: str

    def roles_at(self, agency: AgencyCode) -> frozenset[DeskRole]:
        """Give the desk roles at one agency; empty where there is no appointment."""
        return frozenset(
            role for held in self.appointments if held.agency == agency for role in held.roles
        )

    @property
    def agencies(self) -> list[AgencyCode]:
        """List the agencies the officer may see."""
        return sorted({held.agency for held in self.appointments})


class TokenVerifier:
    """Verifies tokens offline against accounts' published keys, fetched rarely and kept through its
    outages.
    """

    def __init__(self, jwks_url: str, service: str, client: httpx.AsyncClient) -> None:
        """Take where the keys are published and whose audience to accept beside persons' tokens."""
        self._url, self._service, self._client = jwks_url, service, client
        self._keys: KeySet | None = None
        self._known: set[str] = set()
        self._fetched = -_REFETCH_SECONDS * 1.0
        self._registry = JWTClaimsRegistry(
            leeway=5,
            iss={"essential": True, "value": "motcua-accounts"},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            aud={"essential": True, "values": [PERSONS, service]},
        )

    async def principal(self, token: str) -> Principal:
        """Tell who a token speaks for; Problem 401 if it is not one of ours, for us, and still
        good.
        """
        keys = await self._keys_for(token)
        try:
            decoded = jwt.decode(token, keys, algorithms=["EdDSA"])
            self._registry.validate(decoded.claims)
            return _principal(decoded.header, decoded.claims, self._service)
        except (JoseError, ValueError, KeyError, TypeError) as cause:
            raise _unauthenticated() from cause

    async def _keys_for(self, token: str) -> KeySet:
        kid = _kid(token)
        stale = time.monotonic() - self._fetched > _REFETCH_SECONDS
        if self._keys is None or (kid not in self._known and stale):
            await self._fetch()
        if self._keys is None:
            raise Problem(503, "keys-unavailable", headers={"Retry-After": "2"})
        if kid not in self._known:
            raise _unauthenticated()
        return self._keys

    async def _fetch(self) -> None:
        try:
            answer = await self._client.get(self._url, timeout=3)
            answer.raise_for_status()
            keys = KeySet.import_key_set(answer.json())
        except (httpx.HTTPError, JoseError, ValueError) as cause:
            log.warning("keys_unavailable", cause=type(cause).__name__)
            return
        self._fetched = time.monotonic()
        self._keys, self._known = keys, {key.kid or "" for key in keys.keys}


def _kid(token: str) -> str:
    """Read the key's name before the signature is checked: it only chooses among our own keys."""
    head = token.partition(".")[0]
    try:
        return str(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])
    except (ValueError, KeyError, TypeError, RecursionError) as cause:
        raise _unauthenticated() from cause


def _principal(header: dict[str, Any], claims: dict[str, Any], service: str) -> Principal:
    kind, audience = claims["kind"], claims["aud"]
    if header.get("typ") != "at+jwt" or (kind == "service") != (audience == service):
        raise ValueError
    if kind not in get_args(Kind):
        raise ValueError
    auth_time = datetime.fromtimestamp(int(claims.get("auth_time", claims["iat"])), UTC)
    if kind == "service":
        return Principal(kind, None, str(claims["sub"]), auth_time)
    return Principal(kind, PersonId(UUID(claims["sub"])), "", auth_time)


def _unauthenticated() -> Problem:
    return Problem(401, "not-signed-in", headers={"WWW-Authenticate": "Bearer"})


_BEARER = HTTPBearer(scheme_name="token", bearerFormat="JWT", auto_error=False)
"""Says in the OpenAPI document which routes ask for a token."""


async def _caller(request: Request, _: Annotated[object, Depends(_BEARER)]) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unauthenticated()
    principal = await request.app.state.verifier.principal(token)
    request.scope["actor"] = principal.actor
    return principal


def _allow(*kinds: Kind) -> Callable[..., Awaitable[Principal]]:
    async def allowed(principal: Annotated[Principal, Depends(_caller)]) -> Principal:
        if principal.kind not in kinds:
            raise Problem(403, "not-for-you")
        return principal

    return _permission(allowed)


def _permission(dependency: Any) -> Any:
    dependency.grants_access = True
    return dependency


async def on_duty(reader: Principal, appointments: Appointments) -> OnDuty | None:
    """Give an officer's appointments in force, as many as there are; None of others."""
    if reader.kind != "staff" or reader.person_id is None:
        return None
    return OnDuty(reader.person_id, await appointments.of(reader.person_id), reader.actor)


async def _officer(
    request: Request, principal: Annotated[Principal, Depends(_allow("staff"))]
) -> OnDuty:
    duty = await on_duty(principal, request.app.state.appointments)
    if duty is None or not duty.appointments:
        raise Problem(
            403,
            "not-appointed",
            "Bạn chưa được phân công tại cơ quan nào; hãy báo quản trị viên.",
            "You hold no appointment; ask an administrator for one.",
        )
    return duty


async def _anyone() -> None:
    """Let everybody in: the route says so on purpose."""


Anyone = Depends(_permission(_anyone))
"""For `dependencies=[Anyone]` of a route that is open to the world."""

SignedIn = Annotated[
    Principal, Depends(_allow("citizen", "organisation", "staff", "administrator", "auditor"))
]
Applicant = Annotated[Principal, Depends(_allow("citizen", "organisation"))]
Administrator = Annotated[Principal, Depends(_allow("administrator"))]
Auditor = Annotated[Principal, Depends(_allow("auditor"))]
AuditorOrService = Annotated[Principal, Depends(_allow("auditor", "service"))]
OtherService = Annotated[Principal, Depends(_allow("service"))]
Everybody = Annotated[
    Principal,
    Depends(_allow("citizen", "organisation", "staff", "administrator", "auditor", "service")),
]
Acting = Annotated[
    Principal, Depends(_allow("citizen", "organisation", "staff", "administrator", "service"))
]
"""Everybody but auditors, who change nothing."""
Officer = Annotated[OnDuty, Depends(_permission(_officer))]


def routes_without_permission(app: FastAPI) -> list[str]:
    """List the routes that say nothing about who may call them: a service with one
    does not start.
    """
    return [
        str(route.path)
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and not _grants(route.dependant)
    ]


def _grants(dependant: Any) -> bool:
    return getattr(dependant.call, "grants_access", False) or any(
        _grants(inner) for inner in dependant.dependencies
    )


class ServiceTokens:
    """This service's tokens for calling others: one audience each, fetched from accounts, kept
    while good.
    """

    def __init__(
        self, accounts_url: str, service: str, secret: str, client: httpx.AsyncClient
    ) -> None:
        """Take this service's name and secret."""
        self._url, self._service, self._secret, self._client = accounts_url, service, secret, client
        self._held: dict[str, tuple[str, float]] = {}

    async def bearer(self, target: str) -> dict[str, str]:
        """Give the header that lets us call a target service."""
        token, good_until = self._held.get(target, ("", 0.0))
        if time.monotonic() > good_until:
            answer = await self._client.post(
                f"{self._url}/service-tokens",
                json={"service": self._service, "secret": self._secret, "target": target},
                timeout=3,
            )
            answer.raise_for_status()
            granted = answer.json()
            token = str(granted["token"])
            self._held[target] = (token, time.monotonic() + int(granted["expires_in"]) - 30)
        return {"authorization": f"Bearer {token}"}
