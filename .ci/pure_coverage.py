"""Hold every pure module to full branch coverage, and show the shells' figures without judging.

A pure module needs no clock, broker or process, so there is no excuse for a branch that no test
takes. Which modules are shells is written once, in pyproject.toml under [tool.vigil]; which tests
run without coverage, in tests/conftest.py (UNWATCHED).

Usage: python .ci/pure_coverage.py var/coverage.json
"""

import json
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

SHOWN = 20  # lines and branches named for one file


def module_of(path: str) -> str:
    """Return the dotted name of a file: `monitor/plan.py` is `monitor.plan`."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def judge(files: dict[str, dict[str, object]], shells: list[str]) -> list[str]:
    """Return one line for every pure module that is not covered in full."""
    lines = []
    for path, file in sorted(files.items()):
        module = module_of(path)
        if any(fnmatchcase(module, shell) or f"{module}.*" == shell for shell in shells):
            continue
        summary = file["summary"]
        assert isinstance(summary, dict)  # noqa: S101 - the shape of coverage's own report
        if summary["percent_covered"] < 100:  # noqa: PLR2004 - per cent
            branches = [f"{a}->{b}" for a, b in file.get("missing_branches", [])]  # type: ignore[attr-defined]
            missing = [*map(str, file["missing_lines"]), *branches]  # type: ignore[call-overload]
            shown = ", ".join(missing[:SHOWN]) + (", ..." if len(missing) > SHOWN else "")
            lines.append(f"{path}: {summary['percent_covered']:.1f} %, missing {shown}")
    return lines


def main() -> int:
    """Print the verdict; 1 when a pure module misses a line or a branch."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    desk = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    missing = judge(report["files"], desk["tool"]["vigil"]["shells"])
    for line in missing:
        print(line)
    print(f"pure modules: {len(missing)} below 100 %" if missing else "pure modules: 100 %")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
