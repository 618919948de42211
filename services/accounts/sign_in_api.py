"""HTTP in: signing in and out; tokens for persons, organisations and services; our public keys."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.auth import Anyone, Applicant, Principal, SignedIn
from chassis.changes import Unit
from chassis.idempotency import PlainCause
from chassis.problems import Problem
from contracts.http import accounts as said
from contracts.http.accounts import AccessToken, RefreshToken, ServiceToken, ServiceTokenAsked
from contracts.values import OrganisationId, PersonId

from .at_the_door import caller_network
from .queries import Account
from .registry import Registry, credential
from .session import NETWORK, PASSWORD
from .session_store import Session
from .tokens import LIFETIME


def signing_in(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """Doors that are open to whoever has a secret."""
    router = APIRouter(tags=["sign-in"], dependencies=[Anyone])

    @router.post("/sign-in")
    async def sign_in(request: Request, body: said.SignIn) -> said.SignedIn:
        """Sign in. A wrong login and a wrong password get the same answer, in the same time."""
        at, network = now(), caller_network(request)
        who = f"sign-in {body.login.strip().lower()} {network}"
        await registry.tries.spend(who, PASSWORD, at)
        await registry.tries.spend(f"network {network}", NETWORK, at)
        account = await registry.queries.by_login(body.login)
        kept = account.hash if account else None
        if not await registry.hashes.matches(kept, body.password) or account is None:
            raise _refused()
        await registry.tries.forget(who)
        await registry.tries.give_back(f"network {network}")
        kind = body.kind or account.kinds[0]
        if kind not in account.kinds:
            raise Problem(403, "not-for-you")
        await _hash_anew(registry, account, body.password)
        return _granted(registry, await registry.sessions.open(account.person_id, kind, at), at)

    @router.post("/tokens/refresh")
    async def refresh(body: RefreshToken) -> said.SignedIn:
        """Exchange a refresh token for the next one. One that was used before ends the session."""
        at = now()
        session = await registry.sessions.renew(body.refresh_token, at)
        if session is None:
            raise Problem(401, "not-signed-in")
        return _granted(registry, session, at)

    @router.post("/sign-out", status_code=204)
    async def sign_out(body: RefreshToken) -> None:
        """End one session."""
        await registry.sessions.end(body.refresh_token)

    @router.post("/service-tokens")
    async def service_token(body: ServiceTokenAsked) -> ServiceToken:
        """Exchange a service's secret for a token that one other service accepts."""
        token = registry.tokens.service(body.service, body.secret, body.target, now())
        if token is None:
            raise Problem(401, "not-a-service")
        return ServiceToken(token=token, expires_in=LIFETIME)

    @router.get("/.well-known/jwks.json")
    async def keys(response: Response) -> dict[str, Any]:
        """Publish the keys that verify our tokens."""
        response.headers["cache-control"] = "public, max-age=60"
        return registry.tokens.jwks()

    return router


def signed_in(registry: Registry, now: Callable[[], datetime]) -> APIRouter:
    """Doors for those who are signed in."""
    router = APIRouter(tags=["sign-in"])

    @router.post("/sign-out-everywhere", status_code=204)
    async def sign_out_everywhere(caller: SignedIn, cause: PlainCause) -> None:
        """End all sessions of mine."""
        del cause
        await registry.sessions.end_all(_person(caller))

    @router.post("/organisations/{organisation_id}/token")
    async def act_for(caller: Applicant, organisation_id: UUID) -> AccessToken:
        """Act for an organisation I represent, for as long as one token lasts."""
        organisation = OrganisationId(organisation_id)
        if not await registry.queries.represents(_person(caller), organisation):
            raise Problem(404, "not-found")
        token = registry.tokens.person("organisation", organisation, caller.auth_time, now())
        return AccessToken(access_token=token, expires_in=LIFETIME)

    return router


def _person(caller: Principal) -> PersonId:
    if caller.kind == "organisation" or caller.person_id is None:
        raise Problem(403, "not-for-you")
    return caller.person_id


def _refused() -> Problem:
    return Problem(
        401,
        "sign-in-refused",
        "Tên đăng nhập hoặc mật khẩu không đúng.",
        "The login or the password is wrong.",
    )


async def _hash_anew(registry: Registry, account: Account, password: str) -> None:
    """Keep up with today's costs of hashing."""
    if account.hash and registry.hashes.outdated(account.hash):
        hashed = await registry.hashes.hash(password)
        await registry.store.append(Unit(rows=(credential(account.person_id, hashed),)))


def _granted(registry: Registry, session: Session, at: datetime) -> said.SignedIn:
    return said.SignedIn(
        access_token=registry.tokens.person(session.kind, session.person_id, session.auth_time, at),
        refresh_token=session.refresh_token,
        expires_in=LIFETIME,
        person_id=session.person_id,
        kind=session.kind,
    )
