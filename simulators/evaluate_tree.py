"""The name of the code that an evaluation plays: its commit, and whether it is that commit's.

Git and the tree are the outside things. Only what decides counts: pages and tests may be changed.

    tree_name()                     -> "0a1b2c3d4e5f"
    tree_name(allow_dirty=True)     -> "0a1b2c3d4e5f-dirty-77aa01b2"
"""

import hashlib
import subprocess
from pathlib import Path

__all__ = ["DirtyTreeError", "tree_name"]

_ROOT = Path(__file__).parents[1]
_CODE = ("alerts", "devices", "monitor", "simulators", "requirements.lock")
_ENDS = (".py", ".toml", ".lock")


class DirtyTreeError(RuntimeError):
    """The code is not that of any commit; the message says what is changed and what to do."""


def tree_name(root: Path = _ROOT, *, allow_dirty: bool = False) -> str:
    """Return the commit's name in twelve digits; of a changed tree also what it holds.

    Raises:
        DirtyTreeError: code was changed, and that is not allowed.
    """
    commit = _git(root, "rev-parse", "--short=12", "HEAD").strip()
    changed = _git(root, "status", "--porcelain", "--", *_CODE).splitlines()
    if commit and not changed:
        return commit
    if not allow_dirty:
        what = ", ".join(line[3:] for line in changed[:5]) or "there is no git here"
        raise DirtyTreeError(f"the code is no commit's ({what}): commit it, or say --dirty")
    return f"{commit or 'unknown'}-dirty-{_held(root)}"


def _git(root: Path, *words: str) -> str:
    try:
        told = subprocess.run(  # noqa: S603 - fixed words
            ["git", "-C", str(root), *words],  # noqa: S607 - whatever git there is
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return told.stdout if told.returncode == 0 else ""


def _held(root: Path) -> str:
    """Return a short digest over the names and bytes of all that decides."""
    digest = hashlib.sha256()
    for place in _CODE:
        top = root / place
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.suffix in _ENDS and path.is_file():
                digest.update(f"{path.relative_to(root)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
