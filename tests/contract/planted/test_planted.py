"""The suites can fail: each finds the break of the contract that it is there for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.planted import faults
from tests.contract.planted.suites import PROBES, Pytest, Schemathesis, Suite
from tests.planting import named

# A fault, the suite that finds it, and the words in which the suite tells of it.
FOUND: list[tuple[Callable[[], None], Suite, str]] = [
    (faults.wrong_status, Schemathesis("updateProject"), "Undocumented status code"),
    (
        faults.missing_header,
        Schemathesis("createProjectApiToken"),
        "Missing required response headers",
    ),
    (
        faults.extra_field_in_an_error,
        Pytest("test_faults.py", "worded and tokens"),
        "'row': 'project_not_found'",
    ),
    (faults.wrong_dialect, Schemathesis("getProjectApiToken"), "Response violates schema"),
    (
        faults.leaked_secret,
        PROBES,
        "assert b'root-credential-of-the-tests' not in",
    ),
    (
        faults.unauthenticated_operation,
        Schemathesis("listProjectTokens"),
        "API accepts requests without authentication",
    ),
    (
        faults.length_off_by_one,
        Schemathesis("createProjectToken"),
        "Schema-violating request accepted",
    ),
    (faults.lower_case_enum, Schemathesis("getProjectApiToken"), "Response violates schema"),
    (
        faults.missing_allow,
        Schemathesis("listProjectTokens"),
        "Wrong response to undeclared method",
    ),
    (faults.crash_on_odd_bytes, PROBES, "assert 500 == 400"),
]
pytestmark = pytest.mark.planted


@pytest.mark.parametrize(("fault", "suite", "words"), FOUND)
def test_a_planted_fault_is_found(
    fault: Callable[[], None], suite: Suite, words: str, tmp_path: Path
) -> None:
    """The suite fails on a server with the fault, and says what is wrong."""
    finding = suite.run(tmp_path, named(fault))
    print(f"\n{fault.__name__}: {suite} after {finding.tried}, {finding.seconds:.1f} s")
    assert not finding.passed
    assert words in finding.failures, finding.failures


@pytest.mark.parametrize("suite", dict.fromkeys(suite for _, suite, _ in FOUND), ids=str)
def test_nothing_is_found_where_nothing_was_planted(suite: Suite, tmp_path: Path) -> None:
    """The same run passes on a server as it is."""
    finding = suite.run(tmp_path, "")
    assert finding.passed, finding.failures
