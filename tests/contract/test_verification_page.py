"""docs/verification.md is true: its examples run, its tables are the contract's."""

import re
from pathlib import Path
from typing import Any

import pytest

from handlers.wire.contract import contract
from tests.actors import ADMIN, SHARE
from tests.conftest import Team
from tests.contract import node_tools
from tests.contract.readme import SHOWN_URL, replay
from tests.contract.verification_page_node import answers
from tests.live import ROOT, Server

PAGE = ROOT / "docs" / "verification.md"
ROW = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)


def section(title: str) -> str:
    """What stands below a heading."""
    return PAGE.read_text().partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def block(language: str, server: Server, token: str) -> str:
    """The example in a language, with an address and a credential filled in."""
    (code,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return code.replace(SHOWN_URL, server.url).replace("THE_TOKEN_OF_THIS_SERVICE", token)


def test_the_examples_answer_what_the_page_says(tmp_path: Path) -> None:
    """Each command prints the answer below it, but for ids, secrets and times."""
    server = Server(tmp_path).start()
    assert replay(PAGE, server) >= 13
    server.stop()


def test_the_page_explains_every_reason() -> None:
    """The table of reasons is the contract's, in its order."""
    schema = contract.document["components"]["schemas"]["VerdictReason"]
    assert ROW.findall(section("Reasons")) == schema["enum"]


def test_the_page_explains_every_requirement() -> None:
    """The table of requirements is what the contract lets a caller ask for."""
    schema = contract.document["components"]["schemas"]["VerifyTokenRequest"]
    assert sorted(ROW.findall(section("What may be required"))) == sorted(
        set(schema["properties"]) - {"token"}
    )


def test_every_path_and_link_on_the_page_exists() -> None:
    """The doors are operations, and the links lead to files."""
    text = PAGE.read_text()
    paths = set(contract.document["paths"])
    for door in re.findall(r"`(?:GET |POST )?(/(?:v1|oauth2|\.well-known)/[a-z/-]+)`", text):
        assert door in paths, door
    for link in re.findall(r"\]\((\.\./[^)]+)\)", text):
        assert (PAGE.parent / link).exists(), link


@pytest.fixture
def verified(team: Team) -> Any:
    """The verifier of the page in Python, as a service with a viewer's token would run it."""
    names: dict[str, Any] = {}
    viewer = team.member("viewer").headers["Authorization"].removeprefix("Bearer ")
    exec(block("python", team.server, viewer), names)
    yield names
    names["jeton"].close()


def test_the_verifier_in_python_lets_pass_what_is_good(team: Team, verified: Any) -> None:
    """It says what a good token is, and None for all that is not good or not for this."""
    minted = ADMIN.mint(team.root, team.project)
    token = verified["bearer"](f"bearer {ADMIN.secret(minted)}")
    ask = verified["verified"]
    assert ask(token, project=team.project, kind="api")["name"] == "some-user"
    assert ask(token, environment="another") is None
    assert ask(SHARE.secret(SHARE.mint(team.root, team.project)), kind="api") is None
    for odd in ("", "unknown", "x" * 10_000, "\x00", "\U0001f511"):
        assert ask(odd) is None
    ADMIN.revoke(team.root, team.project, token)
    assert ask(token) is None
    assert verified["bearer"](f"Basic {token}") == verified["bearer"]("") == ""


def test_the_verifier_in_python_refuses_when_nobody_answers(verified: Any) -> None:
    """Without Jeton, without a credential of its own, or with a wrong question: a no."""
    ask, jeton = verified["verified"], verified["jeton"]
    assert ask("token", nonsense="x") is None
    jeton.headers["Authorization"] = "Bearer wrong"
    assert ask("token") is None
    jeton.base_url = "http://127.0.0.1:1"
    assert ask("token") is None


@pytest.mark.node
@node_tools.needed
def test_the_verifier_in_typescript_does_the_same(team: Team, tmp_path: Path) -> None:
    """It passes the type checker, and says who, or null: also where nobody answers."""
    viewer = team.member("viewer").headers["Authorization"].removeprefix("Bearer ")
    token = ADMIN.secret(ADMIN.mint(team.root, team.project))
    code = block("typescript", team.server, viewer)
    questions = [(token, {"kind": "api"}), (token, {"kind": "share"}), ("unknown", {})]
    told, *refused = answers(code, questions, tmp_path)
    assert told["name"] == "some-user"
    assert refused == [None, None]
    down = code.replace(team.server.url, "http://127.0.0.1:1")
    assert answers(down, questions, tmp_path) == [None, None, None]
