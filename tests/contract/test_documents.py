"""The documents: the contract as it is written, and its pages, which need no other host."""

import pytest

from handlers.wire.contract import FILE, contract
from tests.actors import Caller
from tests.live import Server
from tests.raw import request, send


@pytest.mark.parametrize("target", ["/docs", "/openapi.json", "/nowhere"])
def test_head_has_no_body_anywhere(server: Server, target: str) -> None:
    """Documents and errors too answer HEAD with headers alone."""
    seen, head = (send(server, request(verb, target)) for verb in ("GET", "HEAD"))
    assert (head.status, head.body) == (seen.status, b"")
    assert head.headers["content-length"] == seen.headers["content-length"]


def test_documents_are_sent_again_only_when_they_changed(stranger: Caller) -> None:
    """A known entity tag is answered with 304, alone, in a list or weak (RFC 9110)."""
    tag = stranger("GET", "/openapi.yaml").headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = stranger("GET", "/openapi.yaml", headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    assert stranger("GET", "/docs", headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_contract_is_served_as_written(stranger: Caller) -> None:
    """/openapi.yaml is the file itself and /openapi.json its JSON."""
    assert stranger("GET", "/openapi.yaml").text == FILE.read_text()
    assert stranger("GET", "/openapi.json").json() == contract.document


def test_the_documentation_needs_no_other_host(stranger: Caller) -> None:
    """/docs and all it loads come from this server."""
    page = stranger("GET", "/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    for path in ("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"):
        assert path in page.text
        assert stranger("GET", path).status_code == 200
