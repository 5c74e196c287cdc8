"""A drill walks the real cards: each of the twelve once, none with a name or number of anybody."""

import json
from typing import Any

from alerts.cards import card
from monitor.drill_cards import DRILL, drill_page, drilled
from monitor.plan import load_plan
from monitor.texts_dir import read_texts
from tests.house import ROOT

TEXTS = read_texts()
PLAN = load_plan((ROOT / "monitor/plans/default.toml").read_text("utf-8"), "default.toml")


def told() -> list[dict[str, Any]]:
    """What the page gets."""
    found: list[dict[str, Any]] = json.loads(drill_page(TEXTS))
    return found


def test_every_card_of_the_twelve_is_there_once() -> None:
    """In the order of the catalogue; the private one looks as it does in earnest."""
    assert [one["kind"] for one in told()] == [
        "high", "high", "high", "medium", "medium", "high",
        "high", "medium", "high", "medium", "private", "low",
    ]  # fmt: skip
    assert len({one["line"] for one in told()}) == 12


def test_each_is_what_its_row_of_the_plan_would_show() -> None:
    """The rows are the plan's, with their families; the words are those of an alarm."""
    families = {row.id: row.family for row in PLAN.rows}
    assert [(row, family) for family, row, *_ in DRILL if families.get(row) != family] == []
    for one in DRILL:
        family, row, priority, alarm_class = one
        real = card(TEXTS, family, row, priority, "Alex", "911", alarm_class)
        shown = drilled(TEXTS, one)
        filled = [
            text.replace("{name}", "Alex").replace("{911}", "911")
            for text in (shown["line"], *shown["steps"])
        ]
        assert filled == [real.line, *real.steps]


def test_no_word_of_what_is_private() -> None:
    """Somebody else may look over the shoulder."""
    assert "suicid" not in drill_page(TEXTS).decode().lower()
