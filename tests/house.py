"""What the tests about the house itself read: its modules, and which of them are shells."""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("alerts", "devices", "monitor", "simulators")
SHELLS: tuple[str, ...] = tuple(
    tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vigil"]["shells"]
)


def module_of(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_shell(module: str) -> bool:
    """Return whether pyproject.toml lists the module, or the folder that it is in."""
    return any(fnmatchcase(module, shell) or f"{module}.*" == shell for shell in SHELLS)


MODULES: dict[str, Path] = {
    module_of(path): path
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
}
PURE: list[str] = [module for module in MODULES if not is_shell(module)]
