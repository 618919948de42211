"""Tokens that say who somebody is: signed here, verified everywhere, good for five minutes.

They do not say what somebody may: that is each service's own knowledge. Every key is published, the
first one signs, so that a new one is known before it is used.
"""

import hmac
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import Key, KeySet, OKPKey

from chassis.auth import PERSONS, Kind
from chassis.clock import new_id

LIFETIME = 300
"""Seconds."""

ISSUER = "motcua-accounts"


class NoSigningKey(Exception):
    """MOTCUA_SIGNING_KEY holds no Ed25519 private key."""


class Tokens:
    """Signs tokens and publishes the keys that verify them."""

    def __init__(self, keys_json: str, service_secrets: str) -> None:
        """Take our private keys (a JSON list of JWKs) and the services' secrets (name:secret,…)."""
        try:
            self._keys: list[Key] = [_key(entry) for entry in json.loads(keys_json)]
            self._current = self._keys[0]
        except (ValueError, TypeError, IndexError) as cause:
            raise NoSigningKey from cause
        pairs = (pair.partition(":") for pair in service_secrets.split(",") if pair)
        self._secrets = {name.strip(): secret.encode() for name, _, secret in pairs}

    def jwks(self) -> dict[str, Any]:
        """Give the public halves of all keys."""
        return dict(KeySet(self._keys).as_dict(private=False))

    def person(self, kind: Kind, subject: UUID, auth_time: datetime, now: datetime) -> str:
        """Sign who a person or an organisation is, and when they last gave a password."""
        claims = {"sub": str(subject), "kind": kind, "aud": PERSONS}
        return self._signed({**claims, "auth_time": int(auth_time.timestamp())}, now)

    def service(self, name: str, secret: str, target: str, now: datetime) -> str | None:
        """Sign which service is calling, for one target; None if the secret is not its own."""
        known = self._secrets.get(name, b"")
        right = hmac.compare_digest(known, secret.encode()) and bool(known)
        if not right or target not in self._secrets:
            return None
        return self._signed({"sub": name, "kind": "service", "aud": target}, now)

    def _signed(self, claims: dict[str, Any], now: datetime) -> str:
        issued = int(now.timestamp())
        times = {"iat": issued, "exp": issued + LIFETIME}
        header = {"alg": "EdDSA", "typ": "at+jwt", "kid": self._current.kid}
        whole = {"iss": ISSUER, **claims, **times, "jti": str(new_id())}
        return jwt.encode(header, whole, self._current, algorithms=["EdDSA"])


def _key(entry: dict[str, Any]) -> Key:
    key = OKPKey.import_key(entry)
    if not key.is_private or key.curve_name != "Ed25519":
        raise ValueError("not an Ed25519 private key")
    key.ensure_kid()
    return key
