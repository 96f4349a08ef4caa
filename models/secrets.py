"""Secrets: mint, digest, seal and open. Pure functions of bytes; no database.

A secret is looked up by a keyed digest (HMAC-SHA-256) and, where a document demands that it can be
shown again, kept under AES-256-GCM with the id of its row as associated data. The keys live outside
the database.
"""

import hmac
import secrets
import threading
import time
import uuid
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM_DIGITS = 32
CHECKSUM_DIGITS = 6


class UnknownKey(Exception):
    """A sealed secret names a key that is not configured."""


class Key(NamedTuple):
    """One master key, split by purpose (HKDF-SHA-256, RFC 5869)."""

    id: bytes
    digest: bytes
    fingerprint: bytes
    cipher: AESGCM

    @classmethod
    def of(cls, master: bytes) -> "Key":
        """Derive the keys for each purpose from a master key of 32 bytes."""

        def derive(purpose: str, length: int = KEY_BYTES) -> bytes:
            info = f"jeton {purpose}".encode()
            return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(master)

        return cls(derive("id", 4), derive("digest"), derive("fingerprint"), AESGCM(derive("seal")))

    def __repr__(self) -> str:
        return f"Key({self.id.hex()})"


class Keyring:
    """The configured keys, newest first: the newest writes, all of them read."""

    def __init__(self, masters: Sequence[bytes]) -> None:
        self.keys = tuple(Key.of(master) for master in masters)
        self.newest = self.keys[0]
        self._by_id = {key.id: key for key in self.keys}

    def digest(self, secret: str) -> bytes:
        """The digest under the newest key: 32 bytes."""
        return hmac.digest(self.newest.digest, secret.encode(), "sha256")

    def digests(self, secret: str) -> list[bytes]:
        """The digests under every key, newest first."""
        text = secret.encode()
        return [hmac.digest(key.digest, text, "sha256") for key in self.keys]

    def fingerprint(self, secret: str) -> str:
        """64 hexadecimal characters that tell secrets apart and open nothing."""
        return hmac.digest(self.newest.fingerprint, secret.encode(), "sha256").hex()

    def seal(self, secret: str, row: str) -> bytes:
        """Encrypt for the row of that id: key id, nonce, ciphertext and tag."""
        nonce = secrets.token_bytes(12)
        sealed = self.newest.cipher.encrypt(nonce, secret.encode(), row.encode())
        return self.newest.id + nonce + sealed

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the newest key sealed it."""
        return bytes(sealed[:4]) == self.newest.id

    def open(self, sealed: bytes, row: str) -> str:
        """Decrypt what was sealed for the row; raises UnknownKey or InvalidTag."""
        key = self._by_id.get(sealed[:4])
        if key is None:
            raise UnknownKey(f"no configured key has the id {sealed[:4].hex()}")
        return key.cipher.decrypt(sealed[4:16], sealed[16:], row.encode()).decode()


def new_key() -> bytes:
    """A master key: 32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def api_token(project: str, environment: str) -> str:
    """An API token in the documented shape, `project:environment.random`.

    The random part is 48 hexadecimal digits (192 bits) and the CRC-32 of all before it.
    """
    text = f"{project}:{environment}.{secrets.token_hex(24)}"
    return f"{text}{zlib.crc32(text.encode()):08x}"


def share_token() -> str:
    """A share token: UUID version 4 (RFC 9562), 122 random bits."""
    return str(uuid.uuid4())


def prefixed_token(prefix: str) -> str:
    """A token where no document fixes the shape: prefix, 190 random bits, CRC-32, in base 62."""
    text = f"{prefix}_" + "".join(secrets.choice(BASE62) for _ in range(RANDOM_DIGITS))
    return text + _base62(zlib.crc32(text.encode()))


def well_formed(token: str) -> bool:
    """Whether the checksum of an API token or a prefixed token holds. Asks no server."""
    if ":" in token:
        return f"{zlib.crc32(token[:-8].encode()):08x}" == token[-8:]
    if "_" not in token:
        return False
    body, checksum = token[:-CHECKSUM_DIGITS], token[-CHECKSUM_DIGITS:]
    return _base62(zlib.crc32(body.encode())) == checksum


def mask(shown: str, hint: str) -> str:
    """A secret with its random part hidden but for the last characters, the hint."""
    return f"{shown}****{hint}"


def _base62(number: int) -> str:
    digits = ""
    for _ in range(CHECKSUM_DIGITS):
        number, digit = divmod(number, len(BASE62))
        digits = BASE62[digit] + digits
    return digits


class RowIds:
    """Ids for rows: UUID version 7 (RFC 9562), in the order of their making in a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def new(self) -> str:
        """The next id, as text of 36 characters."""
        with self._lock:
            # 48 bits of milliseconds and 12 of a counter; a busy millisecond borrows from the next.
            self._last = stamp = max(self._last + 1, time.time_ns() // 1_000_000 << 12)
        high = (stamp >> 12 << 16) | 0x7000 | (stamp & 0xFFF)
        low = (2 << 62) | secrets.randbits(62)
        return str(uuid.UUID(int=(high << 64) | low))


new_row_id = RowIds().new


def first_row_id(milliseconds: int) -> str:
    """What no id that is made at that instant or later comes before (milliseconds since 1970)."""
    digits = f"{max(0, milliseconds):012x}"
    return f"{digits[:8]}-{digits[8:]}"


__all__ = [
    "InvalidTag", "Key", "Keyring", "UnknownKey", "api_token", "first_row_id", "mask", "new_key",
    "new_row_id", "prefixed_token", "share_token", "well_formed",
]  # fmt: skip
