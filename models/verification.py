"""Verification: is this token good? The one place that says so."""

from models.failures import PublicShareTokenNotFound, Unauthorized
from models.last_used import last_used
from models.token import TokenRecord, find_by_secret, milliseconds


def verify(secret: str) -> TokenRecord:
    """The live token behind a presented secret, whose use is noted.

    Raises Unauthorized, alike for unknown, expired and revoked tokens.
    """
    record = find_by_secret(secret)
    if record is None or not record.is_live(milliseconds()):
        raise Unauthorized
    last_used.note(record.id, milliseconds())
    return record


def verify_share(secret: str) -> TokenRecord:
    """The live share token behind a link; raises PublicShareTokenNotFound for anything else."""
    record = find_by_secret(secret)
    now = milliseconds()
    if record is None or record.kind != "share" or not record.is_live(now):
        raise PublicShareTokenNotFound
    last_used.note(record.id, now)
    return record
