"""What holds for every test: where it counts as slow, what coverage watches, no silent skip.

With CI=true a skip is a failure unless it says why no machine of ours could run it: its reason
starts with "needs hardware" or "needs ../shared".
"""

import os
import sys
import threading
from collections.abc import Generator
from pathlib import Path, PurePath

import pytest
from hypothesis import HealthCheck, settings

ALLOWED_SKIPS = ("needs hardware", "needs ../shared")
TESTS = Path(__file__).parent
INTEGRATION = TESTS / "integration"

# Coverage makes a session five times slower. These play sessions by the thousand, and every line of
# the pure modules that they take is taken by a test beside the module as well: they run unwatched.
UNWATCHED = (
    "acceptance/",
    "integration/",
    "monitor/commands/test_replay.py",
    "monitor/test_engine_evidence.py",
    "monitor/test_engine_failures.py",
    "monitor/test_engine_properties.py",
    "monitor/test_recovery_edits.py",
    "monitor/test_recovery_reach.py",
)
# All but these, which alone take some branches: the cheapest that do. Who adds a branch gives it a
# test beside its module, and this list no entry.
WATCHED = (
    "acceptance/test_follow_up.py",
    "acceptance/test_gate_asked.py",
    "acceptance/test_gate_values.py",
    "acceptance/test_presence.py",
    "acceptance/test_residue.py",
    "acceptance/test_rows_cuff_arm.py",
    "acceptance/test_rows_data.py",
    "acceptance/test_rows_late.py",
    "acceptance/test_rows_patient.py",
    "acceptance/test_rows_people_found.py",
    "acceptance/test_rows_pressure_more.py",
    "integration/test_campaign.py",
)

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
    """Mark what lies under tests/integration/, so that `-m "not integration"` is the fast set.

    And what runs without coverage (`no_cover`, pytest-cov's own mark).
    """
    for item in items:
        if INTEGRATION in item.path.parents:
            item.add_marker(pytest.mark.integration)
        if item.path.is_relative_to(TESTS) and is_unwatched(item.path.relative_to(TESTS)):
            item.add_marker(pytest.mark.no_cover)


def is_unwatched(path: PurePath) -> bool:
    """Return whether the tests of this file, named from tests/, run without coverage."""
    name = path.as_posix()
    return name.startswith(UNWATCHED) and name not in WATCHED


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Run what is marked `no_cover` without any tracer.

    In a worker of xdist pytest-cov starts coverage twice and pauses one of the two: the other would
    go on, and the test would be as slow as a watched one.
    """
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    here, elsewhere = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(here)
        threading.settrace(elsewhere)


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
