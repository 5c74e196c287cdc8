"""docs/replay.md says what `vigil replay` does."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from alerts.condition import Transition
from monitor.commands.main import app
from monitor.commands.replay import _MOST_BYTES
from monitor.recordings import _COLUMNS, _MAX_NAME

PAGE = (Path(__file__).parents[3] / "docs" / "replay.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """Return the page's one code block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def test_the_example_gives_the_line_of_the_page(tmp_path: Path) -> None:
    """The recording of the page, its last line held for ten seconds."""
    path = tmp_path / "night.csv"
    held = "".join(f"{t_s},85,64\n" for t_s in range(123, 133))
    path.write_text(block("csv") + held, encoding="utf-8")
    result = CliRunner().invoke(app, ["replay", str(path), "--json"])
    assert (result.exit_code, result.stdout) == (0, block("json"))


def test_every_column_and_every_name_is_on_the_page() -> None:
    """In the tables, no more and no less; bounds are those of the code."""
    tables = PAGE.split("\n## ")
    cells = [re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE) for text in tables]
    named = [re.findall(r"`([^`]*)`", " ".join(some)) for some in cells]
    assert [names for names in named if names] == [
        ["t_s", "record", "spo2", "pulse", "pi", "rr", "sbp", "dbp", "map"],
        [*json.loads(block("json"))],
    ]
    assert {*_COLUMNS} == {*named[1]} - {"t_s", "record"}
    (line,) = [line for line in PAGE.splitlines() if line.startswith("| `transition` |")]
    assert re.findall(r"`([a-z_]+)`", line)[1:] == [transition.value for transition in Transition]
    assert f"up to {_MAX_NAME} printable characters" in PAGE
    assert f"up to {_MOST_BYTES >> 20} MiB" in PAGE
