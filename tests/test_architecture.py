"""The house stands as designed: pure modules stay pure, files stay small, the wiring alone wires.

Which modules are shells is written in pyproject.toml under [tool.vigil]; every other one is pure.
import-linter holds the layers (`make check`); this holds what it cannot see.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house import MODULES, PACKAGES, PURE, SHELLS, is_shell

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 60

# What gives a module a clock, chance, files, sockets, processes or threads. A random generator that
# is handed in is an argument: importing `random` or numpy for its type is fine, calling it is not.
IMPURE_MODULES = frozenset(
    """
    aiomqtt asyncio bleak concurrent ctypes fcntl getpass glob httpx iotcore logging
    multiprocessing os pathlib platform prometheus_client queue rich secrets select selectors shutil
    signal socket socketserver sqlite3 ssl structlog subprocess sys tempfile threading time typer
    urllib.request uuid websockets
    """.split()  # noqa: SIM905 - words read better than a list
)
IMPURE_CALLS = re.compile(
    r"(breakpoint|eval|exec|hash|input|open|print|Random|default_rng)"
    r"|random\..*|(np|numpy)\.random\..*"
    r"|((dt|datetime)\.)?(datetime|date)\.(now|utcnow|today)"
)


def tree_of(module: str) -> ast.Module:
    """Return the module's syntax tree."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports_of(tree: ast.Module) -> Iterator[str]:
    """Yield all that is imported, dotted: `from a import b` gives `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_touches_nothing_outside(module: str) -> None:
    """A pure module has no clock, chance, file, socket, process, thread or coroutine."""
    tree = tree_of(module)
    found = {
        name
        for name in imports_of(tree)
        if name in IMPURE_MODULES or name.split(".")[0] in IMPURE_MODULES
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and IMPURE_CALLS.fullmatch(ast.unparse(node.func)):
            found.add(f"{ast.unparse(node.func)}() in line {node.lineno}")
        elif isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            found.add(f"await in line {node.lineno}")
    assert sorted(found) == []


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_imports_no_shell(module: str) -> None:
    """What is pure stays pure through everything that it imports."""
    found = {name for name in imports_of(tree_of(module)) if name in MODULES and is_shell(name)}
    assert sorted(found) == []


# The wiring in pieces: the house, its radio, its broker, its people.
WIRING = (
    "monitor.wiring",
    "monitor.house_bluetooth",
    "monitor.house_broker",
    "monitor.house_people",
    "monitor.house_room",
    "monitor.house_rota",
    "monitor.house_watch",
)


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("monitor")])
def test_only_wiring_and_commands_import_shells_of_devices_and_alerts(module: str) -> None:
    """One place decides which device and channel shells a hub has."""
    if module in WIRING or module.startswith("monitor.commands"):
        return
    found = {
        name
        for name in imports_of(tree_of(module))
        if name.startswith(("devices.", "alerts.")) and name in MODULES and is_shell(name)
    }
    assert sorted(found) == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is_and_stays_small(module: str) -> None:
    """Every module opens with a docstring, has at most 300 lines and functions of at most 60."""
    tree = tree_of(module)
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    long_functions = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert (bool(ast.get_docstring(tree)), lines <= MAX_FILE_LINES, long_functions) == (
        True,
        True,
        [],
    )


def test_every_shell_that_is_listed_will_be_found() -> None:
    """A listed shell lies in one of the four packages, so that a misspelt one cannot hide."""
    assert [shell for shell in SHELLS if shell.split(".")[0] not in PACKAGES] == []
