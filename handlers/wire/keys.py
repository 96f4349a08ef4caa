"""The keys that digest and seal: as text, and in the file that is made once."""

import base64
import binascii
import os
from pathlib import Path

from models.secrets import KEY_BYTES, new_key

DATA = Path("data")
KEY_FILE = DATA / "secret-keys"


def make_key_file() -> bool:
    """Make the key file if there is none yet; says whether it did."""
    if KEY_FILE.exists():
        return False
    DATA.mkdir(exist_ok=True)
    # Written aside first, so that nobody ever reads half a key.
    aside = KEY_FILE.with_name(f"{KEY_FILE.name}.{os.getpid()}")
    aside.touch(0o600)
    try:
        aside.write_text(encode_key(new_key()) + "\n")
        os.link(aside, KEY_FILE)
    except FileExistsError:
        return False
    finally:
        aside.unlink()
    return True


def encode_key(key: bytes) -> str:
    """A key as text."""
    return base64.urlsafe_b64encode(key).decode()


def decode_keys(text: str) -> list[bytes]:
    """Keys from text, newest first; raises ValueError."""
    try:
        parts = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
        keys = [base64.b64decode(part, altchars=b"-_", validate=True) for part in parts]
    except binascii.Error:
        keys = []
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("must be keys of 32 bytes in base64url; `jeton keys generate` makes one")
    return keys
