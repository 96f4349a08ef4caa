"""What a person reads who changes the contract, and what its version may change."""

import copy
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.contract.breaking.__main__ import verdict
from tests.contract.breaking.documents import (
    CURRENT,
    RELEASED,
    ROOT,
    Node,
    operations,
    read,
    resolved,
)
from tests.contract.breaking.versions import may_break

FILE = read(CURRENT)
CONTRACT = {**FILE, "info": {**FILE["info"], "version": "0.1.0"}}
Change = Callable[[Node], object]


def changed(change: Change, version: str = "0.1.0") -> Node:
    """The contract with a change, under a version."""
    after = copy.deepcopy(CONTRACT)
    after["info"]["version"] = version
    change(after)
    return after


def schema(document: Node, name: str) -> Node:
    """A schema that operations share."""
    found: Node = document["components"]["schemas"][name]
    return found


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            lambda after: schema(after, "PresentedToken")["properties"].pop("kind"),
            "GET /v1/self 200: the property `kind` was removed",
        ),
        (
            lambda after: schema(after, "ProjectTokenRole")["enum"].remove("viewer"),
            "POST /api/projects/{projectId}/tokens request: "
            "the values of `role` lost `viewer` and gained nothing",
        ),
        (
            lambda after: schema(after, "BrokerIdsRequest").update(maxItems=50),
            "POST /api/projects/{projectId}/tokens request: "
            "`maxItems` of `brokers` was `100` and is `50`",
        ),
        (
            lambda after: schema(after, "CreateProjectTokenRequest")["required"].append("role"),
            "POST /api/projects/{projectId}/tokens request: the property `role` is now required",
        ),
        (
            lambda after: schema(after, "ApiToken")["required"].remove("alias"),
            "GET /api/admin/projects/{projectId}/api-tokens 200: "
            "the property `tokens[].alias` is no longer required",
        ),
        (
            lambda after: after["paths"]["/v1/self"].pop("get"),
            "GET /v1/self: the operation was removed",
        ),
        (
            lambda after: after["x-roles"]["editor"].remove("shares:write"),
            "POST /v1/projects/{projectId}/public-share-token, "
            "DELETE /v1/projects/{projectId}/public-share-token: "
            "the role `editor` may no longer do this",
        ),
        (
            lambda after: after["x-role-of"].update(api="public"),
            "POST /v1/self/rotate, POST /v1/self/revoke, POST /oauth2/revoke: "
            "`api` tokens may no longer do this",
        ),
        (
            lambda after: after["x-faults"]["token_name_taken"].update(tokens="conflict"),
            "fault token_name_taken in tokens: 409 `token_name_taken` became 409 `conflict`",
        ),
        (
            lambda after: after["paths"]["/v1/public-shares/{shareToken}"]["get"].pop("security"),
            "GET /v1/public-shares/{shareToken}: no credential is no longer enough",
        ),
    ],
)
def test_a_break_reads_as_a_sentence(change: Change, line: str) -> None:
    """Operation, status and property are named, also behind references."""
    told, stands = verdict(CONTRACT, changed(change))
    assert line in told
    assert not stands


def test_a_change_in_many_places_is_one_line() -> None:
    """What many operations share names the first three and counts the rest."""
    secured = [one for one in operations(resolved(CONTRACT)).values() if "security" not in one]
    (line, count, _), _ = verdict(CONTRACT, changed(lambda after: after["security"].pop()))
    assert line.endswith(f" and {len(secured) - 3} more: `BearerAuth` is no longer enough")
    assert count == f"Changes that can break a client of the released 0.1.0: {len(secured)}."


def rename_a_path(after: Node) -> None:
    """Break the contract."""
    after["paths"]["/v1/me"] = after["paths"].pop("/v1/self")


@pytest.mark.parametrize(
    ("version", "stands"),
    [("0.1.0", False), ("0.1.9", False), ("0.2.0", True), ("1.0.0", True), ("0.0.9", False)],
)
def test_the_version_must_say_that_clients_break(version: str, stands: bool) -> None:
    """Before 1.0.0 the minor version says so; the version never goes back."""
    assert verdict(CONTRACT, changed(rename_a_path, version))[1] is stands


@pytest.mark.parametrize(
    ("released", "current", "allowed"),
    [
        ("1.2.3", "1.3.0", False),
        ("1.2.3", "2.0.0", True),
        ("0.9.0", "0.10.0", True),
        ("0.10.1", "0.10.2", False),
    ],
)
def test_numbers_of_versions_are_numbers(released: str, current: str, allowed: bool) -> None:
    """From 1.0.0 on only the major version allows a break."""
    assert may_break(released, current) is allowed


def test_the_version_cannot_go_back_even_where_nothing_breaks() -> None:
    """An older version than the released one is refused."""
    told, stands = verdict(CONTRACT, changed(lambda after: None, "0.0.9"))
    assert told == ["Version 0.0.9 is older than the released 0.1.0."]
    assert not stands


def test_the_contract_keeps_what_it_released() -> None:
    """openapi.yaml breaks no client of tests/contract/released/, or its version says so."""
    told, stands = verdict(read(RELEASED), FILE)
    assert stands, told


def test_the_command_fails_where_a_client_would_break() -> None:
    """`make breaking` is the same verdict, with an exit code."""
    command = [sys.executable, "-m", "tests.contract.breaking"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told, stands = verdict(read(RELEASED), FILE)
    assert (done.returncode, done.stdout.splitlines()) == (not stands, told)
