"""Rows of people, and what their alarms become, against a calculation from the catalogue's words.

Seeded walks: a companion who looks, forgets, taps wrong, corrects, notices things and lets them be
over, and a physician who resets. At every instant the open alarms must be those of the oracles.
"""

from dataclasses import replace
from random import Random
from typing import Any, Self

import pytest
from msgspec import structs

from alerts.contact import Role
from devices.notice import Thing
from devices.observation import DeviceKind
from monitor.events import Event, HelpCalled, HelpCancelled, Noticed, SessionOpened, Tick
from monitor.patient import DeviceBinding, Health
from monitor.plan import Plan
from tests.bedside import DEFAULT, OPENED_S, Bedside
from tests.oracle_family import Families, Kin, Shown
from tests.oracle_people import LATCHING, present
from tests.oracle_words import Word, due_s, known_rating

ROWS = frozenset(LATCHING) | {"SED-2", "POS-RISK", "NV-1", "NV-2", "DIS-DISTRESS", "MOVE-ALONE"}
PLAN: Plan = structs.replace(
    DEFAULT,
    gate=(),
    rows=tuple(row for row in DEFAULT.rows if row.id in ROWS - {"SED-COMBO", "DOSE-EXTRA"}),
)
KIN = {
    row.id: Kin(
        row.family,
        LATCHING.get(row.id),
        None if row.alarm_class is None else row.alarm_class.value,
        row.kind.value in "PO",
    )
    for row in PLAN.rows
}
Alarms = dict[str, Shown]
THINGS = [thing.value for thing in Thing if thing is not Thing.CADSS6]
END_S = 4_200


class Watched(Bedside):
    """A session of a patient who takes insulin, without devices that speak; each look is kept."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, Alarms]] = []
        super().__init__(PLAN, (DeviceBinding("ox", DeviceKind.OXIMETER),))
        self.now_ms = OPENED_S * 1000
        self.dose()
        self.seen.clear()

    def take(self, event: Event) -> Self:
        """Give it to the engine and look."""
        if isinstance(event, SessionOpened):
            patient = structs.replace(event.patient, health=Health(insulin=True))
            event = structs.replace(event, patient=patient)
        super().take(event)
        at_ms = event.at_ms - OPENED_S * 1000
        alarms = {
            family: Shown(
                f"{family}@{alarm.raised_ms - OPENED_S * 1000}",
                (alarm.level[0].value, alarm.level[1].value if alarm.level[1] else None),
                frozenset(row for row, state in alarm.rows.items() if state.present),
                frozenset(row for row, state in alarm.rows.items() if state.latched),
            )
            for family, alarm in self.engine.alarms.book.open.items()
        }
        if self.seen and self.seen[-1][0] == at_ms:
            self.seen.pop()
        if (self.seen[-1][1] if self.seen else {}) != alarms:
            self.seen.append((at_ms, alarms))
        return self

    def word(self, word: Word) -> Self:
        """Let this be said now."""
        self.now_ms = (word.t_s + OPENED_S) * 1000
        who: Any = {"at_ms": self.now_ms, "by": "ann", "role": Role.COMPANION}
        if word.kind == "check":
            return self.check(word.said)
        if word.kind == "correct":
            return self.correct(word.said)
        if word.kind == "reset":
            return self.reset(word.said) if word.said in self.engine.alarms.book.open else self
        if word.kind == "panic":
            over = word.said == "over"
            return self.send(HelpCancelled(**who) if over else HelpCalled(**who))
        number = int(word.said) if word.said.isdigit() else None
        said = Noticed(**who, what=Thing(word.kind), over=word.said == "over", number=number)
        return self.send(said)


def codes(rng: Random) -> str:
    """One check-in, often not of all questions."""
    rating = rng.choice(["W5", "W5", "W4", "W4", "W3", "W2", "W0"])
    parts = [rating]
    if rng.random() < 0.75:
        parts.append(rng.choice(["B0", "B0", "B0", "B1", "B2", "B3"]))
    if rng.random() < 0.6:
        parts.append(rng.choice(["C0", "C0", "C0", "C1", "C2"]))
    if rng.random() < 0.6:
        parts.append(rng.choice(["D0", "D1", "D2", "D3"]))
    if rng.random() < 0.6:
        signs = ["X0"] * 8 + [f"X{n}" for n in range(1, 13)] + ["X10", "X9"] * 2
        parts.append(rng.choice(signs))
    if rng.random() < 0.3:
        parts.append(rng.choice(["L0", "L1", "L2"]))
    return " ".join(parts)


def walk(seed: int) -> list[Word]:
    """What was said in one session."""
    rng = Random(seed)  # noqa: S311 - a walk, no secret
    words: list[Word] = []
    looks, all_kinds = ["check"] * 9, ["check"] * 3 + ["notice"] * 3 + ["reset"] * 2
    kinds = rng.choice([[*looks, "notice"], all_kinds])
    t_s, check_s = 0, -100
    while (t_s := t_s + rng.choice([7, 30, 60, 61, 150, 300, 301, 600, 901])) < END_S:
        kind = rng.choice(kinds)
        if kind == "check":
            correct = t_s - check_s <= 60 and rng.random() < 0.6
            words.append(Word(t_s, "correct" if correct else "check", codes(rng)))
            check_s = -100 if correct else t_s
        elif kind == "reset":
            words.append(Word(t_s, "reset", rng.choice(sorted({k.family for k in KIN.values()}))))
        else:
            what = rng.choice([*THINGS, "panic"])
            said = rng.choice(["", "over"])
            if what in ("nausea", "distress"):
                said = str(rng.choice([3, 6, 7, 9]))
            elif what == "glucose":
                said = str(rng.choice([50, 54, 69, 70, 100]))
            words.append(Word(t_s, what, said))
    return words


def is_emergency(alarms: Alarms) -> bool:
    """Tell whether they are one: "any class E alert, or panic button" (1.4)."""
    return "panic" in alarms or any(one.level == ("high", "E") for one in alarms.values())


def late(due_s: float) -> set[float]:
    """When a look that is late changes a row by time alone; "older than" is a moment later."""
    return {due_s + after_s for after_s in (60, 120, 180, 180.001, 240, 300, 420)}


class Story:
    """What the oracles say of a walk, instant by instant."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.emergency_s: int | None = None
        self.families = Families(KIN)
        self.due_s = 0

    def now(self, t_s: float) -> Alarms:
        """The alarms at this instant; the first emergency changes what is due at once."""
        self.due_s = due_s(self.words, t_s, self.emergency_s)
        peak = self.emergency_s is not None or t_s >= 1200
        rows = present(self.words, t_s, self.due_s, peak=peak, sugar=True)
        alarms = self.families.now(round(t_s * 1000), rows)
        if self.emergency_s is None and is_emergency(alarms):
            self.emergency_s = int(t_s)
            return self.now(t_s)
        return alarms

    def hears(self, word: Word) -> Alarms:
        """The alarms after this was said."""
        if word.kind == "reset":
            at_ms, open_now = word.t_s * 1000, self.now(word.t_s)
            return self.families.reset(at_ms, word.said) if word.said in open_now else open_now
        if word.kind not in ("check", "correct"):
            word = replace(word, held=known_rating(self.words, word.t_s, self.due_s))
        self.words.append(word)
        return self.now(word.t_s)


def expected(words: list[Word]) -> list[tuple[int, Alarms]]:
    """What the oracles say of it, at every instant at which something may change."""
    story = Story()
    said = {float(word.t_s): word for word in words}
    times = {1200.0, *said, *(word.t_s + 300.0 for word in words)}
    found: list[tuple[int, Alarms]] = []
    t_s = 0.0
    while (t_s := min((t for t in times | late(story.due_s) if t > t_s), default=END_S)) < END_S:
        # What is due comes first, then what is said.
        alarms = story.now(t_s)
        if t_s in said:
            alarms = story.hears(said[t_s])
        if (found[-1][1] if found else {}) != alarms:
            found.append((round(t_s * 1000), alarms))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_a_walk_has_the_alarms_of_the_words(seed: int) -> None:
    """Raises, upgrades, falls, clears, latches, ids and returns of every family, to the second."""
    words = walk(seed)
    watched = Watched()
    for word in words:
        watched.word(word)
    watched.send(Tick(at_ms=(OPENED_S + END_S) * 1000 - 1))
    assert watched.seen == expected(words)
