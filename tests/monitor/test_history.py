"""The drawn past of a session: bins of what was measured, the same live and from a journal."""

from alerts.contact import Role
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
    pulse_bpm,
    spo2_pct,
)
from monitor.effects import Refused, Unjudged
from monitor.events import Reading, Tick, TypedReading
from monitor.history import BIN_MS, History, HistoryView
from monitor.patient import DeviceBinding, Patient

PATIENT = Patient(
    "alex",
    "Alex",
    devices=(
        DeviceBinding("cuff", DeviceKind.CUFF),
        DeviceBinding("ox", DeviceKind.OXIMETER, interval_ms=1000, clock=False),
    ),
)


def reading(
    at_ms: int,
    *values: Observation,
    kind: DeviceKind = DeviceKind.OXIMETER,
    flags: tuple[Flag, ...] = (),
    failure: str | None = None,
) -> Reading:
    """One report as the journal has it."""
    report = DeviceReport(
        device="ox", kind=kind, mode=Mode.TEST, observations=values, flags=flags, failure=failure
    )
    return Reading(at_ms=at_ms, report=report)


def mmhg(metric: Metric, value: int, validity: Validity = Validity.VALID) -> Observation:
    """One pressure."""
    return Observation(metric, value * 100, validity)


def test_a_bin_has_the_lowest_oxygen_and_the_last_pulse() -> None:
    """A dip of one second is drawn as deep as it was."""
    history = History.of(PATIENT)
    for at_ms, spo2, pulse in ((0, 97, 70), (1000, 85, 90), (2000, 96, 72)):
        history.take(reading(at_ms, spo2_pct(spo2), pulse_bpm(pulse)), ())
    assert history.view() == HistoryView(BIN_MS, 0, [8500], [7200], [])


def test_what_is_not_valid_is_not_drawn() -> None:
    """A spoilt sample, an implausible value, a refused report and other events leave gaps."""
    history = History.of(PATIENT)
    history.take(reading(0, spo2_pct(97)), ())
    history.take(reading(5_000, spo2_pct(60), flags=(Flag.FINGER_OUT,)), ())
    history.take(reading(10_000, Observation(Metric.SPO2, 25_000)), ())
    unjudged = Unjudged(at_ms=15_000, device="ox", reason="duplicate")
    history.take(reading(15_000, spo2_pct(50)), (unjudged,))
    history.take(Tick(at_ms=20_000), ())
    history.take(reading(25_000, pulse_bpm(66)), ())
    assert history.view() == HistoryView(
        BIN_MS,
        0,
        [9700, None, None, None, None, None],
        [None, None, None, None, None, 6600],
        [],
    )


def test_cuff_readings_are_drawn_each_when_they_are_whole() -> None:
    """A failed attempt, half a reading and a value that the cuff doubts are no readings."""
    history = History(History.of(Patient("b", "B"))._stream)
    whole = (mmhg(Metric.SBP, 120), mmhg(Metric.DBP, 80))
    doubtful = mmhg(Metric.DBP, 80, Validity.QUESTIONABLE)
    for event in (
        reading(1000, *whole, kind=DeviceKind.CUFF),
        reading(2000, *whole, kind=DeviceKind.CUFF, failure="cuff loose"),
        reading(3000, whole[1], kind=DeviceKind.CUFF),
        reading(3500, whole[0], kind=DeviceKind.CUFF),
        reading(4000, whole[0], doubtful, kind=DeviceKind.CUFF),
    ):
        history.take(event, ())
    assert history.view() == HistoryView(BIN_MS, 0, [], [], [(1000, 12000, 8000)])


def test_a_typed_reading_is_drawn_like_any_other() -> None:
    """A cuff without Bluetooth is a cuff; what the session refused is not drawn."""
    history = History.of(PATIENT)
    typed = TypedReading(
        at_ms=1000, by="ann", role=Role.COMPANION, sbp_x100=12000, dbp_x100=8000, pulse_x100=7000
    )
    history.take(typed, ())
    history.take(typed, (Refused(at_ms=1000, what="TypedReading", reason="no"),))
    assert history.view().bp == [(1000, 12000, 8000)]


def test_the_last_six_hours_are_kept() -> None:
    """Older bins go, the start moves along; a silence of more than that begins anew."""
    history = History.of(PATIENT)
    for number in range(4_325):
        history.oximeter(number * BIN_MS, 9000 + number % 10, None)
    view = history.view()
    assert (view.start_ms, len(view.spo2), len(view.pulse)) == (5 * BIN_MS, 4_320, 4_320)
    assert (view.spo2[0], view.spo2[-1]) == (9005, 9004)
    later = (4_324 + 2 * 4_320) * BIN_MS
    history.oximeter(later, 9700, 7000)
    assert history.view() == HistoryView(BIN_MS, later, [9700], [7000], [])
