"""The life of a token: what may be minted, by whom, under which names, and how it ends."""

import uuid

import pytest

from models import life, root_tokens
from models.documented import ShareToken, documented_share, masked_secrets_of
from models.failures import (
    EnvironmentNotAllowed,
    ExpiryOutOfRange,
    ProjectNotFound,
    PublicShareTokenNotFound,
    RoleNotHeld,
    TokenNameTaken,
    TokenNotFound,
)
from models.life import mint
from models.lifetime import CENTURY_MILLISECONDS
from models.minting import Draft
from models.project import create_project, update_project
from models.secrets import new_row_id, well_formed
from models.token import list_tokens, milliseconds, read_token
from tests.unit.models.stores import (
    HOUR,
    ROOT,
    OpenedStore,
    actions,
    caller,
    documented,
    expire,
    live_tokens,
    mint_api,
    mint_project,
    secret_of,
)

MINUTE = 60_000


def test_what_was_asked_for_is_minted(project: str) -> None:
    """A token keeps what its draft says, who minted it, and when."""
    expires_at = milliseconds() + HOUR
    asked = Draft("project", "ci", "restricted", "viewer", None, ["east"], expires_at)
    minted = mint(project, asked, by=caller("editor", project))
    read = read_token(minted.token.id)
    assert (read.kind, read.name, read.type, read.role) == ("project", "ci", "restricted", "viewer")
    assert (read.project_id, read.expires_at, read.broker_ids()) == (project, expires_at, ["east"])
    assert (read.issuer, read.last_used_at, read.ended_at) == ("token-of-editor", None, None)
    assert abs(read.created_at - milliseconds()) < MINUTE


def test_every_kind_has_its_shape(project: str) -> None:
    """API, project and root tokens carry a checksum and a mark of their kind; a share is a UUID."""
    api, own, root = (
        mint_api(project),
        mint_project(project),
        root_tokens.mint_root("root", by=ROOT),
    )
    assert api.secret.startswith(f"{project}:default.")
    assert own.secret.startswith("jeton_project_")
    assert root.secret.startswith("jeton_root_")
    assert all(well_formed(each.secret) for each in (api, own, root))
    assert uuid.UUID(life.replace_share(project, by=ROOT).secret).version == 4


def test_nothing_is_minted_for_a_project_that_is_not(store: OpenedStore) -> None:
    """Without its project a token is neither minted nor shared nor revoked."""
    for work in (mint_api, lambda each: life.replace_share(each, by=ROOT),
                 lambda each: life.revoke_share(each, by=ROOT)):  # fmt: skip
        with pytest.raises(ProjectNotFound):
            work("nowhere-project")


def test_a_name_is_taken_while_its_token_lives(project: str) -> None:
    """A second token of that project, kind and name is refused."""
    mint_api(project, "web")
    with pytest.raises(TokenNameTaken):
        mint_api(project, "web")
    assert live_tokens(project) == 1


def test_a_name_is_taken_in_one_project_and_kind_alone(project: str) -> None:
    """The same name is free in another project, for another kind, and in other letter case."""
    create_project("other-project", None, by=ROOT)
    mint_api(project, "web")
    mint_api("other-project", "web")
    mint_api(project, "Web")
    mint_project(project, name="web")


def test_revocation_frees_a_name(project: str) -> None:
    """The name of a revoked token can be taken at once."""
    life.revoke(project, "api", mint_api(project, "web").token.id, by=ROOT)
    assert mint_api(project, "web").token.name == "web"


def test_expiry_frees_a_name(project: str) -> None:
    """The name of an expired token can be taken, and the old one ended when it expired."""
    old = mint_api(project, "web")
    expire(old)
    mint_api(project, "web")
    ended = read_token(old.token.id)
    assert (ended.ended_at, ended.end_reason) == (ended.expires_at, "expired")


@pytest.mark.parametrize("role", ["root", "admin"])
def test_an_editor_does_not_mint_more_than_it_holds(project: str, role: str) -> None:
    """An editor mints neither an admin nor a root token."""
    with pytest.raises(RoleNotHeld):
        mint(project, Draft("project", "mine", role=role), by=caller("editor", project))
    assert live_tokens(project) == 0


def test_an_editor_does_not_revoke_more_than_it_holds(project: str) -> None:
    """An editor revokes an editor's token but not an admin's, which lives on without an event."""
    editor = caller("editor", project)
    admin, equal = mint_project(project, "admin").token, mint_project(project, "editor").token
    life.revoke(project, "project", equal.id, by=editor)
    with pytest.raises(RoleNotHeld):
        life.revoke(project, "project", admin.id, by=editor)
    assert read_token(admin.id) == admin
    assert actions(token_id=admin.id) == ["token.minted"]


@pytest.mark.parametrize("ahead", [-HOUR, 0, CENTURY_MILLISECONDS + MINUTE])
def test_an_expiry_out_of_range_is_refused(project: str, ahead: int) -> None:
    """A token that would be born dead or outlive a century is not minted."""
    with pytest.raises(ExpiryOutOfRange):
        mint_api(project, expires_at=milliseconds() + ahead)


@pytest.mark.parametrize("ahead", [MINUTE, CENTURY_MILLISECONDS - MINUTE])
def test_an_expiry_within_a_century_is_kept(project: str, ahead: int) -> None:
    """A token may expire in a minute or in nearly a hundred years."""
    expires_at = milliseconds() + ahead
    assert read_token(mint_api(project, expires_at=expires_at).token.id).expires_at == expires_at


@pytest.mark.parametrize(("server", "own"), [(3_600, None), (None, 3_600), (3_600, 7_200),
                                             (7_200, 3_600)])  # fmt: skip
def test_the_shorter_of_two_limits_is_the_longest_lifetime(
    store: OpenedStore, project: str, server: int | None, own: int | None
) -> None:
    """Who asks for nothing gets all of it, who asks for more gets nothing; a share has it, too."""
    store.allow(max_lifetime_seconds=server)
    update_project(project, {"max_lifetime_seconds": own}, by=ROOT)
    before = milliseconds()
    minted = [mint_api(project), mint_project(project), life.replace_share(project, by=ROOT)]
    for each in minted:
        assert each.token.expires_at is not None
        assert before + HOUR <= each.token.expires_at <= milliseconds() + HOUR
    with pytest.raises(ExpiryOutOfRange, match="3600 seconds"):
        mint_api(project, "long", expires_at=milliseconds() + HOUR + MINUTE)
    at = milliseconds() + HOUR - MINUTE
    assert mint_api(project, "short", expires_at=at).token.expires_at == at


def test_a_limit_leaves_those_from_before_alone(store: OpenedStore, project: str) -> None:
    """A token that lives for ever lives on, and without the limit new ones do again."""
    old = mint_api(project, "old").token
    store.allow(max_lifetime_seconds=3_600)
    assert read_token(old.id).expires_at is None
    store.allow()
    assert mint_api(project).token.expires_at is None


def test_only_allowed_environments_are_minted(store: OpenedStore, project: str) -> None:
    """A list of environments refuses the others, and says which are allowed."""
    mint_api(project, "before", environment="anything")
    store.allow(environments=("development", "production"))
    mint_api(project, environment="production")
    mint_project(project)
    with pytest.raises(EnvironmentNotAllowed, match="development, production"):
        mint_api(project, "other", environment="anything")


def test_shown_once_nothing_is_sealed(store: OpenedStore, project: str) -> None:
    """Where secrets are shown once, an API token keeps no secret and shows a mask."""
    store.allow(show_secrets=False)
    minted = mint_api(project)
    read = read_token(minted.token.id)
    assert read.sealed is None
    assert secret_of(read) == f"{project}:default.****{minted.secret[-4:]}"
    assert masked_secrets_of([read]) == [secret_of(read)]


def test_shown_once_masks_what_was_sealed_before(store: OpenedStore, project: str) -> None:
    """Secrets that were sealed under another policy are masked, but a share link is still shown."""
    minted, share = mint_api(project), life.replace_share(project, by=ROOT)
    store.allow(show_secrets=False)
    assert [secret_of(read_token(minted.token.id))] == masked_secrets_of([minted.token])
    shown = documented_share(project)
    assert shown
    assert shown.secret() == share.secret


def test_a_new_share_replaces_the_one_before(project: str) -> None:
    """A project has one share token; the link before it is dead."""
    assert documented_share(project) is None
    first, second = (life.replace_share(project, by=ROOT) for _ in range(2))
    assert [documented_share(project)] == documented(ShareToken, second.token)
    assert read_token(first.token.id).end_reason == "replaced"


def test_a_share_is_revoked_for_good(project: str) -> None:
    """A revoked share is gone, and cannot be revoked again."""
    life.replace_share(project, by=ROOT)
    life.revoke_share(project, by=ROOT)
    assert documented_share(project) is None
    with pytest.raises(PublicShareTokenNotFound):
        life.revoke_share(project, by=ROOT)


def test_only_what_is_there_is_revoked(project: str) -> None:
    """An unknown id, another kind or a dead token is TokenNotFound."""
    minted = mint_api(project).token
    life.revoke(project, "api", minted.id, by=ROOT)
    for kind, token in (("api", new_row_id()), ("project", minted.id), ("api", minted.id)):
        with pytest.raises(TokenNotFound):
            life.revoke(project, kind, token, by=ROOT)
    assert list_tokens(project, "api") == []
