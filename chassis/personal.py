"""The personal part of an event: sealed under the key of its aggregate, gone when that key is
destroyed.
"""

import base64
import os
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class WrongKey(Exception):
    """A sealed value does not open: it was moved, changed, or sealed under another key."""


class MasterKeys:
    """The keys that wrap data keys. The first one wraps; all of them unwrap, so that they can
    rotate.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Take 32-byte keys by name, the current one first."""
        self._ciphers = {name.encode(): AESGCM(key) for name, key in keys.items()}
        self._current = next(iter(self._ciphers))

    @classmethod
    def from_text(cls, text: str) -> "MasterKeys":
        """Read `name:base64,name:base64`; ValueError says what is wrong with it."""
        keys: dict[str, bytes] = {}
        for part in filter(None, text.split(",")):
            name, _, encoded = part.partition(":")
            keys[name.strip()] = base64.b64decode(encoded, validate=True)
            if len(keys[name.strip()]) != 32:
                raise ValueError(f"master key {name} is not 32 bytes")
        if not keys:
            raise ValueError("MOTCUA_MASTER_KEYS is empty")
        return cls(keys)

    def wrap(self, key_id: UUID, data_key: bytes) -> bytes:
        """Wrap a data key for storage: name length ‖ name ‖ nonce ‖ ciphertext."""
        name, nonce = self._current, os.urandom(_NONCE)
        sealed = self._ciphers[name].encrypt(nonce, data_key, key_id.bytes)
        return bytes([len(name)]) + name + nonce + sealed

    def unwrap(self, key_id: UUID, wrapped: bytes) -> bytes:
        """Give back the data key; `WrongKey` if no master key of ours wrapped it for this id."""
        end = 1 + wrapped[0]
        name, nonce, sealed = wrapped[1:end], wrapped[end : end + _NONCE], wrapped[end + _NONCE :]
        try:
            return self._ciphers[name].decrypt(nonce, sealed, key_id.bytes)
        except (KeyError, InvalidTag) as cause:
            raise WrongKey(str(key_id)) from cause


def new_data_key() -> bytes:
    """Make the 32-byte key of a new aggregate."""
    return AESGCM.generate_key(bit_length=256)


def seal(data_key: bytes, content: bytes, *, bound_to: bytes) -> str:
    """Encrypt content (AES-256-GCM) so that it opens only in the place named by `bound_to`; base64
    text.
    """
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(data_key).encrypt(nonce, content, bound_to)).decode()


def unseal(data_key: bytes, sealed: str, *, bound_to: bytes) -> bytes:
    """Decrypt what `seal` made; `WrongKey` if it was moved, changed or made under another key."""
    raw = base64.b64decode(sealed)
    try:
        return AESGCM(data_key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to)
    except InvalidTag as cause:
        raise WrongKey from cause


def place(stream: str, version: int, wire_name: str, key_id: UUID) -> bytes:
    """Name the one place where a personal part belongs, so that it cannot be moved to another."""
    return f"{stream}\0{version}\0{wire_name}\0{key_id}".encode()
