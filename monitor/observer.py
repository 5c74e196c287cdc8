"""What people and the hub say becomes reports: what is so, since whose word, until which word.

A report is true by definition and ends only by another word: two ratings of 4 or more, a check-in
that names the same question and says it is well, a cancel, the hub's own "right again". Nothing
here ends by time, and nothing is ever "fine" because nobody said anything.

    observer.checked(CheckIn.parse("W3 B0 C0 D0 X0"), at_ms)   -> chart.reports["moaas_3"] present
"""

from msgspec import Struct

from alerts.condition import Priority
from devices.checkin import Breathing, CheckIn, Clip, Colour, Mood, Mouth, Position, Sign
from monitor import signs
from monitor.chart import Chart, Report

__all__ = ["Observer"]

_AWAKE = 4
_SEDATED = 3
_EMERGENCY_SIGNS = (
    Sign.CHEST_PAIN,
    Sign.BREATHLESS,
    Sign.WORST_HEADACHE,
    Sign.SIGHT_LOST,
    Sign.FACE_ARM_SPEECH,
    Sign.FIT,
    Sign.FAINTED,
    Sign.SWELLING,
)
# The first six: harm by a high pressure (`clinical.md` 2.3 BP-EMERG).
_PRESSURE_SIGNS = frozenset(_EMERGENCY_SIGNS[:6])
_FAINT = frozenset({Sign.FAINTED, Sign.DIZZY})
_RATINGS = {3: "moaas_3", 2: "moaas_2", 0: "moaas_0"}
_BREATHING = {
    Breathing.NOISY: "breathing_noisy",
    Breathing.SLOW: "breathing_slow",
    Breathing.NOT: "breathing_none",
}
_COLOUR = {Colour.PALE: "lips_pale", Colour.BLUE: "lips_blue"}
_MOOD = {Mood.UPSET: "upset", Mood.FIGHTING: "fighting"}
# All reports that a check-in can change: a correction puts them back as they were.
_CHECKED = (
    *_RATINGS.values(),
    *_BREATHING.values(),
    *_COLOUR.values(),
    *_MOOD.values(),
    "emergency_sign",
    "choking",
    *signs.REPORTS,
    "position_risk",
)
_SECOND_MS, _AGAIN_MS = 60_000, 180_000
# A second implausible value is counted within this time of the first.
_IMPLAUSIBLE_MS = 10 * 60_000
_IMPLAUSIBLE_QUIET_MS = 60_000


class _Before(Struct, frozen=True):
    """What was known before the last check-in."""

    reports: dict[str, Report]
    awake: int
    quiet_ms: int | None
    symptom_ms: int | None
    sign_ms: int | None
    faint_ms: int | None
    position: Position | None
    position_ms: int | None
    mouth_ms: int | None
    clip: Clip | None
    clip_ms: int | None
    vomits: int


class Observer:
    """Keeps the reports of one chart."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._awake = 0
        self._before = _Before({}, 0, *(None,) * 9, 0)
        self._since: set[str] = set()
        self._again_ms: int | None = None
        self._causes: dict[str, dict[str, str]] = {}
        self._implausible_ms: int | None = None

    def checked(self, check: CheckIn, at_ms: int) -> None:
        """Take one check-in."""
        chart = self.chart
        reports = {name: chart.reports[name] for name in _CHECKED if name in chart.reports}
        self._before = _Before(
            reports,
            self._awake,
            chart.quiet_ms,
            chart.symptom_ms,
            chart.sign_ms,
            chart.faint_ms,
            chart.position,
            chart.position_ms,
            chart.mouth_ms,
            chart.clip,
            chart.clip_ms,
            chart.vomits,
        )
        chart.check, chart.check_ms = check, at_ms
        if check.answers_quiet:
            chart.quiet_ms = at_ms
        sedated_before = self._sedated()
        self._rated(check.moaas)
        self._again_ms = None
        if self._sedated():
            self._again_ms = _AGAIN_MS if sedated_before else _SECOND_MS
        sedated = check.moaas <= _SEDATED
        self._answered(_BREATHING, self._breathing(check), Priority.HIGH if sedated else None)
        self._answered(_COLOUR, check.colour, None)
        self._answered(_MOOD, check.mood, None)
        self._signs(check.signs, at_ms)
        signs.take(self, check)
        if check.mouth is not None:
            chart.mouth_ms = at_ms
            chart.mouth_empty_ms = at_ms if check.mouth is Mouth.EMPTY else None
        if check.clip is not None:
            chart.clip, chart.clip_ms = check.clip, at_ms
        self._positioned(check, at_ms)
        self._since = set()

    @property
    def again_ms(self) -> int | None:
        """How long after the last check-in the next rating is due; None: as scheduled.

        "second rating asked after 60 s, then every 3 min until two of >=4" (SED-2, and below it)
        """
        return self._again_ms

    def correct(self, check: CheckIn, at_ms: int) -> None:
        """The last check-in was tapped wrong: all that it said is withdrawn, then this one counts.

        What it ended by mistake is so again; an alarm that it raised to a latching priority stays
        latched until a person resets it. What somebody has noticed since is no part of the mistake.
        """
        chart, before = self.chart, self._before
        since = {name: one for name, one in chart.reports.items() if name in self._since}
        for name in _CHECKED:
            old, now = before.reports.get(name), chart.reports.get(name)
            if old is not None and old is not now:
                chart.reports[name] = old
            elif old is None:
                self.say(name, present=False, reason="corrected")
        self._awake = before.awake
        if chart.mouth_empty_ms == chart.check_ms:
            chart.mouth_empty_ms = None
        chart.quiet_ms, chart.symptom_ms = before.quiet_ms, before.symptom_ms
        chart.sign_ms, chart.faint_ms = before.sign_ms, before.faint_ms
        chart.position, chart.position_ms = before.position, before.position_ms
        chart.mouth_ms, chart.vomits = before.mouth_ms, before.vomits
        chart.clip, chart.clip_ms = before.clip, before.clip_ms
        self.checked(check, at_ms)
        chart.reports.update(since)
        self._since = set(since)

    def say(
        self,
        name: str,
        *,
        present: bool,
        reason: str,
        priority: Priority | None = None,
        value_x100: int | None = None,
    ) -> None:
        """Set one report; one that says the same as before changes nothing."""
        old = self.chart.reports.get(name)
        self._since.add(name)
        if old is None and not present:
            return
        if old is not None and old.present == present and (not present or old.priority == priority):
            return
        self.chart.reports[name] = Report(present, reason, priority, value_x100)

    def hub(self, condition: str, *, present: bool, detail: str) -> None:
        """A condition of the hub's own; `engine:recording` is the cause `recording` of `engine`."""
        base, _, cause = condition.partition(":")
        causes = self._causes.setdefault(base, {})
        if present:
            causes[cause] = detail
        else:
            causes.pop(cause, None)
        if causes:
            self.say(base, present=True, reason="; ".join(sorted(causes.values())))
        else:
            self.say(base, present=False, reason=detail or "right again")

    def standing(self) -> dict[str, str]:
        """Return the hub's conditions that are so, by full name (`engine:recording`), with why."""
        return {
            f"{base}:{cause}" if cause else base: detail
            for base, causes in self._causes.items()
            for cause, detail in causes.items()
        }

    def implausible(self, what: str, at_ms: int) -> None:
        """A value was rejected; the second within 10 min is said (IMPLAUSIBLE: low on 2nd)."""
        last_ms, self._implausible_ms = self._implausible_ms, at_ms
        if last_ms is not None and at_ms - last_ms <= _IMPLAUSIBLE_MS:
            self.say("implausible", present=True, reason=what)

    @property
    def doubts(self) -> bool:
        """IMPLAUSIBLE stands."""
        report = self.chart.reports.get("implausible")
        return report is not None and report.present

    def plausible(self, at_ms: int) -> None:
        """A report without a fault: IMPLAUSIBLE ends a minute after the last fault."""
        last_ms = self._implausible_ms
        if last_ms is not None and at_ms - last_ms >= _IMPLAUSIBLE_QUIET_MS:
            self.say("implausible", present=False, reason="values are plausible again")

    def _sedated(self) -> bool:
        reports = (self.chart.reports.get(name) for name in _RATINGS.values())
        return any(report is not None and report.present for report in reports)

    def _rated(self, moaas: int) -> None:
        if moaas >= _AWAKE:
            self._awake += 1
            if self._awake >= 2:  # noqa: PLR2004 - "clears by two ratings >=4" (SED-2)
                for name in ("moaas_3", "moaas_2", "moaas_0"):
                    self.say(name, present=False, reason="two ratings of 4 or more")
            return
        self._awake = 0
        self.say(_RATINGS[moaas], present=True, reason=f"rated {moaas}", value_x100=moaas * 100)

    def _breathing(self, check: CheckIn) -> Breathing | None:
        """What was seen; noise of which nobody was asked again is judged by the new rating."""
        noisy = self.chart.reports.get("breathing_noisy")
        if check.breathing is None and noisy is not None and noisy.present:
            return Breathing.NOISY
        return check.breathing

    def _answered(
        self,
        names: dict[Breathing, str] | dict[Colour, str] | dict[Mood, str],
        answer: Breathing | Colour | Mood | None,
        priority: Priority | None,
    ) -> None:
        """One question: what was tapped is so, what was not is no longer; not asked: unchanged."""
        if answer is None:
            return
        for code, name in names.items():
            if code is answer:
                raised = priority if name == "breathing_noisy" else None
                self.say(name, present=True, reason="seen at the check-in", priority=raised)
            else:
                self.say(name, present=False, reason="not seen at the check-in")

    def _positioned(self, check: CheckIn, at_ms: int) -> None:
        """Face down or chin on chest is a risk in whoever is not wide awake (POS-RISK).

        A patient who was last seen so and now answers slowly is at risk too: nobody said that the
        position has changed. Only another position ends it, never a better rating.
        """
        chart = self.chart
        if check.position is not None:
            chart.position, chart.position_ms = check.position, at_ms
        if chart.position is not Position.FACE_DOWN:
            self.say("position_risk", present=False, reason="lies safely at the check-in")
        elif check.moaas <= _AWAKE:
            self.say("position_risk", present=True, reason=f"last seen so, rated {check.moaas}")

    def _signs(self, signs: tuple[Sign, ...], at_ms: int) -> None:
        emergency = [sign for sign in signs if sign in _EMERGENCY_SIGNS]
        if emergency or Sign.CHOKING in signs or Sign.DIZZY in signs:
            self.chart.symptom_ms = at_ms
        if not _PRESSURE_SIGNS.isdisjoint(signs):
            self.chart.sign_ms = at_ms
        if not _FAINT.isdisjoint(signs):
            self.chart.faint_ms = at_ms
        if emergency:
            words = ", ".join(sign.name.lower().replace("_", " ") for sign in emergency)
            self.say("emergency_sign", present=True, reason=words)
        elif Sign.NONE in signs:
            self.say("emergency_sign", present=False, reason="none of the signs at the check-in")
        if Sign.CHOKING in signs:
            self.say("choking", present=True, reason="seen at the check-in")
        elif Sign.NONE in signs:
            self.say("choking", present=False, reason="none of the signs at the check-in")
