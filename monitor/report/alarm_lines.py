"""One alarm as a line of a table: when, what, how long, who answered after how long, how it ended.

A response is counted from the alarm's first sound (`monitor/report/stories.py`). What a reader may
not read is left out by name. Words only, nothing is judged.

    alarm_line(show, story).physician      -> "Dr Lee 29 s, accepted"
"""

from collections.abc import Iterable

from msgspec import Struct

from alerts.condition import Priority
from monitor.report.readers import LEFT_OUT, is_private, may_read_private
from monitor.report.show import Show
from monitor.report.stories import Answer, Story
from monitor.report.words import cut, duration

__all__ = ["AlarmLine", "alarm_count", "alarm_line"]

_MARKS = {Priority.LOW: "!", Priority.MEDIUM: "!!", Priority.HIGH: "!!!"}


class AlarmLine(Struct, frozen=True):
    """One alarm in words; `level` is its priority."""

    mark: str
    level: str
    clock: str
    after: str
    what: str
    lasted: str
    sound: str
    first: str
    companion: str
    physician: str
    ended: str


def alarm_line(show: Show, story: Story, most_chars: int = 52) -> AlarmLine:
    """Return one alarm in words, responses counted from its first sound."""
    private = is_private(story.rows) and not may_read_private(show.reader)
    what = LEFT_OUT if private else f"{story.top_row}: {story.reason}"
    sound = "no sound"
    if story.sound_ms is not None:
        wait = story.sound_ms - story.raised_ms
        sound = f"after {duration(wait)}" if wait else "at once"
    return AlarmLine(
        mark=_MARKS[story.priority] + (f" {story.alarm_class}" if story.alarm_class else ""),
        level=story.priority.value,
        clock=show.clock(story.raised_ms),
        after=show.after(story.raised_ms),
        what=cut(what, most_chars),
        lasted=duration(story.present_ms) + ("" if story.gone_ms is not None else ", not gone"),
        sound=sound,
        first=_answer(show, story, story.first),
        companion=_answer(show, story, story.companion),
        physician=_answer(show, story, story.physician),
        ended=_ended(show, story),
    )


def _answer(show: Show, story: Story, answer: Answer | None) -> str:
    if answer is None:
        return "none"
    return f"{cut(show.who(answer.by), 16)} {duration(story.response_ms(answer))}, {answer.how}"


def _ended(show: Show, story: Story) -> str:
    if story.over_ms is None:
        return "open at the end" if story.gone_ms is None else "never reset"
    if story.reset is not None:
        return f"reset by {cut(show.who(story.reset.by), 16)}"
    return "cleared"


def alarm_count(stories: Iterable[Story]) -> str:
    """Return how many alarms there were of each priority, the highest first."""
    listed = list(stories)
    if not listed:
        return "none"
    counts = {level: sum(one.priority is level for one in listed) for level in reversed(Priority)}
    return ", ".join(f"{count} {level.value}" for level, count in counts.items() if count)
