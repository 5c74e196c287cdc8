"""The CSV of a session says what was measured, and `vigil replay` decides the same by it."""

import csv
import io

import pytest

from devices.observation import DeviceKind, Metric
from monitor.effects import AlarmChanged
from monitor.events import Reading
from monitor.export.csv_rows import COLUMNS, csv_text, hundredths
from monitor.export.json_lines import json_lines
from monitor.export.story import Story, read_story
from monitor.journal import decode
from monitor.recordings import Recording, read_csv
from monitor.replay import replay_recording
from tests.canonical import records
from tests.export_scene import scene
from tests.recorded import plan


def test_a_line_holds_values_that_count_and_why_others_do_not() -> None:
    """Every report of the scene is one line; what was sent and does not count stands beside."""
    rows = list(csv.reader(io.StringIO(csv_text(read_story(scene())), newline="")))
    assert rows[0] == list(COLUMNS)
    assert ["|".join(row[1:]) for row in rows[1:]] == [
        "2|||||150|95|113.5|72|cuff|valid||sbp=150 dbp=95 map=113.5 cuff_pulse=72",
        "3|||||||||cuff|cuff_loose||sbp=150 dbp=95 map=113.5 cuff_pulse=72",
        "4|||||||||cuff|the reading has no value||sbp=none(invalid)",
        "5|97|70||14|||||oximeter|valid||spo2=97 pulse=70 rr=14",
        "6|96.5|71|||||||oximeter|valid||spo2=96.5 pulse=71",
        "7|||||||||oximeter|motion|motion|spo2=60",
        "8||70|||||||oximeter|implausible spo2||spo2=104 pulse=70",
        "9|||||||||oximeter|'=from the device's memory||spo2=95",
        "10|89|70|||||||oximeter|valid||spo2=89 pulse=70",
        "14|||||160|99|||typed|valid||sbp=160 dbp=99",
        "14|||||||||typed|implausible sbp 0.01||sbp=0.01 dbp=0.01",
        "15||||||||64|counted|valid||cuff_pulse=64",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (97_00, "97"), (96_50, "96.5"), (5, "0.05"), (-12_30, "-12.3")],
)
def test_hundredths_are_exact(value: int, text: str) -> None:
    """No digit is lost and none is added."""
    assert hundredths(value) == text


def _as_recorded(story: Story) -> Recording:
    """The session's valid values as a recording, by another way than the CSV."""
    readings = []
    for one in sorted([*story.samples, *story.pressures], key=lambda one: one.at_ms):
        wanted = Metric.SPO2 if one.kind is DeviceKind.OXIMETER else Metric.SBP
        if wanted not in one.values:
            continue
        columns = ",".join(metric.value for metric in one.values if metric is not Metric.CUFF_PULSE)
        values = ",".join(str(v / 100) for m, v in one.values.items() if m is not Metric.CUFF_PULSE)
        text = f"record,t_s,{columns}\n{story.opened.session},{one.at_ms / 1000},{values}\n"
        readings += read_csv(text, "one")[0].readings
    numbered: list[Reading] = []
    for number, reading in enumerate(readings):
        report = reading.report
        fields = {f: getattr(report, f) for f in report.__struct_fields__}
        again = type(report)(**{**fields, "seq": number})
        numbered.append(Reading(at_ms=reading.at_ms, report=again))
    return Recording(story.opened.session, numbered, 1_000, has_cuff=True)


def test_a_replay_of_the_file_decides_the_same_rows() -> None:
    """The file of a session with a fall of oxygen and a rise of pressure, replayed, gives exactly
    the lines that its own values give, among them the rows that were present live.
    """
    story = read_story(records("fall"))
    text = csv_text(story)
    vitals = plan("vitals_only")
    by_file, by_values = (
        [one for one in replay_recording(recording, vitals) if isinstance(one, AlarmChanged)]
        for recording in (read_csv(text, "fall.csv")[0], _as_recorded(story))
    )
    assert by_file == by_values
    live = {line.row for lines in story.alarms.values() for line in lines}
    assert {line.row for line in by_file} & live >= {"SPO2-WARN", "SPO2-LOW", "SPO2-CUM"}


def test_json_lines_are_the_records() -> None:
    """Every line is one record of the journal again."""
    lines = json_lines(scene()).splitlines()
    assert [decode(line) for line in lines] == scene()
