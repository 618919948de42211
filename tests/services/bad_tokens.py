"""Tokens that are not good: each forged, expired or misused in one way."""

import base64
import json
import time
from typing import Any
from uuid import uuid4

from at_hand import KEY
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

OTHER = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)
"""A key that accounts never published."""

DEEP = 20_000
"""Nested further than any parser goes; a header may still be that long."""


def bad_tokens(service: str) -> dict[str, str]:
    """Give them by what is wrong with each; every one is shown to `service`."""
    return {
        "no token": "",
        "not a token": "abc",
        "three empty parts": "..",
        "not readable": "đây.là.thẻ",
        "a refresh token": uuid4().hex + uuid4().hex,
        "a header that is no object": f"{_part([])}.{_part(_claims())}.x",
        "a header nested too deep": f"{_text('[' * DEEP)}.{_part({})}.x",
        "a number too long to read": f"{_text('9' * DEEP)}.{_part({})}.x",
        "expired": _signed(exp=int(time.time()) - 60),
        "never expiring": _signed(exp=None),
        "an expiry in words": _signed(exp="tomorrow"),
        "from tomorrow": _signed(iat=int(time.time()) + 86_400),
        "of another issuer": _signed(iss="somebody else"),
        "of no issuer": _signed(iss=None),
        "for somebody else": _signed(aud="elsewhere"),
        "for nobody": _signed(aud=None),
        "for a service as a person": _signed(aud=service),
        "a person's that says it is a service": _signed(kind="service"),
        "of a kind we do not have": _signed(kind="superuser"),
        "of no kind": _signed(kind=None),
        "of somebody who is no id": _signed(sub="admin"),
        "an identity token": _signed({"typ": "JWT"}),
        "signed by a key of one's own": _signed({"kid": OTHER.kid}, key=OTHER),
        "signed by a key of one's own under our name": _signed(key=OTHER),
        "with its own key in the header": _signed({"jwk": OTHER.as_dict(private=False)}, key=OTHER),
        "with a place to fetch its key from": _signed(
            {"jku": "http://127.0.0.1:9/keys"}, key=OTHER
        ),
        "signed with our public key as a password": _with_public_key(),
        "not signed": f"{_part({**_header(), 'alg': 'none'})}.{_part(_claims())}.",
        "said to be not signed": _changed(0, {**_header(), "alg": "none"}),
        "changed after it was signed": _changed(1, _claims(kind="auditor")),
        "without its signature": _signed().rpartition(".")[0] + ".",
    }


def _claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {
        "iss": "motcua-accounts",
        "sub": str(uuid4()),
        "kind": "citizen",
        "aud": "motcua",
        "iat": now,
        "auth_time": now,
        "exp": now + 300,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _header(**changes: Any) -> dict[str, Any]:
    return {"alg": "EdDSA", "kid": KEY.kid, "typ": "at+jwt", **changes}


def _signed(header: dict[str, Any] | None = None, *, key: Any = KEY, **changes: Any) -> str:
    return jwt.encode(_header(**header or {}), _claims(**changes), key, algorithms=["EdDSA"])


def _with_public_key() -> str:
    public = KEY.as_dict(private=False)["x"]
    key = OctKey.import_key(str(public))
    return jwt.encode(_header(alg="HS256"), _claims(), key, algorithms=["HS256"])


def _changed(part: int, said: dict[str, Any]) -> str:
    parts = _signed().split(".")
    parts[part] = _part(said)
    return ".".join(parts)


def _part(said: object) -> str:
    return _text(json.dumps(said))


def _text(said: str) -> str:
    return base64.urlsafe_b64encode(said.encode()).rstrip(b"=").decode()
