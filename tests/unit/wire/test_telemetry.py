"""Telemetry: what a line may say of a path."""

import pytest

from handlers.wire.telemetry import redacted
from models import secrets


@pytest.mark.parametrize(
    "secret",
    [
        secrets.prefixed_token("jeton_root"),
        secrets.prefixed_token("jeton_project"),
        secrets.api_token("default", "development"),
        secrets.share_token(),
    ],
    ids=["root", "project", "api", "share"],
)
def test_no_part_of_a_path_that_could_be_a_secret_is_told(secret: str) -> None:
    """Secrets of every kind are starred out, plain short segments stay."""
    for path in (f"/v1/{secret}", f"/{secret}/tokens/", f"/v1/projects/x/{secret}"):
        told = redacted(path)
        assert secret not in told
        assert "***" in told
    assert redacted("/v1/projects/x") == "/v1/projects/x"
