"""Verification: who is let in, and that their use is noted."""

import pytest

from models import life, root_tokens
from models.documented import masked_secrets_of
from models.failures import Unauthorized
from models.last_used import last_used
from models.minting import Minted
from models.token import TokenRecord, milliseconds, read_token
from models.verification import REASONS, Needs, authenticate, judge, unmet, verify, verify_id
from tests.unit.models.stores import (
    HOUR,
    KEY,
    NEWER_KEY,
    ROOT,
    OpenedStore,
    caller,
    expire,
    mint_api,
    mint_project,
    rewrite,
)

NOW = 2_000_000_000_000
ASKED = Needs(
    project="other-project",
    type="other",
    environment="other",
    broker="other",
    roles=frozenset({"admin"}),
    address="203.0.113.9",
)
# Everything that can be wrong with a token, in the order in which it is told, and its cure.
CURES: dict[str, dict[str, object]] = {
    "revoked": {"ended_at": None, "end_reason": None},
    "expired": {"expires_at": NOW + 1, "retires_at": None},
    "suspended": {"suspended_at": None},
    "not_yet_valid": {"not_before": NOW},
    "idle": {"last_used_at": NOW - 59_999},
    "ip_not_allowed": {"allowed_ips": '["203.0.113.0/24"]'},
    "exhausted": {"uses_left": 1},
    "wrong_project": {"project_id": "other-project"},
    "wrong_environment": {"environment": "other"},
    "wrong_type": {"type": "other"},
    "wrong_broker": {"brokers": '["other"]'},
    "insufficient_role": {"role": "admin"},
}
NETWORKS = [
    ("192.0.2.0/24", "192.0.2.255", True),
    ("192.0.2.0/24", "192.0.3.0", False),
    ("192.0.2.7/32", "::ffff:192.0.2.7", True),
    ("2001:db8::/32", "2001:db8:ffff::1", True),
    ("2001:db8::/32", "2001:db9::1", False),
    ("2001:db8::/32", "192.0.2.1", False),
    ("::/0", "192.0.2.1", False),
    ("0.0.0.0/0", "2001:db8::1", False),
    ("0.0.0.0/0", None, False),
    ("0.0.0.0/0", "unix", False),
    ("fe80::/10", "fe80::1%eth0", True),
]


def broken(token: TokenRecord) -> TokenRecord:
    """The token with everything wrong that can be, at NOW."""
    return token._replace(
        ended_at=1,
        end_reason="revoked",
        expires_at=NOW,
        retires_at=NOW,
        suspended_at=1,
        not_before=NOW + 1,
        created_at=NOW - HOUR,
        last_used_at=NOW - 60_000,
        idle_seconds=60,
        allowed_ips='["192.0.2.0/24", "2001:db8::/32"]',
        uses_left=0,
    )


def used(token: str) -> int | None:
    """When a token was last used, after a flush."""
    last_used.flush()
    return read_token(token).last_used_at


def test_a_live_token_is_good_and_its_use_is_noted(project: str) -> None:
    """A presented secret gives its token, and the time of this use."""
    minted = mint_project(project)
    assert used(minted.token.id) is None
    assert authenticate(minted.secret) == minted.token
    assert abs((used(minted.token.id) or 0) - milliseconds()) < 60_000


def test_every_kind_is_verified(project: str) -> None:
    """API, share, project and root tokens are verified alike."""
    for minted in (mint_api(project), mint_project(project), root_tokens.mint_root("one", by=ROOT),
                   life.replace_share(project, by=ROOT)):  # fmt: skip
        assert authenticate(minted.secret) == minted.token


@pytest.mark.parametrize("secret", ["", "x", "demo-project:default.0", "café", "jeton_root_" * 50])
def test_an_unknown_secret_is_refused(store: OpenedStore, secret: str) -> None:
    """What nobody minted is Unauthorized, whatever its shape."""
    with pytest.raises(Unauthorized):
        authenticate(secret)


def test_the_dead_are_refused_as_if_unknown(project: str) -> None:
    """Revoked and expired tokens are refused in the words for unknown ones, and leave no use."""
    revoked, expired = mint_project(project, name="one"), mint_project(project, name="two")
    life.revoke(project, "project", revoked.token.id, by=ROOT)
    expire(expired)
    for minted in (revoked, expired):
        with pytest.raises(Unauthorized) as refusal:
            authenticate(minted.secret)
        assert (str(refusal.value), refusal.value.detail) == ("unauthorized", None)
        assert used(minted.token.id) is None


def test_neither_id_nor_fingerprint_lets_in(project: str) -> None:
    """What is shown of a token does not authenticate."""
    minted = mint_api(project).token
    told = minted.id, minted.fingerprint, *masked_secrets_of([minted]), minted.digest.hex()
    for shown in told:
        with pytest.raises(Unauthorized):
            authenticate(shown)


def test_tokens_are_good_under_every_configured_key(store: OpenedStore, project: str) -> None:
    """Tokens minted under the old and under the new key are both good while both are set."""
    old = mint_project(project, name="old")
    store.use_keys(NEWER_KEY, KEY)
    new = mint_project(project, name="new")
    assert [authenticate(each.secret).name for each in (old, new)] == ["old", "new"]


def test_reasons_are_told_in_one_order(project: str) -> None:
    """Of all that is wrong the first is told; each cure, to the millisecond, uncovers the next."""
    token, heard = broken(mint_project(project).token), []
    for reason, cure in CURES.items():
        heard.append(judge(token, ASKED, NOW))
        token = token._replace(**cure)  # type: ignore[arg-type]
        assert heard[-1] == reason
    assert judge(token, ASKED, NOW) == "valid"
    assert {*heard, "valid", "not_found", "rate_limited"} == set(REASONS)


def test_who_expired_before_it_was_revoked_has_expired(project: str) -> None:
    """A token whose name was freed after its time is told as what it died of."""
    token = mint_api(project).token
    freed = token._replace(ended_at=1, end_reason="expired", expires_at=1)
    assert judge(freed, Needs(), NOW) == "expired"
    assert judge(token._replace(retires_at=NOW), Needs(), NOW) == "expired"
    assert judge(token._replace(retires_at=NOW + 1), Needs(), NOW) == "valid"


@pytest.mark.parametrize(("network", "address", "allowed"), NETWORKS)
def test_networks_are_of_either_version(
    project: str, network: str, address: str | None, allowed: bool
) -> None:
    """An address is in a network of its own version; one that is not told is in none."""
    token = mint_api(project).token._replace(allowed_ips=f'["198.51.100.1/32", "{network}"]')
    told = "valid" if allowed else "ip_not_allowed"
    assert judge(token, Needs(address=address), NOW) == told


def test_a_use_that_was_not_written_yet_keeps_a_token_awake(project: str) -> None:
    """Idle counts from the last use, in memory or in the table, or from the mint."""
    minted = mint_api(project)
    asleep = {"idle_seconds": 60, "created_at": milliseconds() - HOUR}
    assert verify(rewritten(minted, **asleep), Needs()).reason == "idle"
    assert used(minted.token.id) is None
    last_used.note(minted.token.id, milliseconds())
    assert verify(minted.secret, Needs()).valid
    last_used.flush()
    assert verify(minted.secret, Needs()).valid
    last_used.flush()
    rewritten(minted, last_used_at=milliseconds() - 61_000)
    assert verify(minted.secret, Needs()).reason == "idle"


def rewritten(minted: Minted, **columns: object) -> str:
    """The secret of a token whose row was changed."""
    rewrite(minted.token, **columns)
    return minted.secret


def test_root_meets_every_requirement_but_is_not_above_its_own_limits(project: str) -> None:
    """A suspended root token is as good for nothing as any other."""
    root = root_tokens.mint_root("one", by=ROOT).token
    assert unmet(root, ASKED) == judge(root, ASKED, NOW) == "valid"
    assert judge(root._replace(suspended_at=1), Needs(), NOW) == "suspended"


def test_a_token_of_others_is_not_found(project: str) -> None:
    """Whoever may not see a token hears what is heard of one that is not there, by either name."""
    minted = mint_api(project)
    stranger, friend = caller("admin", "other-project"), caller("viewer", project)
    for by, told in ((stranger, "not_found"), (friend, "valid")):
        assert verify(minted.secret, Needs(), by=by).reason == told
        assert verify_id(minted.token.id, Needs(), by=by).reason == told
    assert verify_id("nobody", Needs(), by=friend).reason == "not_found"


def test_to_ask_by_id_is_no_use(project: str) -> None:
    """It neither counts nor wakes, and wants no use that is left: it speaks of an earlier one."""
    token = mint_api(project).token
    for left in (1, 0):
        rewrite(token, uses_left=left)
        for _ in range(2):
            assert verify_id(token.id, Needs(), by=ROOT).valid
        assert read_token(token.id).uses_left == left
    assert used(token.id) is None
