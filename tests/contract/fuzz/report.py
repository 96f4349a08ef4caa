"""The summary of all runs, as Markdown."""

from collections.abc import Iterator

from tests.contract.fuzz.run import REPORTS, SETTINGS, Outcome

FILE = REPORTS / "summary.md"
HEAD = (
    "| target | caller | operations | succeeded | cases | failures | errors | warnings | seconds |"
)
LEGEND = "`succeeded`: operations that answered 2xx, of those that the contract lets the caller do."


def write(outcomes: list[Outcome]) -> None:
    """Write the summary of these runs."""
    parts = ["# Schemathesis", "", *table(outcomes), "", LEGEND]
    parts += [*_relaxations(), *_details(outcomes)]
    FILE.write_text("\n".join(parts) + "\n")


def table(outcomes: list[Outcome]) -> Iterator[str]:
    """A row for each run, and one for each target."""
    yield from (HEAD, "|---|---|" + "--:|" * 7)
    for name in sorted({outcome.target for outcome in outcomes}):
        runs = [outcome for outcome in outcomes if outcome.target == name]
        yield from map(_row, runs)
        yield _total(name, runs)


def relaxations() -> Iterator[tuple[str, str]]:
    """The reason and the setting of each paragraph of schemathesis.toml that relaxes something."""
    _, _, text = SETTINGS.read_text().partition("# RELAXATIONS.")
    for paragraph in text.strip().split("\n\n")[1:]:
        lines = paragraph.splitlines()
        reason = " ".join(line.removeprefix("# ") for line in lines if line.startswith("#"))
        yield reason, "\n".join(line for line in lines if not line.startswith("#"))


def _relaxations() -> Iterator[str]:
    yield from ("", "## Relaxations", "")
    for reason, setting in relaxations():
        yield from (reason, "", "```toml", setting, "```", "")


def _details(outcomes: list[Outcome]) -> Iterator[str]:
    yield from ("## Answers", "", "How many of each status. `abroad` is the project of a peer.")
    for outcome in outcomes:
        yield from ("", f"### {outcome.target}, {outcome.cast.role}", "")
        yield from _answers(outcome)
        yield from _warnings(outcome)


def _row(outcome: Outcome) -> str:
    counts, report = outcome.report["test_cases"], outcome.report
    warnings = sum(map(bool, report["warnings"].values()))
    reached = f"{len(outcome.accepted() & outcome.permitted)} of {len(outcome.permitted)}"
    cells = (
        *(outcome.target, outcome.cast.role, report["operations"]["tested"], reached),
        counts["generated"],
        *(counts["unique_failures"], counts["errored"], warnings, f"{report['running_time']:.0f}"),
    )
    return f"| {' | '.join(map(str, cells))} |"


def _total(target: str, outcomes: list[Outcome]) -> str:
    cases = sum(outcome.cases for outcome in outcomes)
    failures = sum(outcome.report["test_cases"]["unique_failures"] for outcome in outcomes)
    seconds = sum(outcome.report["running_time"] for outcome in outcomes)
    return f"| **{target}** | all | | | **{cases}** | **{failures}** | | | **{seconds:.0f}** |"


def _answers(outcome: Outcome) -> Iterator[str]:
    rows: dict[str, list[str]] = {}
    for operation, abroad, status, count in outcome.answers:
        rows.setdefault(f"{operation} abroad" if abroad else operation, []).append(
            f"{status}: {count}"
        )
    for name, counts in rows.items():
        yield f"- {name}: {', '.join(counts)}"


def _warnings(outcome: Outcome) -> Iterator[str]:
    for kind, operations in outcome.report["warnings"].items():
        if operations:
            yield f"- Warning `{kind}`: {', '.join(map(str, operations))}"
