"""The pages behind the first one as values: every alarm, reading, message, rule and proof.

Long lists are bounded; how many lines are left out is said, and they are in the record. Addresses,
private words and free text that this reader may not see are not in it. Words only, no layout.

    view = behind(summary, show)
    view.messages[0].states     -> "sent after 0 s, answered: accept after 12 s"
"""

from msgspec import Struct

from alerts.condition import Priority
from monitor.plan import plan_hash
from monitor.report.alarm_lines import AlarmLine, alarm_line
from monitor.report.deliveries import Message
from monitor.report.show import Show
from monitor.report.summary import Summary
from monitor.report.timeline import MOST, Line, lines
from monitor.report.trends import Picture, pictures
from monitor.report.words import cut, duration, number

__all__ = ["Behind", "behind"]

_MOST_ALARMS, _MOST_MESSAGES, _MOST_ROWS = 200, 300, 80


class TimeLine(Struct, frozen=True):
    """One line of the timeline with its times."""

    clock: str
    after: str
    words: str
    mark: str


class MessageLine(Struct, frozen=True):
    """One message in words."""

    clock: str
    after: str
    to: str
    channel: str
    about: str
    rung: str
    states: str
    failed: bool


class Behind(Struct, frozen=True, kw_only=True):
    """Everything on the pages behind. `more_*`: how many lines are left out."""

    pictures: list[Picture]
    alarms: list[AlarmLine]
    more_alarms: int
    timeline: list[TimeLine]
    more_timeline: int
    messages: list[MessageLine]
    more_messages: int
    skipped: list[str]
    plan: list[tuple[str, str]]
    limits: list[tuple[str, str, str]]
    off: list[tuple[str, str]]
    more_off: int
    informed: list[str]


def behind(summary: Summary, show: Show) -> Behind:
    """Return the pages behind the first of a session."""
    timeline = lines(summary, show)
    messages = list(summary.deliveries.messages.values())
    off = summary.course.off
    return Behind(
        pictures=pictures(summary),
        alarms=[alarm_line(show, story, 120) for story in summary.stories[:_MOST_ALARMS]],
        more_alarms=max(0, len(summary.stories) - _MOST_ALARMS),
        timeline=[_timed(show, line) for line in timeline[:MOST]],
        more_timeline=max(0, len(timeline) - MOST),
        messages=[_message(show, one) for one in messages[:_MOST_MESSAGES]],
        more_messages=max(0, len(messages) - _MOST_MESSAGES),
        skipped=[
            f"{show.when(one.at_ms)}: {one.alarm}, {one.rung}: {one.reason}"
            for one in summary.deliveries.skipped[:_MOST_ROWS]
        ],
        plan=_plan(summary),
        limits=[
            (
                one.row,
                f"{number(one.before_x100)} to {number(one.limit_x100)}",
                f"by {show.who(one.by)} at {show.when(one.at_ms)}",
            )
            for one in summary.course.limits[:_MOST_ROWS]
        ],
        off=[(one.row, cut(one.why, 120)) for one in off[:_MOST_ROWS]],
        more_off=max(0, len(off) - _MOST_ROWS),
        informed=[f"{one.row}: {one.words}" for one in summary.course.informed[:_MOST_ROWS]],
    )


def _timed(show: Show, line: Line) -> TimeLine:
    return TimeLine(show.clock(line.at_ms), show.after(line.at_ms), cut(line.words, 400), line.mark)


def _message(show: Show, message: Message) -> MessageLine:
    states = [
        f"{state} after {duration(max(0, at_ms - message.at_ms))}"
        for at_ms, state in message.states
    ]
    rung = message.rung if message.attempt == 1 else f"{message.rung}, try {message.attempt}"
    marks = [
        word for word, so in (("late", message.late), ("may repeat", message.may_repeat)) if so
    ]
    return MessageLine(
        clock=show.clock(message.at_ms),
        after=show.after(message.at_ms),
        to=show.whole(message.contact),
        channel=message.channel,
        about=message.alarm.partition("@")[0].replace("_", " "),
        rung=", ".join([rung, *marks]),
        states=", ".join(states) or "nothing was heard of it",
        failed=message.last in ("failed", "timed_out"),
    )


def _plan(summary: Summary) -> list[tuple[str, str]]:
    plan, patient = summary.opened.plan, summary.opened.patient
    counts = ", ".join(
        f"{sum(row.priority is level for row in plan.rows)} {level.value}"
        for level in reversed(Priority)
    )
    devices = ", ".join(
        f"{one.id} ({one.kind.value}{', ' + one.model if one.model else ''})"
        for one in patient.devices
    )
    return [
        ("Plan", f"{plan.name}, version {plan.version}"),
        ("Signed by", plan.signed_by or "no clinician: not for use with patients"),
        ("Rows", f"{len(plan.rows)}: {counts}"),
        ("Hash of the plan", plan_hash(plan)),
        ("Devices", devices or "none"),
    ]
