"""The suites can fail: each break of the contract is found by the one that is there for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.planted import faults
from tests.contract.planted.suites import Pytest, Schemathesis, Suite
from tests.live import ROOT_TOKEN
from tests.planting import named

PROBES = Pytest("probes/test_probes.py", "exactly")
WORDINGS = Pytest("test_faults.py", "worded and tokens")
# Which suite finds a fault, and the words in which it says what is wrong.
FOUND: dict[Callable[[], None], tuple[Suite, str]] = {
    faults.wrong_status: (Schemathesis("updateProject"), "Received: 201"),
    faults.missing_header: (
        Schemathesis("createProjectApiToken"),
        "headers are missing from the response:\n    - `Location`",
    ),
    faults.extra_field_in_an_error: (WORDINGS, "'row': 'project_not_found'"),
    faults.wrong_dialect: (Schemathesis("getProjectApiToken"), '"id" is a required property'),
    faults.leaked_secret: (PROBES, f"assert b'{ROOT_TOKEN}' not in"),
    faults.unauthenticated_operation: (
        Schemathesis("listProjectTokens"),
        "API accepts requests without authentication",
    ),
    faults.length_off_by_one: (
        Schemathesis("createProjectToken"),
        "in body - name: String larger than maxLength",
    ),
    faults.lower_case_enum: (
        Schemathesis("getProjectApiToken"),
        '"notfounderror" is not one of "AuthenticationRequired"',
    ),
    faults.missing_allow: (
        Schemathesis("listProjectTokens"),
        "returned 405 without required `Allow` header",
    ),
    faults.crash_on_odd_bytes: (PROBES, "assert 500 == 400"),
}
pytestmark = pytest.mark.planted


@pytest.mark.parametrize("fault", FOUND)
def test_a_planted_fault_is_found(fault: Callable[[], None], tmp_path: Path) -> None:
    """The suite fails on a server with the fault, and says what is wrong."""
    suite, words = FOUND[fault]
    finding = suite.run(tmp_path, named(fault))
    print(f"\n{fault.__name__}: {suite}, {finding.tried}, {finding.seconds:.1f} s")
    assert not finding.passed
    assert words in finding.text, finding.text


@pytest.mark.parametrize("suite", dict.fromkeys(suite for suite, _ in FOUND.values()), ids=str)
def test_nothing_is_found_where_nothing_was_planted(suite: Suite, tmp_path: Path) -> None:
    """The same run passes on a server as it is."""
    finding = suite.run(tmp_path, "")
    assert finding.passed, finding.text
