"""What holds for every test: where it counts as slow, and that nothing is skipped in silence.

With CI=true a skip is a failure unless it says why no machine of ours could run it: its reason
starts with "needs hardware" or "needs ../shared".
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ALLOWED_SKIPS = ("needs hardware", "needs ../shared")
INTEGRATION = Path(__file__).parent / "integration"

# No deadline: a busy machine is no defect. In CI the same examples every time; elsewhere new ones.
# Forty examples a property in the daily run; VIGIL_EFFORT=10 (`make nightly`) tries ten times more,
# and tests/effort.py scales what asks for a number of its own.
settings.register_profile(
    "vigil",
    max_examples=max(1, round(40 * float(os.environ.get("VIGIL_EFFORT", "1")))),
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("vigil")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies under tests/integration/, so that `-m "not integration"` is the fast set."""
    for item in items:
        if INTEGRATION in item.path.parents:
            item.add_marker(pytest.mark.integration)


def refused_skip(reason: str) -> str | None:
    """Return why this skip fails the run, or None when it is allowed."""
    text = reason.removeprefix("Skipped: ")
    if os.environ.get("CI") != "true" or text.startswith(ALLOWED_SKIPS):
        return None
    return f"skipped under CI=true: {text!r}; allowed reasons start with {ALLOWED_SKIPS}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a test's refused skip into a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _refuse(report, item.nodeid)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a whole module's refused skip into a failure."""
    report = yield
    if report.skipped:
        _refuse(report, report.nodeid)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport, where: str) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    refusal = refused_skip(reason)
    if refusal is not None:
        report.outcome = "failed"
        report.longrepr = f"{where}: {refusal}"
