"""Alarms as PCD-04: each line of an alarm's life is one message that another's parser reads."""

from functools import cache
from typing import Any

import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message

from monitor.export.alarm_lines import lines, metric_of
from monitor.export.pcd04 import pcd04_text
from monitor.export.story import Story, read_story
from tests.canonical import SESSIONS, records
from tests.export_scene import at, scene


@cache
def story_of(name: str) -> Story:
    """Return a session, read."""
    return read_story(scene() if name == "scene" else records(name))


def messages_of(text: str) -> list[str]:
    """Return the messages of a batch."""
    body = text.split("BTS|", maxsplit=1)[0]
    return ["MSH|" + one for one in body.split("MSH|")[1:]]


def fields(message: str, name: str) -> list[list[str]]:
    """Return all segments of a name, as fields; no value in these holds an escaped separator."""
    return [one.split("|") for one in message.split("\r") if one.startswith(name + "|")]


def test_a_life_has_a_start_what_changed_and_an_end() -> None:
    """Phase, state and signal of every line follow what the record says of the alarm."""
    life = lines(story_of("scene"), f"oxygen@{at(20)}")
    assert [(one.at_ms, one.phase, one.state, one.inactivation) for one in life] == [
        (at(20), "start", "active", "enabled"),
        (at(25), "continue", "active", "audio-paused"),
        (at(25), "escalate", "active", "audio-paused"),
        (at(26), "continue", "active", "alert-acknowledged"),
        (at(27), "update", "active", "alert-acknowledged"),
        (at(27), "update", "active", "alert-acknowledged"),
        (at(27), "update", "active", "alert-acknowledged"),
        (at(28), "de-escalate", "active", "alert-acknowledged"),
        (at(29), "update", "latched", "alert-acknowledged"),
        (at(40), "end", "inactive", "enabled"),
    ]


def test_a_signal_that_goes_off_alone_is_an_end_too() -> None:
    """An alarm that no line ended ends with its signal; one that is open has no end."""
    ended = lines(story_of("scene"), f"network@{at(20)}")[-1]
    still = lines(story_of("scene"), f"sedation@{at(20)}")[-1]
    assert (ended.phase, ended.by_signal, ended.at_ms, still.phase) == (
        "end",
        True,
        at(40),
        "start",
    )


def test_a_number_is_of_what_the_row_or_the_last_reading_says() -> None:
    """SpO2-LOW is about oxygen, 160 mmHg is the systolic one; a rating is nothing measured."""
    story = story_of("scene")
    first = {name.split("@")[0]: found[0] for name, found in story.alarms.items()}
    found = {name: metric_of(story, line) for name, line in first.items()}
    assert {name: None if m is None else m.value for name, m in found.items()} == {
        "oxygen": "spo2",
        "network": None,
        "pressure_high": "sbp",
        "sedation": None,
        "own": None,
    }


def test_before_any_reading_no_pressure_is_meant() -> None:
    """Without a reading nobody knows which number a row of pressures names."""
    story = read_story(
        [
            one
            for one in scene()
            if type(one.event).__name__ not in ("Reading", "TypedReading", "PulseCounted")
        ]
    )
    assert metric_of(story, story.alarms[f"pressure_high@{at(20)}"][0]) is None


@pytest.mark.parametrize("name", ["scene", *SESSIONS])
def test_every_line_is_a_message_that_a_parser_takes(name: str) -> None:
    """The batch holds one valid message for each line, and says how many."""
    story, text = story_of(name), pcd04_text(story_of(name))
    found = messages_of(text)
    lives = [lines(story, alarm) for alarm in story.alarms]
    assert len(found) == sum(len(life) for life in lives)
    assert text.endswith(f"BTS|{len(found)}\rFTS|1\r")
    for message in found[:: max(1, len(found) // 12)]:
        # The parser's tables end before R40; its segments are those of R01.
        parsed: Any = parse_message(
            message.replace("ORU_R40", "ORU_R01"), validation_level=VALIDATION_LEVEL.TOLERANT
        )
        assert parsed.validate()
    assert len({fields(one, "MSH")[0][9] for one in found}) == len(found)


@pytest.mark.parametrize("name", SESSIONS)
def test_what_the_messages_say_is_what_the_record_says(name: str) -> None:
    """Read back by position: alarm, time, phase, state, priority, type, value and limit."""
    story = story_of(name)
    told = []
    for message in messages_of(pcd04_text(story)):
        facets = {row[3].split("^")[0]: row for row in fields(message, "OBX")}
        order = fields(message, "OBR")[0]
        source = fields(message, "OBX")[2]
        told.append(
            (
                order[3].split("^")[0],
                order[7],
                facets["68481"][5],
                facets["68484"][5],
                facets["68485"][5],
                source[5] if source[2] == "NM" else "",
                source[7] if source[2] == "NM" else "",
            )
        )
    expected = []
    for alarm in story.alarms:
        for number, one in enumerate(lines(story, alarm), start=1):
            line = one.changed
            measured = metric_of(story, line) is not None and line.value_x100 is not None
            value, limit = line.value_x100 or 0, line.limit_x100 or 0
            side = ">" if value < limit else "<" if value > limit else ""
            expected.append(
                (
                    f"{alarm}/{number}",
                    story.dates.hl7(one.at_ms),
                    one.phase,
                    "P" + line.priority.value[0].upper(),
                    {"P": "SP", "T": "ST"}.get(line.kind.value, "SA"),
                    f"{value / 100:g}" if measured else "",
                    f"{side}{limit / 100:g}" if measured else "",
                )
            )
    assert sorted(told) == sorted(expected)
