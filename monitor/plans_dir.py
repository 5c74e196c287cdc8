"""Plans by name: the shipped ones, and those of a folder beside them.

Reads files and nothing else; what is wrong with a plan is said by `monitor/plan.py`.

    plan = read_plan("default", Path("plans"))
"""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from monitor.plan import Plan, PlanError, load_plan

__all__ = ["plan_texts", "read_plan", "read_plan_file"]


def plan_texts(folder: Path | None = None) -> dict[str, str]:
    """Every plan's text by name; a file of the folder goes before a shipped one."""
    texts = {
        entry.name.removesuffix(".toml"): entry.read_text("utf-8")
        for entry in resources.files("monitor").joinpath("plans").iterdir()
        if entry.name.endswith(".toml")
    }
    if folder is not None and folder.is_dir():
        for path in sorted(folder.glob("*.toml")):
            texts[path.stem] = path.read_text("utf-8")
    return texts


def read_plan(name: str, folder: Path | None = None) -> Plan:
    """Read a plan by its name.

    Raises:
        PlanError: there is no such plan, or it has faults.
    """
    texts = plan_texts(folder)
    if name not in texts:
        raise PlanError([f"there is no plan {name!r}; write one of {', '.join(sorted(texts))}"])
    return load_plan(texts[name], f"{name}.toml", texts)


def read_plan_file(path: Path, bases: Mapping[str, str]) -> Plan:
    """Read a plan from a file that may lie anywhere.

    Raises:
        PlanError: it has faults.
        OSError: it cannot be read.
    """
    return load_plan(path.read_text("utf-8"), path.name, bases)
