"""Every row of a plan has its detector, in plan order, and hears what it needs."""

from devices.observation import Metric
from monitor.chart import BpReading, Chart
from monitor.detectors.build import SHAPES, Board
from monitor.detectors.confirmed import ConfirmedDetector
from tests.bedside import DEFAULT


def test_the_board_of_the_default_plan() -> None:
    """One detector a row, of the row's shape; its place breaks ties of time."""
    board = Board(DEFAULT.rows, Chart(DEFAULT, (), athlete=False))
    assert [type(d) for d in board.all] == [SHAPES[type(row)] for row in DEFAULT.rows]
    assert [board.index[id(d)] for d in board.all] == list(range(len(DEFAULT.rows)))
    assert [d.id for d in board.by_metric[Metric.SPO2]] == [
        "SPO2-FAST",
        "SPO2-WARN",
        "SPO2-LOW",
        "SPO2-CRIT",
        "SPO2-CUM",
        "SPO2-DROP",
        "SPO2-DROP2",
        "SPO2-ODI",
        "SPO2-TREND",
        "SED-COMBO",
    ]
    assert [d.id for d in board.by_metric[Metric.PULSE]] == [
        "PR-LOW",
        "PR-BRADY",
        "PR-HIGH",
        "PR-TACHY",
        "PR-JUMP",
        "PR-SUST",
        "PR-REL",
    ]
    assert [d.id for d in board.by_metric[Metric.PI]] == ["PI-LOW"]
    assert [d.id for d in board.by_metric[Metric.RR]] == [
        "RR-LOW1",
        "RR-LOW2",
        "RR-HIGH",
        "SED-COMBO-RR",
    ]
    assert [d.id for d in board.in_danger] == ["PR-IRREG", "BP-LOW2"]
    assert [d.id for d in board.overdue] == ["CUFF-OVERDUE", "CI-MISS-C", "CI-MISS-P"]
    assert [d.id for d in board.asking] == ["FU-MISS", "FU-NEXT"]
    assert [d.id for d in board.readings if not isinstance(d, ConfirmedDetector)] == [
        "PR-IRREG",
        "CONFLICT-PR",
        "BP-TREND",
        "BP-EMERG",
        "BP-ORTHO",
        "CONFLICT-BP",
    ]
    assert [d.id for d in board.samples] == [
        "SIG-BAD",
        "SIG-LOST",
        "SIG-LOST+",
        "SIG-LOST-SED",
        "SENSOR-OFF",
        "STALE",
        "FROZEN",
        "MOTION",
        "ID-CHECK",
        "CONFLICT-ANSWER",
        "CONFLICT-OBS",
    ]


def test_the_next_reading_is_the_soonest_that_a_row_wants() -> None:
    """BP-SEV every 5 min before BP-WARN's 10; none while nothing is confirmed."""
    board = Board(DEFAULT.rows, Chart(DEFAULT, (), athlete=False))
    before = board.next_reading(0)
    for at_ms in (0, 60_000):
        for detector in board.readings:
            detector.on_reading(BpReading(at_ms, 185_00, 80_00))
    assert (before, board.next_reading(60_000)) == (None, (360_000, "BP-SEV: every 5 min"))
