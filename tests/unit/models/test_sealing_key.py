"""The keys that a store was written with."""

from models.sealing_key import keys_fit, note_newest_key
from tests.unit.models.stores import KEY, NEWER_KEY, OpenedStore


def test_a_store_knows_its_keys(store: OpenedStore) -> None:
    """A new store takes any key; a written one wants one of those it was written with."""
    assert keys_fit()
    note_newest_key()
    note_newest_key()
    store.use_keys(NEWER_KEY)
    assert not keys_fit()
    store.use_keys(NEWER_KEY, KEY)
    assert keys_fit()
    note_newest_key()
    store.use_keys(NEWER_KEY)
    assert keys_fit()
