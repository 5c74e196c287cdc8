"""The gate on the pure modules' coverage lets nothing through but shells."""

import importlib.util
from types import ModuleType
from typing import Any

import pytest

from tests.house import ROOT


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    """Return .ci/pure_coverage.py, which is no package's module."""
    spec = importlib.util.spec_from_file_location("gate", ROOT / ".ci" / "pure_coverage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(percent: float, lines: list[int], branches: list[list[int]]) -> dict[str, Any]:
    """Return one file as coverage's JSON report has it."""
    return {
        "summary": {"percent_covered": percent},
        "missing_lines": lines,
        "missing_branches": branches,
    }


def test_a_pure_module_below_100_is_named_with_what_it_misses(gate: ModuleType) -> None:
    """Shells, and folders of shells, are let through; a pure module is not."""
    files = {
        "monitor/clock.py": measured(10.0, [1], []),
        "monitor/commands/run.py": measured(0.0, [1], []),
        "monitor/commands/__init__.py": measured(0.0, [1], []),
        "monitor/plan.py": measured(97.5, [7, 8], [[3, 5]]),
        "monitor/engine.py": measured(100.0, [], []),
        "alerts/__init__.py": measured(50.0, list(range(30)), []),
    }
    shells = ["monitor.clock", "monitor.commands.*"]
    assert gate.judge(files, shells) == [
        (
            "alerts/__init__.py: 50.0 %, missing 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,"
            " 15, 16, 17, 18, 19, ..."
        ),
        "monitor/plan.py: 97.5 %, missing 7, 8, 3->5",
    ]
