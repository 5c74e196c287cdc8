"""What was missed, the pages, the rows and the checkers stand on the page with their numbers."""

from alerts.condition import Kind, Priority
from simulators.worlds.evaluation_parts import (
    checkers_part,
    digests_part,
    missed_part,
    noted,
    pages_part,
    promise,
    rows_part,
    semi_part,
)
from simulators.worlds.figures import Summary, summarise
from simulators.worlds.notes import Note
from simulators.worlds.score import FalseAlarm, Found, Mark, Verdict

NOTES = {"LOW": Note("LOW", "noise", "longer\ndelay"), "B": Note("B", "two rows")}


def summary(*verdicts: Verdict) -> Summary:
    """A scenario of these worlds."""
    return summarise(verdicts)


def world(seed: int, mark: Mark, words: str = "LOW high within 5 s") -> Verdict:
    """One world with one must."""
    return Verdict("a", seed, [Found(words, mark, None)], hours=2.0)


def test_a_miss_has_its_reason_or_says_that_there_is_none() -> None:
    """What was tried stands behind it, in one line."""
    assert [noted(one, NOTES) for one in ("LOW", "B", "C")] == [
        "noise Tried: longer delay",
        "two rows",
        "Nobody has found out why yet.",
    ]


def test_what_was_missed_names_its_seeds() -> None:
    """Twelve at most; a must of several rows has the note of the first that has one."""
    words, told = "A or B high within 5 s", "worlds that did not pass:"
    missed = [world(seed, Mark.MISSED, words) for seed in range(13)]
    found = missed_part([summary(world(0, Mark.MET)), summary(*missed)], NOTES)
    seeds = ", ".join(str(seed) for seed in range(12))
    assert found == [
        "## What was late or missed",
        "",
        f"- a, {words}: 0 late and 13 missed of 13; {told} {seeds} .... two rows",
        "",
    ]
    assert missed_part([summary(world(0, Mark.MET))], NOTES)[2] == "Nothing."
    late = missed_part([summary(world(3, Mark.LATE))], {})
    assert late[2].endswith("of 1; worlds that did not pass: 3. Nobody has found out why yet.")


def test_pages_have_causes() -> None:
    """A session each, the most frequent first; eight at most."""
    busy = Verdict("a", 0, pages=11, causes={f"R{i}": 1 for i in range(9)} | {"CUFF": 2})
    found = pages_part([summary(busy, Verdict("a", 1)), summary(Verdict("b", 0))])
    assert found[-3:] == [
        "| a | 5.5 | CUFF 1, R0 0.5, R1 0.5, R2 0.5, R3 0.5, R4 0.5, R5 0.5, R6 0.5, and 2 more |",
        "| b | 0 | none |",
        "",
    ]


def test_false_alarms_have_rows() -> None:
    """By kind, priority and row."""
    alarms = [
        FalseAlarm(0, "o", "LOW", Kind.PHYSIOLOGICAL, Priority.HIGH),
        FalseAlarm(9, "c", "CUFF", Kind.TECHNICAL, Priority.LOW),
    ]
    rows = rows_part([summary(Verdict("a", 0, false=alarms, hours=2.0))])
    assert [row.split(" | ")[:4] for row in rows[4:-1]] == [
        ["| a", "physiological high LOW", "1", "0.5"],
        ["| a", "technical low CUFF", "1", "0.5"],
    ]


def test_checkers_have_watched_every_world() -> None:
    """Those that found something, and those that did not."""
    found = checkers_part(["watched"], [summary(Verdict("a", 0, unkept={"caused": 2}))])
    assert found[4:] == ["| watched | 1 | 0 |", "| caused | 1 | 2 |", ""]
    assert promise("ClearsByKnowledge") == "clears by knowledge"


def test_the_same_seed_is_told() -> None:
    """And which scenario came to another digest."""
    told = "Seed 0 was played once more in another process: the same digest in"
    assert (
        digests_part({"a": True, "b": False})[2] == f"{told} 1 of 2 scenarios. Another one in: b."
    )
    assert digests_part({"a": True})[2] == f"{told} 1 of 1 scenarios."


def test_semi_synthetic_sessions_stand_apart() -> None:
    """With what they are made of, their own musts, and alarms that nobody calls false."""
    lines = semi_part([summary(world(0, Mark.MET))])
    assert (lines[0], "**Nobody in them took ketamine.**" in " ".join(lines)) == (
        "## Semi-synthetic sessions",
        True,
    )
    assert "| a | 1 | 2 | 0 |" in lines
    assert "Alarms an hour by row, but those that a set asks for:" in lines
