"""The fault suite runs when asked for (`make faults`); the ordinary suite takes the small sample beside it."""

import os
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from tests.faults.harness import REPORT, Outcome


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without `-m faults`, what is marked so is left out."""
    if "faults" in (config.getoption("-m") or ""):
        return
    left = [item for item in items if item.get_closest_marker("faults")]
    items[:] = [item for item in items if not item.get_closest_marker("faults")]
    if left:
        config.hook.pytest_deselected(items=left)


@pytest.fixture(autouse=True)
def _rows(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test reported travels with its result, from other processes too."""
    REPORT.clear()
    yield
    request.node.user_properties.extend(("fault", asdict(one)) for one in REPORT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One row per fault."""
    rows = [
        Outcome(**value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, value in report.user_properties
        if name == "fault"
    ]
    if not rows:
        return
    write = terminalreporter.write_line
    write("")
    write(
        f"{'fault':<42}{'database':<12}{'texts':>6}{'faults':>7}{'lost':>6}{'doubled':>8}{'late':>6}{'open':>6}{'s':>7}"
    )
    for one in sorted(rows, key=lambda row: (row.must_fail, row.fault)):
        note = "  must fail, and does" if one.must_fail and not one.is_clean else ""
        write(
            f"{one.fault:<42}{one.database:<12}{one.messages:>6}{one.faults:>7}{one.lost:>6}{one.doubled:>8}"
            f"{one.late:>6}{one.open:>6}{one.seconds:>7.1f}{note}"
        )


@pytest.fixture
def size() -> int:
    """How much larger `make faults-long` is."""
    return 10 if os.environ.get("FAULTS_LONG") else 1
