"""Programs that use generated clients, against live servers. Run by `make clients`."""

import re

import pytest

from tests.actors import ADMIN, SHARE, TOKENS, Caller
from tests.clients.conversation import (
    ANSWERED_IN_LIFE,
    ANSWERED_IN_VERIFICATION,
    LIFE,
    LIMITS,
    REFUSALS,
    VERIFICATION,
    answered,
    mark,
)
from tests.clients.generators import Generator
from tests.clients.names import MEMBERS, TYPES, clashing, found, made_up
from tests.live import ROOT_TOKEN, Server

pytestmark = pytest.mark.clients
MINUTE = 60


def run(generator: Generator, program: str, server: Server, project: str) -> str:
    """What a program prints that uses the client as root."""
    settings = {"JETON_URL": server.url, "JETON_TOKEN": ROOT_TOKEN, "JETON_PROJECT": project}
    return generator.do(generator.run.format(program=program), **settings)


def test_a_token_lives_and_dies(
    generator: Generator, server: Server, root: Caller, project: str
) -> None:
    """In each dialect a client mints, lists, uses and revokes a token, which is refused then."""
    since = mark(server)
    assert run(generator, "life", server, project) == LIFE
    assert answered(server, since) == ANSWERED_IN_LIFE
    assert SHARE.list(root, project).status_code == 404
    assert ADMIN.list(root, project).json() == {"tokens": []}
    assert TOKENS.list(root, project).json() == []


def test_a_service_verifies_tokens(generator: Generator, server: Server, project: str) -> None:
    """A client verifies in JSON, introspects and revokes by forms, and reads an error of OAuth."""
    since = mark(server)
    assert run(generator, "verification", server, project) == VERIFICATION
    assert answered(server, since) == ANSWERED_IN_VERIFICATION


def test_errors_are_typed(generator: Generator, server: Server, project: str) -> None:
    """A client reads 401, 403, 404 and 409 of each dialect as its type, with the code."""
    assert run(generator, "refusals", server, project) == REFUSALS


def test_limits_are_typed(generator: Generator, strict_server: Server) -> None:
    """A client reads from a 429 of each dialect how many seconds to wait."""
    told = run(generator, "limits", strict_server, "project-of-nobody")
    match = re.fullmatch(LIMITS, told)
    assert match, told
    assert all(1 <= int(seconds) <= MINUTE for seconds in match.groups())


def test_names_read_well(generator: Generator) -> None:
    """No name is made up by the generator, and none stands twice."""
    assert len(set(found(TYPES, generator)) | set(found(MEMBERS, generator))) > 50
    assert not made_up(found(TYPES, generator)) | made_up(found(MEMBERS, generator))
    assert not clashing(found(TYPES, generator))


def test_names_that_read_badly_are_found() -> None:
    """Numbered, inlined and trailing names are found, but not words that the language keeps."""
    bad = {"ProjectId2", "InlineObject", "GetSelf200Response", "Kind_1", "token__id", "name_"}
    assert made_up(iter(bad | {"type_", "hash_", "ProjectId", "project_id"})) == bad
    assert clashing(iter(["ApiToken", "APIToken", "apiTokens"])) == {"apitoken"}
