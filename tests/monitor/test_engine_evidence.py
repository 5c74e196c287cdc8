"""What holds for every session: rows end only by evidence; nobody is unseen without an alarm."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from alerts.condition import Transition
from alerts.effects import AlarmChanged
from devices.observation import DeviceKind
from monitor.effects import PhaseChanged
from monitor.engine import Engine
from monitor.events import (
    CheckedIn,
    CheckInCorrected,
    Discharged,
    DischargeTried,
    Ended,
    Event,
    HandedOver,
    HelpCancelled,
    Reading,
    Tick,
    TypedReading,
)
from monitor.session import RISK_WINDOW
from tests.effort import tries
from tests.moves import MOVES
from tests.sessions import Move, flat, opened, play, run

FEW = tries(20)
GONE = (Transition.CLEARED, Transition.LATCHED)

# What may end a row of a family, each at its own instant. A sedation row also looks at SpO2.
OVER = (Ended, Discharged, DischargeTried, HandedOver)
EVIDENCE: dict[str, Callable[[Event], bool]] = {
    "oxygen": lambda event: has_value(event, DeviceKind.OXIMETER),
    "pulse_slow": lambda event: has_value(event, DeviceKind.OXIMETER),
    "pulse_fast": lambda event: has_value(event, DeviceKind.OXIMETER),
    "pressure_high": lambda event: has_value(event, DeviceKind.CUFF),
    "pressure_low": lambda event: has_value(event, DeviceKind.CUFF),
    "sedation": lambda event: (
        isinstance(event, CheckedIn | CheckInCorrected) or has_value(event, DeviceKind.OXIMETER)
    ),
    "breathing": lambda event: isinstance(event, CheckedIn | CheckInCorrected),
    "symptom": lambda event: isinstance(event, CheckedIn | CheckInCorrected),
    "distress": lambda event: isinstance(event, CheckedIn | CheckInCorrected),
    "panic": lambda event: isinstance(event, HelpCancelled),
    "no_signal": lambda event: (
        isinstance(event, OVER)
        or (isinstance(event, Reading) and event.report.kind is DeviceKind.OXIMETER)
    ),
    "cuff": lambda event: has_value(event, DeviceKind.CUFF) or isinstance(event, OVER),
    "companion": lambda event: isinstance(event, (CheckedIn, *OVER)),
}


def has_value(event: Event, kind: DeviceKind) -> bool:
    """Tell whether this is a report of such a device with a value in it, or one that was typed."""
    if isinstance(event, TypedReading):
        return kind is DeviceKind.CUFF
    if not isinstance(event, Reading) or event.report.kind is not kind:
        return False
    return any(observation.value_x100 is not None for observation in event.report.observations)


@FEW
@given(moves=MOVES, same_arm=st.booleans())
def test_a_row_ends_only_at_an_instant_with_evidence(moves: list[Move], *, same_arm: bool) -> None:
    """Silence, time, a cuff on the same arm and other news clear nothing: Unknown is not fine."""
    events = play(moves, opened(same_arm=same_arm))
    effects = flat(run(Engine(), events))
    unfounded = [
        effect
        for effect in effects
        if isinstance(effect, AlarmChanged)
        and effect.transition in GONE
        and effect.family in EVIDENCE
        and not any(
            event.at_ms == effect.at_ms and EVIDENCE[effect.family](event) for event in events
        )
    ]
    assert unfounded == []


@FEW
@given(MOVES, st.integers(0, 1000))
def test_an_oximeter_that_falls_silent_ends_no_row_of_its_own(moves: list[Move], mark: int) -> None:
    """The stream cut at any point: no oxygen or pulse row is cleared or latched after it."""
    events = play(moves)
    cut = len(events) * mark // 1000
    rest = [e for e in events[cut:] if not (isinstance(e, Reading) and e.report.device == "ox")]
    engine = Engine()
    run(engine, events[:cut])
    after = flat(run(engine, [*rest, Tick(at_ms=events[-1].at_ms + 3_600_000)]) if cut else [])
    families = ("oxygen", "pulse_slow", "pulse_fast")
    assert [
        effect
        for effect in after
        if isinstance(effect, AlarmChanged)
        and effect.family in families
        and effect.transition in GONE
    ] == []


@FEW
@given(MOVES)
def test_nobody_is_unseen_for_30_seconds_without_an_alarm(moves: list[Move]) -> None:
    """From the dose on: a valid sample of the last 15 s, or an open alarm of family no_signal."""
    engine = Engine()
    watched = [phase.value for phase in RISK_WINDOW]
    dark_since: int | None = None
    phase, signals, last_ms = "", set[str](), 0
    for event in [*(events := play(moves)), Tick(at_ms=events[-1].at_ms + 600_000)]:
        valid_ms = engine.chart.oximeter.last_valid_ms if engine.opened else None
        for effect in [*engine.handle(event), Tick(at_ms=event.at_ms)]:
            seen_until = -1 if valid_ms is None else valid_ms + 15_000
            if phase in watched and not signals and effect.at_ms > seen_until:
                dark_since = max(last_ms, seen_until) if dark_since is None else dark_since
                assert effect.at_ms - dark_since <= 30_000, (dark_since, effect)
            else:
                dark_since = None
            last_ms = effect.at_ms
            if isinstance(effect, PhaseChanged):
                phase = effect.phase
            elif isinstance(effect, AlarmChanged) and effect.family == "no_signal":
                follow(signals, effect)


def follow(rows: set[str], line: AlarmChanged) -> None:
    """Keep the rows that are present or latched."""
    if line.transition in (Transition.CLEARED, Transition.RESET):
        rows.discard(line.row)
    else:
        rows.add(line.row)
