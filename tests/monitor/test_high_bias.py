"""SPO2-HIGHBIAS is said to everybody, and moves limits only for whom somebody has said so."""

import msgspec
import pytest

from alerts.contact import Role
from monitor import high_bias
from monitor.effects import Informed, LimitChanged
from monitor.engine import Engine
from monitor.events import SessionOpened, Tailored
from monitor.patient import Health
from monitor.plan import Plan
from monitor.tailoring import limit_of
from monitor.views import InfoView, infos
from tests.sessions import opened
from tests.timeline import DEFAULT, VITALS_ONLY, Timeline, only

HIGH = "the oximeter may read too high on this skin"
UNSTATED = "the oximeter may read too high: its accuracy on this skin is not stated"


def session(health: Health, plan: Plan = DEFAULT) -> tuple[Engine, list[Informed | LimitChanged]]:
    """Return an opened session of this patient, and what it said of limits."""
    event: SessionOpened = opened()
    patient = msgspec.structs.replace(event.patient, health=health)
    engine = Engine()
    effects = engine.handle(msgspec.structs.replace(event, plan=plan, patient=patient))
    return engine, [e for e in effects if isinstance(e, Informed | LimitChanged)]


def limits(engine: Engine) -> list[int]:
    """Return the limits of WARN, LOW and CRIT now."""
    rows = engine.chart.rows
    return [limit_of(rows[name]) // 100 for name in ("SPO2-WARN", "SPO2-LOW", "SPO2-CRIT")]


def with_up(up: int | None) -> Plan:
    """Return the default plan with this option in its rows."""
    rows = tuple(
        msgspec.structs.replace(row, high_bias_up=up)
        if row.id in ("SPO2-WARN", "SPO2-LOW")
        else row
        for row in DEFAULT.rows
    )
    return msgspec.structs.replace(DEFAULT, rows=rows)


@pytest.mark.parametrize(
    ("health", "words", "moved"),
    [
        (Health(), UNSTATED, [92, 90, 80]),
        (Health(reads_high=False), "", [92, 90, 80]),
        (Health(reads_high=True), f"SpO2 limits +2: {HIGH}", [94, 92, 80]),
        # "All SpO2 shifts together at most +2": a high risk adds nothing to it.
        (Health(reads_high=True, apnoea=True), f"SpO2 limits +2: {HIGH}", [94, 92, 80]),
        (Health(reads_high=False, apnoea=True), "", [93, 91, 80]),
    ],
)
def test_it_is_said_at_the_opening_and_shown_ever_after(
    health: Health, words: str, moved: list[int]
) -> None:
    """Nobody has said anything: it is said; somebody has: the limits go up, or all is well."""
    engine, said = session(health)
    assert [e.words for e in said if isinstance(e, Informed)] == ([words] if words else [])
    assert infos(engine, 0) == ((InfoView("SPO2-HIGHBIAS", words),) if words else ())
    assert limits(engine) == moved


def test_each_limit_that_moves_says_so() -> None:
    """By the profile, with the reason; the clearing levels go along."""
    engine, said = session(Health(reads_high=True))
    assert said[:2] == [
        LimitChanged(
            at_ms=0, row=row, before_x100=before, limit_x100=after, by="SpO2 profile", reason=HIGH
        )
        for row, before, after in (("SPO2-WARN", 92_00, 94_00), ("SPO2-LOW", 90_00, 92_00))
    ]
    assert [view.words for view in engine.limits.now()["spo2"][:2]] == [
        "below 94 % for 20 s",
        "below 92 % for 30 s, or below 90 % for 10 s",
    ]


@pytest.mark.parametrize(
    ("up", "words", "moved"),
    [
        (None, "", [92, 90, 80]),
        (0, HIGH, [92, 90, 80]),
        (1, f"SpO2 limits +1: {HIGH}", [93, 91, 80]),
    ],
)
def test_the_plan_says_how_far(up: int | None, words: str, moved: list[int]) -> None:
    """0: only said; a plan without the option, and one of recordings, know nothing of it."""
    engine, said = session(Health(reads_high=True), with_up(up))
    assert ([e.words for e in said if isinstance(e, Informed)], limits(engine)) == (
        [words] if words else [],
        moved,
    )
    assert session(Health(reads_high=True), VITALS_ONLY)[1] == []


def test_what_a_physician_sets_later_is_theirs() -> None:
    """Then the words name no shift that is not there."""
    engine, _ = session(Health(reads_high=True))
    for row, limit in (("SPO2-LOW", 90), ("SPO2-WARN", 92)):
        engine.handle(
            Tailored(
                at_ms=1,
                by="dr",
                role=Role.PHYSICIAN,
                row=row,
                limit_x100=limit * 100,
                reason="known",
            )
        )
    assert (high_bias.words(engine.chart), limits(engine)) == (HIGH, [92, 90, 80])


def test_a_raised_limit_raises_its_row() -> None:
    """90 is low for this patient after 30 s; for any other it is not (scenario 31)."""
    line = Timeline()
    line.engine.chart.health = Health(reads_high=True)
    high_bias.begin(line.engine, line.now_ms)
    assert only(line.at(100).spo2(90).story(until=140), "SPO2-LOW") == [
        "130 upgraded SPO2-LOW high/A"
    ]


def test_a_hold_by_the_cuff_is_shown_while_it_lasts() -> None:
    """It says "paused by cuff" for a minute, on the oximeter's arm only."""
    line = Timeline(same_arm=True).at(200).cuff_started()
    now_ms = line.now_ms
    shown = [[one.row for one in infos(line.engine, now_ms + ms)] for ms in (0, 59_999, 60_000)]
    both = ["SPO2-HIGHBIAS", "CUFF-HOLD"]
    assert shown == [both, both, ["SPO2-HIGHBIAS"]]
