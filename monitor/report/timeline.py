"""What happened, line by line: phases, doses, check-ins, readings, alarms, answers, outages, notes.

Every line has its time and one sentence. What a reader may not read is named as left out. At most
`MOST` lines are shown; how many are not is said, and the record keeps them. Nothing is judged.

    lines(summary, show)[0]   -> Line(at_ms=0, words="Session opened", mark="")
"""

from collections.abc import Iterator

from msgspec import Struct

from alerts.contact import Role
from devices.checkin import Breathing, CheckIn, Clip, Colour, Mood, Mouth, Position, Sign
from monitor.report.readers import LEFT_OUT, is_private, may_read, may_read_private
from monitor.report.show import Show
from monitor.report.summary import Summary
from monitor.report.words import duration, number

__all__ = ["MOST", "Line", "checked", "lines"]

MOST = 400
_NORMAL = frozenset({Breathing.QUIET, Colour.NORMAL, Mood.CALM, Sign.NONE, Position.SIDE, Clip.ON})


class Line(Struct, frozen=True):
    """One line of the timeline; `mark` is an alarm's priority, or `note`, `down` or empty."""

    at_ms: int
    words: str
    mark: str = ""


def lines(summary: Summary, show: Show) -> list[Line]:
    """Return all lines in the order of time."""
    found = [
        *_course(summary, show),
        *_people(summary, show),
        *_words(summary, show),
        *_alarms(summary, show),
    ]
    return sorted(found, key=lambda line: line.at_ms)


def checked(check: CheckIn) -> str:
    """A check-in in words: the rating, and everything that was not as it should be."""
    answered = [check.breathing, check.colour, check.mood, *check.signs, check.position]
    told = [one for one in (*answered, check.mouth, check.clip) if one is not None]
    words = [_word(one) for one in told if one not in _NORMAL and one is not Mouth.EMPTY]
    return f"MOAA/S {check.moaas}" + (f", {', '.join(words)}" if words else ", nothing else seen")


def _word(one: Breathing | Colour | Mood | Sign | Position | Mouth | Clip) -> str:
    kinds = {
        Breathing: "breathing ",
        Colour: "lips ",
        Mood: "seems ",
        Position: "lies ",
        Mouth: "lozenge ",
        Clip: "clip ",
    }
    return kinds.get(type(one), "") + one.name.lower().replace("_", " ")


def _course(summary: Summary, show: Show) -> Iterator[Line]:
    yield Line(summary.opened.at_ms, "Session opened")
    for stage in summary.course.stages:
        words = f"Phase {stage.phase.value.replace('_', ' ')}: {stage.reason}"
        yield Line(stage.from_ms, words, "phase")
    for down in summary.course.downs:
        length = duration(down.down_ms)
        yield Line(down.at_ms, f"The hub runs again; it did not run for: {length}", "down")
    for settled in summary.course.settled:
        yield Line(settled.at_ms, f"The clock is set: {duration(settled.gap_ms)} later", "down")
    for gap in summary.course.gaps:
        span = duration(gap.to_ms - gap.from_ms)
        lost = f"{gap.lost} records are lost" if gap.lost else "every record was kept"
        yield Line(gap.from_ms, f"Recording failed for {span}: {lost}", "down")
    for off in summary.course.limits:
        change = f"{number(off.before_x100)} to {number(off.limit_x100)}"
        words = f"Limit of {off.row} changed from {change} by {show.who(off.by)}"
        yield Line(off.at_ms, words)
    for trial in summary.course.rehearsals:
        yield Line(trial.at_ms, f"Test of the alarm chain: {trial.state.value}. {trial.reason}")


def _people(summary: Summary, show: Show) -> Iterator[Line]:
    people = summary.people
    for dose in people.doses:
        name = "Further dose" if dose.extra else "Dose"
        told = dose.told_ms - dose.at_ms
        late = f", told {duration(told)} later" if told else ""
        yield Line(dose.at_ms, f"{name} taken, confirmed by {show.who(dose.by)}{late}", "dose")
    for one in people.checks:
        yield Line(one.at_ms, f"Check-in by {show.who(one.by)}: {checked(one.check)}")
    for reading in summary.pressures.readings:
        typed = ", typed in" if reading.typed else ""
        pulse = "" if reading.pulse_x100 is None else f", pulse {number(reading.pulse_x100)}"
        words = f"Blood pressure {show.pressure(reading.sbp_x100, reading.dbp_x100)}{pulse}{typed}"
        yield Line(reading.at_ms, words)
    for at_ms, why in summary.pressures.failed:
        yield Line(at_ms, f"The cuff gave no reading: {why}")
    for counted in people.counted:
        pulse = number(counted.pulse_x100)
        yield Line(counted.at_ms, f"Pulse counted by {show.who(counted.by)}: {pulse}")
    for noticed in people.noticed:
        hidden = is_private(what=noticed.what) and not may_read_private(show.reader)
        thing = "something in private" if hidden else noticed.what.value.replace("_", " ")
        value = "" if noticed.number is None else f" {noticed.number}"
        over = ", is over" if noticed.over else ""
        yield Line(noticed.at_ms, f"{show.who(noticed.by)} says: {thing}{value}{over}")


def _words(summary: Summary, show: Show) -> Iterator[Line]:
    people = summary.people
    for item in people.overridden:
        why = item.reason if may_read(show.reader, Role.PHYSICIAN) else LEFT_OUT
        words = f"{show.who(item.by)} lets {item.item.replace('_', ' ')} pass: {why}"
        yield Line(item.at_ms, words)
    for note in people.notes:
        text = note.text if may_read(show.reader, note.role) else LEFT_OUT
        kind = "Reflection" if note.reflection else "Note"
        yield Line(note.at_ms, f"{kind} by {show.who(note.by)}: {text}", "note")
    for call in summary.course.help:
        yield Line(call.at_ms, f"{show.who(call.by)} calls for help", "high")
    for handed in summary.course.handed:
        yield Line(handed.at_ms, f"Handed over to {handed.to} by {show.who(handed.by)}")


def _alarms(summary: Summary, show: Show) -> Iterator[Line]:
    for story in summary.stories:
        hidden = is_private(story.rows) and not may_read_private(show.reader)
        what = "a private alarm" if hidden else f"{story.top_row}, {story.reason}"
        yield Line(story.raised_ms, f"Alarm: {what}", story.priority.value)
        name = "a private alarm" if hidden else story.family.replace("_", " ")
        for answer in dict.fromkeys((story.first, story.companion, story.physician)):
            if answer is not None:
                words = f"{show.who(answer.by)} {answer.how}: {name}"
                yield Line(answer.at_ms, words)
        if story.gone_ms is not None:
            yield Line(story.gone_ms, f"Condition gone: {name}")
        if story.reset is not None:
            yield Line(story.reset.at_ms, f"{show.who(story.reset.by)} reset: {name}")
