"""The story of each alarm: raised, first sound, first answer and by whom, gone, over.

It is read from the lines that the session wrote, never judged anew. A response is counted from the
first sound: the first moment, from the raising on, at which the loudspeaker played for this alarm
or for one above it. An alarm that made no sound (a private one never does) is counted from its
raising, and says so.

    track.take(event, effects)
    track.stories["oxygen@5"].first.by     -> "sam"
"""

from collections.abc import Iterable

from msgspec import Struct, field

from alerts.condition import AlarmClass, Kind, Priority, Transition, rank
from alerts.contact import Role
from alerts.effects import AlarmChanged, Sound
from alerts.signal import Pattern
from alerts.speech import PRIVATE
from monitor.effects import Effect

__all__ = ["Answer", "Story", "StoryTrack"]

_COMES = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED)
_ANSWERS = (Transition.ACKNOWLEDGED, Transition.ACCEPTED)
_PHYSICIANS = (Role.PHYSICIAN, Role.BACKUP)


class Answer(Struct, frozen=True):
    """Who answered, when, and how: `acknowledged` or `accepted`. `role` is None if not known."""

    at_ms: int
    by: str
    role: Role | None
    how: str


class Story(Struct):
    """One alarm. All times in hub ms; None: it never happened.

    `rows`: in the order in which they came; `top_row`, `priority` and `alarm_class`: the highest
    that it had. `present_ms`: for how long some row was present; `gone_ms`: when the last one had
    gone; `over_ms`: when nothing was latched any more either. `sound_ms`: see the module.
    """

    id: str
    family: str
    kind: Kind
    raised_ms: int
    priority: Priority
    alarm_class: AlarmClass | None
    top_row: str
    reason: str
    value_x100: int | None
    limit_x100: int | None
    rows: list[str] = field(default_factory=list)
    sound_ms: int | None = None
    first: Answer | None = None
    companion: Answer | None = None
    physician: Answer | None = None
    reset: Answer | None = None
    present_ms: int = 0
    gone_ms: int | None = None
    over_ms: int | None = None
    since_ms: int | None = None
    open_rows: dict[str, bool] = field(default_factory=dict)

    @property
    def heard_ms(self) -> int:
        """From when on a response is counted."""
        return self.raised_ms if self.sound_ms is None else self.sound_ms

    def response_ms(self, answer: Answer | None) -> int | None:
        """How long after the first sound it came; None: never."""
        return None if answer is None else max(0, answer.at_ms - self.heard_ms)


class StoryTrack:
    """All alarms of a session, by id, in the order of their raising."""

    def __init__(self, roles: dict[str, Role]) -> None:
        """`roles` may grow while the record is read: other people go on call."""
        self.stories: dict[str, Story] = {}
        self._roles = roles
        self._sounding = False

    def take(self, effects: Iterable[Effect]) -> None:
        """Take the effects of one record."""
        for effect in effects:
            if isinstance(effect, AlarmChanged):
                self._line(effect)
            elif isinstance(effect, Sound):
                self._sounding = effect.pattern is not Pattern.SILENT
                if self._sounding:
                    self._sounds(effect.at_ms)

    def end(self, at_ms: int) -> None:
        """The record is over: what is still present was so until now."""
        for story in self.stories.values():
            if story.since_ms is not None:
                story.present_ms += at_ms - story.since_ms
                story.since_ms = None

    def _sounds(self, at_ms: int) -> None:
        for story in self.stories.values():
            waits = story.sound_ms is None and story.over_ms is None and story.first is None
            if waits and not PRIVATE.issuperset(story.rows):
                story.sound_ms = at_ms

    def _line(self, line: AlarmChanged) -> None:
        story = self.stories.get(line.id)
        if story is None:
            story = self.stories[line.id] = Story(
                id=line.id,
                family=line.family,
                kind=line.kind,
                raised_ms=line.at_ms,
                priority=line.priority,
                alarm_class=line.alarm_class,
                top_row=line.row,
                reason=line.reason,
                value_x100=line.value_x100,
                limit_x100=line.limit_x100,
                sound_ms=line.at_ms if self._sounding and line.row not in PRIVATE else None,
            )
        _count(story, line)
        if rank(line.priority, line.alarm_class) > rank(story.priority, story.alarm_class):
            story.priority, story.alarm_class = line.priority, line.alarm_class
            story.top_row, story.reason = line.row, line.reason
            story.value_x100, story.limit_x100 = line.value_x100, line.limit_x100
        if line.by is None:
            return
        answer = Answer(line.at_ms, line.by, self._roles.get(line.by), line.transition.value)
        if line.transition in _ANSWERS:
            _answered(story, answer)
        elif line.transition is Transition.RESET:
            story.reset = answer


def _count(story: Story, line: AlarmChanged) -> None:
    """Which rows are present (True) or latched (False), and since when any is present."""
    rows, at_ms = story.open_rows, line.at_ms
    if line.transition in _COMES:
        rows[line.row] = True
        if line.row not in story.rows:
            story.rows.append(line.row)
        story.gone_ms = story.over_ms = None
        if story.since_ms is None:
            story.since_ms = at_ms
    elif line.transition is Transition.LATCHED:
        rows[line.row] = False
    elif line.transition in (Transition.CLEARED, Transition.RESET):
        rows.pop(line.row, None)
    if story.since_ms is not None and not any(rows.values()):
        story.present_ms += at_ms - story.since_ms
        story.since_ms, story.gone_ms = None, at_ms
    if not rows and story.over_ms is None:
        story.over_ms = at_ms


def _answered(story: Story, answer: Answer) -> None:
    story.first = story.first or answer
    if answer.role in _PHYSICIANS:
        story.physician = story.physician or answer
    elif answer.role is Role.COMPANION:
        story.companion = story.companion or answer
