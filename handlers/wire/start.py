"""Before anything serves: keys, schema and a root credential. Done once, before forking."""

from handlers.wire import config
from handlers.wire.contract import contract
from handlers.wire.keys import KEY_FILE, make_key_file
from models import database, schema
from models.caller import Caller
from models.failures import TokenNotFound
from models.root_tokens import first_root, root_from_setting
from models.sealing_key import keys_fit, note_newest_key
from models.store import open_store

ROOT = "root"


def operator(name: str) -> Caller:
    """The caller that acts for whoever runs this machine."""
    return Caller(
        token_id=name,
        kind=ROOT,
        name=name,
        project=None,
        permissions=contract.roles[ROOT],
        grants=contract.grants(ROOT),
    )


def require_fitting_keys(*, just_made: bool = False) -> None:
    """See that the store was written with one of the configured keys; raises schema.Unusable."""
    if keys_fit():
        return
    if just_made:
        KEY_FILE.unlink()
    raise schema.Unusable(
        "the keys are missing or are not those that this database was written with, and without "
        f"them no token is known. Restore {KEY_FILE} or set JETON_SECRET_KEYS"
    )


def ensure_keys(settings: config.Settings) -> bool:
    """Make keys where there are none; says whether it did; raises schema.Unusable."""
    try:
        return not settings.secret_keys and make_key_file()
    except OSError as error:
        raise schema.Unusable(
            f"{KEY_FILE} cannot be written ({error}). Start where `data` can be made, "
            "or set JETON_SECRET_KEYS"
        ) from error


def prepare(settings: config.Settings) -> str | None:
    """Make keys, migrate, and see that there is a root credential.

    Answers the secret of the first root token on the one occasion that it is made. Raises
    schema.Unusable.
    """
    made_keys = ensure_keys(settings)
    open_store(settings.database_url.get_secret_value(), settings.keys, settings.policy)
    schema.prepare()
    try:
        with database.session():
            require_fitting_keys(just_made=made_keys)
            note_newest_key()
            by = operator("jeton start")
            given = settings.root_token.get_secret_value() if settings.root_token else None
            try:
                root_from_setting(given, by=by)
            except TokenNotFound:
                raise schema.Unusable(
                    "the token in JETON_ROOT_TOKEN was revoked, or is the secret of another token. "
                    "Choose a new one"
                ) from None
            minted = None if given else first_root(by=by)
            return minted.secret if minted else None
    finally:
        database.database.close_all()
