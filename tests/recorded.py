"""Recordings and the engine on them, for tests: files read, a session run, its lines sorted by row.

The engine runs on `vitals_only.toml` with one oximeter a second, as `vigil replay` runs a bare
recording; a value that was not measured is a report without it, or no report at all.
"""

import csv
import gzip
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

import pytest

from alerts.condition import Transition
from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from monitor.effects import AlarmChanged, Effect
from monitor.engine import Engine
from monitor.events import Reading, SessionOpened
from monitor.patient import DeviceBinding, Patient
from monitor.plan import Plan, load_plan
from tests.house import ROOT
from tests.oracle import Episode, Sample

DATA = ROOT.parent / "shared" / "data"
OXIMETER = "ox"
_PLANS = ROOT / "monitor" / "plans"
_OPENS = (Transition.RAISED, Transition.UPGRADED, Transition.JOINED)
_CLEARS = (Transition.CLEARED, Transition.LATCHED)


@cache
def plan(name: str) -> Plan:
    """Return one of the plans that Vigil brings."""
    default = (_PLANS / "default.toml").read_text(encoding="utf-8")
    text = (_PLANS / f"{name}.toml").read_text(encoding="utf-8")
    return load_plan(text, f"{name}.toml", {"default": default})


def recordings(name: str) -> dict[str, list[Sample]]:
    """Return every record of a file of ../shared/data, in its order; skip when it is not here."""
    path = DATA / name
    if not path.exists():
        pytest.skip("needs ../shared")
    records: dict[str, list[Sample]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            t_s = Decimal(row["t_s"])
            assert t_s == int(t_s)
            sample = Sample(int(t_s), _value(row["spo2"]), _value(row["pulse"]))
            records.setdefault(row["record"], []).append(sample)
    return records


def _value(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def report(sample: Sample) -> DeviceReport:
    """Return what the oximeter sends for one sample of a recording."""
    values = ((Metric.SPO2, sample.spo2), (Metric.PULSE, sample.pulse))
    observations = tuple(Observation(m, int(v * 100)) for m, v in values if v is not None)
    return DeviceReport(
        device=OXIMETER, kind=DeviceKind.OXIMETER, mode=Mode.TEST, observations=observations
    )


def replayed(samples: Sequence[Sample], *, silent_gaps: bool = False) -> list[Effect]:
    """Return every effect of a recording; with `silent_gaps` an empty sample is no report."""
    engine = Engine()
    device = DeviceBinding(OXIMETER, DeviceKind.OXIMETER, interval_ms=1000)
    patient = Patient("recorded", "recorded", devices=(device,))
    effects = engine.handle(
        SessionOpened(
            at_ms=samples[0].t_s * 1000,
            session="recorded",
            mode=Mode.TEST,
            patient=patient,
            plan=plan("vitals_only"),
        )
    )
    for sample in samples:
        if not silent_gaps or sample.spo2 is not None:
            effects += engine.handle(Reading(at_ms=sample.t_s * 1000, report=report(sample)))
    return effects


def engine_episodes(effects: Iterable[Effect], row: str) -> list[Episode]:
    """Return when this row was present, by its lines."""
    found: list[Episode] = []
    since: int | None = None
    for line in effects:
        if not isinstance(line, AlarmChanged) or line.row != row:
            continue
        at_s, left_ms = divmod(line.at_ms, 1000)
        if line.transition in _OPENS and since is None:
            assert left_ms == 0
            since = at_s
        elif line.transition in _CLEARS and since is not None:
            assert left_ms == 0
            found.append(Episode(since, at_s))
            since = None
    return found if since is None else [*found, Episode(since, None)]
