"""How many device reports a second the engine takes on one core, by the default plan.

Three streams: the whole session (falls, a loose clip, alarms that people take), a quiet one, and
the whole session again as the hub does it, with the record's bytes and hash made of each event.
Building the events is not counted, reading the plan neither.
"""

from bench.report import Figure
from bench.rounds import medians
from bench.session import default_plan, make_session, reports
from monitor.engine import Engine
from monitor.events import Event
from monitor.journal import GENESIS, Record, chain, encode

__all__ = ["measure"]

_ROUNDS = 7


def measure() -> list[Figure]:
    """Return reports a second of each stream."""
    whole, quiet = make_session(), make_session(quiet=True)
    count = reports(whole)
    taken = medians(
        {
            "whole": lambda: _run(whole),
            "quiet": lambda: _run(quiet),
            "recorded": lambda: _run_recorded(whole),
        },
        _ROUNDS,
    )
    rows = len(default_plan().rows)
    return [
        Figure(
            "engine",
            f"whole session, all {rows} rows",
            f"{count / taken['whole']:,.0f} reports/s",
            "aim 50,000",
        ),
        Figure(
            "engine",
            "quiet session",
            f"{reports(quiet) / taken['quiet']:,.0f} reports/s",
            f"x{taken['whole'] / taken['quiet']:.2f} of the whole one",
        ),
        Figure(
            "engine",
            "whole session with record bytes and hash chain",
            f"{count / taken['recorded']:,.0f} reports/s",
            f"x{taken['whole'] / taken['recorded']:.2f} of the engine alone",
        ),
    ]


def _run(events: list[Event]) -> None:
    engine = Engine()
    for event in events:
        engine.handle(event)


def _run_recorded(events: list[Event]) -> None:
    engine = Engine()
    before = GENESIS
    for n, event in enumerate(events, start=1):
        before = chain(before, encode(Record(n, event, tuple(engine.handle(event)))))
