"""How much faster than life a recording of 150 minutes at 1 Hz is replayed.

The text of a CSV file in memory goes in, decisions come out: parsing, the plan for bare recordings
and the engine are all counted, reading the file and printing are not.
"""

from bench.report import Figure
from bench.rounds import medians
from bench.session import PLANS, spo2_series
from monitor.plan import Plan, load_plan
from monitor.recordings import read_csv
from monitor.replay import replay_recording

__all__ = ["measure"]

_ROUNDS = 7
_SECONDS = 150 * 60


def measure() -> list[Figure]:
    """Return the multiple of real time, with and without parsing."""
    text = "t_s,spo2,pulse,pi\n" + "".join(
        f"{second},{value / 100:g},{66 + second % 7},{2 + second % 5 / 10:.1f}\n"
        for second, value in enumerate(spo2_series(_SECONDS, seed=1))
    )
    plan = _plan()
    taken = medians(
        {"whole": lambda: _replay(text, plan), "parsing": lambda: read_csv(text, "bench.csv")},
        _ROUNDS,
    )
    parsing_pct = 100 * taken["parsing"] / taken["whole"]
    return [
        Figure(
            "replay",
            "150 min at 1 Hz from CSV",
            f"x{_SECONDS / taken['whole']:,.0f} real time",
            "aim x20,000",
        ),
        Figure(
            "replay",
            "the same",
            f"{taken['whole']:.3f} s",
            f"{parsing_pct:.0f} % of it parses the CSV",
        ),
    ]


def _plan() -> Plan:
    bases = {"default": (PLANS / "default.toml").read_text(encoding="utf-8")}
    text = (PLANS / "vitals_only.toml").read_text(encoding="utf-8")
    return load_plan(text, "vitals_only.toml", bases)


def _replay(text: str, plan: Plan) -> int:
    return sum(
        1
        for recording in read_csv(text, "bench.csv")
        for _effect in replay_recording(recording, plan)
    )
