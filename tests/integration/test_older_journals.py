"""Journals of earlier days of the project: each is read, or it is said exactly why not.

The files in tests/golden/journals were written by earlier commits, a short session each: before a
gate item was a table of the plan, before the cuff was asked for at the dose, and before an alarm
about the dose latched.
"""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.commands.main import app
from monitor.records import shelf

GOLDEN = Path(__file__).parents[1] / "golden" / "journals"


def vigil(*arguments: str | Path) -> tuple[int, list[str]]:
    """Return the exit code and what was said about the file, without its name."""
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert "Traceback" not in result.output
    said = [line for line in result.output.splitlines() if ".db: " in line]
    return result.exit_code, [line.partition(".db: ")[2] for line in said]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("before-prompts", "record 22 differs: now effect=Prompted at_ms=20900"),
        ("before-latch", "record 45 differs: recorded effect=Sound at_ms=21440"),
    ],
)
def test_an_older_journal_is_read_to_the_first_decision_that_is_another(
    name: str, line: str
) -> None:
    """Replay names it, exit code 1; the file itself is unchanged."""
    code, said = vigil("replay", GOLDEN / f"{name}.db")
    proved, words = vigil("verify", GOLDEN / f"{name}.db")
    assert (code, said[-1].startswith(line)) == (1, True), said
    assert (proved, words[-1]) == (
        0,
        "written in format 1: the clocks of its commits have no seal",
    )


def test_a_record_that_does_not_fit_any_more_is_named_with_its_field() -> None:
    """Replay cannot, exit code 2, and says which record and which field; verify proves the rest."""
    path = GOLDEN / "older-plan.db"
    code, said = vigil("replay", path)
    proved, words = vigil("verify", path)
    assert (code, len(said)) == (2, 2)
    assert said[0].endswith("cannot replay it; `vigil verify` says whether the file was changed")
    assert said[1].startswith("record 1 (SessionOpened")
    assert said[1].endswith("Expected `object`, got `str` - at `$.event.plan.gate[0]`")
    assert (proved, words[0].startswith("70 records, unchanged, hash ")) == (2, True)
    assert "1 of them are none of this version, the first record 1: " in words[1] + words[2]


def test_what_this_version_cannot_read_can_still_be_copied(tmp_path: Path) -> None:
    """A backup needs the chain, not the words."""
    verdict = shelf.back_up(GOLDEN / "older-plan.db", tmp_path / "copy.db")
    assert (verdict.count, verdict.fault, verdict.unread) == (70, None, 1)
