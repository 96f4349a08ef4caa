"""Root tokens: minted on the machine itself, or given by a setting."""

from models.caller import Caller
from models.database import writing
from models.ending import end
from models.failures import TokenNotFound
from models.life import ROOT_TOKENS
from models.lifetime import dying_in_time
from models.minting import Draft, Minted, insert
from models.secrets import new_key
from models.store import store
from models.token import SETTING_NAME, Token, find_by_secret, list_tokens, milliseconds


def mint_root(
    name: str, secret: str | None = None, *, expires_at: int | None = None, by: Caller
) -> Minted:
    """Mint a token that may do everything, with a given secret or a new one.

    It lives no longer than any other new token may. Raises ExpiryOutOfRange.
    """
    draft = Draft("root", name, role="root", expires_at=dying_in_time(None, expires_at))
    with writing(ROOT_TOKENS):
        return insert(None, draft, by, secret)


def first_root(*, by: Caller) -> Minted | None:
    """Mint a root token if there never was one."""
    with writing(ROOT_TOKENS):
        if Token.select().where(Token.kind == "root").exists():
            return None
        return mint_root("first", by=by)


def root_from_setting(secret: str | None, *, by: Caller) -> None:
    """Make the given secret a root token, and end one that the setting gave before.

    Raises TokenNotFound where that secret was revoked or belongs to another token.
    """
    with writing(ROOT_TOKENS):
        for token in list_tokens(None, "root"):
            if token.name == SETTING_NAME and token.digest not in _digests(secret):
                end(token, "replaced", by)
                # The setting may come back to this secret one day.
                Token.update(digest=new_key()).where(Token.id == token.id).execute()
        if secret is None:
            return
        known = find_by_secret(secret)
        if known is None:
            insert(None, Draft("root", SETTING_NAME, role="root"), by, secret)
        elif known.kind != "root" or not known.is_live(milliseconds()):
            raise TokenNotFound


def _digests(secret: str | None) -> list[bytes]:
    return store.keyring.digests(secret) if secret else []
