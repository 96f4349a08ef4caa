"""Secrets: their shapes, digests and seals, and the ids of rows."""

import hashlib
import re
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import secrets
from models.secrets import InvalidTag, Key, Keyring, RowIds, UnknownKey, new_row_id
from tests.unit.models.stores import KEY, NEWER_KEY

ROW = "01980000-0000-7000-8000-000000000001"
CHECKED = {
    "api": lambda: secrets.api_token("demo-project", "production"),
    "prefixed": lambda: secrets.prefixed_token("jeton_project"),
}


@pytest.fixture(params=CHECKED)
def checked(request: pytest.FixtureRequest) -> str:
    """A new token of each shape that carries a checksum."""
    mint: Callable[[], str] = CHECKED[request.param]
    return mint()


def test_an_api_token_names_project_and_environment() -> None:
    """An API token is `project:environment.` and 56 lower-case hexadecimal digits."""
    token = secrets.api_token("demo-project", "production")
    assert re.fullmatch(r"demo-project:production\.[0-9a-f]{56}", token)


def test_a_prefixed_token_is_recognised_by_its_prefix() -> None:
    """A prefixed token is its prefix, an underscore and 38 digits of base 62."""
    assert re.fullmatch(r"jeton_root_[0-9A-Za-z]{38}", secrets.prefixed_token("jeton_root"))


def test_a_share_token_is_a_random_uuid() -> None:
    """A share token is the canonical text of a UUID of version 4."""
    token = secrets.share_token()
    assert uuid.UUID(token).version == 4
    assert str(uuid.UUID(token)) == token


def test_no_two_secrets_are_alike() -> None:
    """Secrets of one shape differ."""
    assert len({mint() for mint in CHECKED.values() for _ in range(100)}) == 200


def test_the_checksum_holds_for_what_was_minted(checked: str) -> None:
    """A minted token is well formed."""
    assert secrets.well_formed(checked)


def test_the_checksum_tells_every_mistyped_character(checked: str) -> None:
    """One wrong character anywhere is seen without a server."""
    for place, right in enumerate(checked):
        wrong = "x" if right != "x" else "y"
        assert not secrets.well_formed(checked[:place] + wrong + checked[place + 1 :])


@pytest.mark.parametrize("text", ["", ":", "x", "jeton_root_", "000000", "demo:default."])
def test_scraps_are_not_well_formed(text: str) -> None:
    """What is shorter than any token is not well formed."""
    assert not secrets.well_formed(text)


def test_digests_come_newest_first() -> None:
    """Every key digests, in the order of the keys, and the newest one writes."""
    old, new = Keyring([KEY]), Keyring([NEWER_KEY])
    both = Keyring([NEWER_KEY, KEY])
    assert both.digests("secret") == [new.digest("secret"), old.digest("secret")]
    assert both.digest("secret") == new.digest("secret")


def test_a_digest_takes_the_key() -> None:
    """A digest is 32 bytes that nobody without the key can compute."""
    digest = Keyring([KEY]).digest("secret")
    assert len(digest) == 32
    assert digest != hashlib.sha256(b"secret").digest()
    assert digest != Keyring([NEWER_KEY]).digest("secret")


def test_a_fingerprint_is_not_the_digest() -> None:
    """A fingerprint is 64 hexadecimal digits, the same each time, and not the digest."""
    keyring = Keyring([KEY])
    fingerprint = keyring.fingerprint("secret")
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint)
    assert fingerprint == keyring.fingerprint("secret")
    assert fingerprint != keyring.digest("secret").hex()


def test_what_was_sealed_is_opened() -> None:
    """A sealed secret opens in its row, and no two seals of it are alike."""
    keyring = Keyring([KEY])
    sealed = keyring.seal("secret", ROW)
    assert keyring.open(sealed, ROW) == "secret"
    assert b"secret" not in sealed
    assert sealed != keyring.seal("secret", ROW)


def test_a_seal_is_bound_to_its_row() -> None:
    """A ciphertext moved to another row does not open."""
    keyring = Keyring([KEY])
    with pytest.raises(InvalidTag):
        keyring.open(keyring.seal("secret", ROW), ROW[:-1] + "2")


@pytest.mark.parametrize("place", [4, 16, -1])
def test_a_forged_seal_does_not_open(place: int) -> None:
    """One changed bit in nonce, ciphertext or tag is seen."""
    keyring = Keyring([KEY])
    sealed = bytearray(keyring.seal("secret", ROW))
    sealed[place] ^= 1
    with pytest.raises(InvalidTag):
        keyring.open(bytes(sealed), ROW)


def test_an_older_key_still_opens() -> None:
    """What an older key sealed opens, and is known not to be under the newest key."""
    sealed = Keyring([KEY]).seal("secret", ROW)
    both = Keyring([NEWER_KEY, KEY])
    assert both.open(sealed, ROW) == "secret"
    assert not both.is_newest(sealed)
    assert both.is_newest(both.seal("secret", ROW))


def test_a_dropped_key_is_named_by_its_id() -> None:
    """What a key sealed that is not configured raises UnknownKey."""
    sealed = Keyring([KEY]).seal("secret", ROW)
    with pytest.raises(UnknownKey, match=Key.of(KEY).id.hex()):
        Keyring([NEWER_KEY]).open(sealed, ROW)


def test_keys_do_not_show_themselves() -> None:
    """Neither a key nor a keyring tells key material in its repr."""
    keyring = Keyring([KEY])
    key = keyring.newest
    told = f"{key!r} {key} {keyring!r} {keyring.keys!r}"
    for material in (KEY, key.digest, key.fingerprint):
        assert material.hex() not in told
        assert repr(material)[2:-1] not in told


def test_a_new_key_is_32_random_bytes() -> None:
    """A new master key has 32 bytes and differs from the one before."""
    assert len(secrets.new_key()) == 32
    assert secrets.new_key() != secrets.new_key()


def test_a_mask_shows_the_ends_alone() -> None:
    """A mask keeps what stands before the random part, and the hint."""
    assert secrets.mask("demo:default.", "1a2b") == "demo:default.****1a2b"


def test_row_ids_are_uuids_of_version_7() -> None:
    """A row id is a UUID of version 7 that tells its millisecond."""
    made = uuid.UUID(new_row_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) - time.time() * 1000) < 60_000


def test_row_ids_are_in_the_order_of_their_making() -> None:
    """Ids are unique and sort as text in the order in which they were made, also in a burst."""
    made = [new_row_id() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_row_ids_of_many_threads_do_not_clash() -> None:
    """Threads get ids of their own, each thread in order."""
    ids = RowIds()
    with ThreadPoolExecutor(8) as pool:
        bursts = list(pool.map(lambda _: [ids.new() for _ in range(500)], range(8)))
    assert all(burst == sorted(burst) for burst in bursts)
    assert len({row for burst in bursts for row in burst}) == 4_000


def test_row_ids_keep_their_order_when_the_clock_steps_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clock that is set back an hour does not turn the order round."""
    ids = RowIds()
    before = ids.new()
    earlier = time.time_ns() - 3_600_000_000_000
    monkeypatch.setattr("models.secrets.time.time_ns", lambda: earlier)
    assert ids.new() > before


@given(st.integers(min_value=0, max_value=2**47))
def test_no_id_comes_before_the_first_of_its_instant(instant: int) -> None:
    """An id of an instant lies between the first of that and the first of the next."""
    high = (instant << 16) | 0x7000
    row_id = str(uuid.UUID(int=(high << 64) | (2 << 62)))
    assert secrets.first_row_id(instant) < row_id < secrets.first_row_id(instant + 1)
