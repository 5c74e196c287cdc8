"""A recording becomes events exactly as it is written; every fault names its line and its cure."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from monitor.events import Reading, SessionOpened
from monitor.patient import DeviceBinding, Patient
from monitor.recordings import Recording, RecordingError, opened, read_csv, read_jsonl
from tests.recorded import plan

OX, CUFF = "recorded-oximeter", "recorded-cuff"


def reading(at_ms: int, seq: int, *values: tuple[Metric, int], cuff: bool = False) -> Reading:
    """Return what one line becomes."""
    report = DeviceReport(
        device=CUFF if cuff else OX,
        kind=DeviceKind.CUFF if cuff else DeviceKind.OXIMETER,
        mode=Mode.TEST,
        observations=tuple(Observation(metric, value) for metric, value in values),
        seq=seq,
    )
    return Reading(at_ms=at_ms, report=report)


def test_a_csv_with_every_column() -> None:
    """Known columns become one oximeter and one cuff report a line; others are ignored."""
    text = (
        "t_s, spo2,hr,pulse,pi,rr,sbp,dbp,map\r\n"
        "0,97.7,70,71,1.5,12,120,80,93\r\n"
        "\r\n"
        "1,,,,,13,,,\r\n"
        "2.0004, 96 ,,,,,,,\r\n"
    )
    first = ((Metric.SPO2, 9_770), (Metric.PULSE, 7_100), (Metric.PI, 150), (Metric.RR, 1_200))
    pressure = ((Metric.SBP, 12_000), (Metric.DBP, 8_000), (Metric.MAP, 9_300))
    assert read_csv(text, "night.csv") == [
        Recording(
            "night.csv",
            [
                reading(0, 0, *first),
                reading(0, 1, *pressure, cuff=True),
                reading(2_000, 2, (Metric.SPO2, 9_600)),
            ],
            2_000,
            has_cuff=True,
            has_breathing=True,
        )
    ]


def test_records_stand_apart_in_the_order_of_their_first_lines() -> None:
    """The column `record` may go to and fro; an empty one means the file."""
    text = "record,t_s,pulse\nb,5,60\na,0,61\nb,6,62\n,0,63\n"
    assert read_csv(text, "f.csv") == [
        Recording(
            "b",
            [reading(5_000, 0, (Metric.PULSE, 6_000)), reading(6_000, 1, (Metric.PULSE, 6_200))],
            1_000,
            has_cuff=False,
        ),
        Recording("a", [reading(0, 0, (Metric.PULSE, 6_100))], 1_000, has_cuff=False),
        Recording("f.csv", [reading(0, 0, (Metric.PULSE, 6_300))], 1_000, has_cuff=False),
    ]


@pytest.mark.parametrize(
    ("times", "interval_ms"),
    [
        ("0 60 120 600", 60_000),
        ("0 0 0 2 4", 2_000),
        ("7", 1_000),
        ("3 3", 1_000),
        ("-120 -60 0", 60_000),
    ],
    ids=["a gap is no interval", "one instant twice", "one line", "no step", "before zero"],
)
def test_the_interval_is_the_median_step(times: str, interval_ms: int) -> None:
    """Steps of zero say nothing; a single line is taken for one a second."""
    text = "t_s,spo2\n" + "".join(f"{t_s},97\n" for t_s in times.split())
    (recording,) = read_csv(text, "f.csv")
    assert recording.interval_ms == interval_ms
    assert [r.at_ms for r in recording.readings] == [int(t) * 1000 for t in times.split()]


def test_json_lines_are_the_same_recording() -> None:
    """Numbers or text, null or nothing for what was not measured; other keys are ignored."""
    text = (
        '{"t_s": 0, "spo2": 97.7, "record": 7, "note": "x\u2028y"}\n'
        "\n"
        '{"t_s": "1", "spo2": null, "pulse": "70", "record": 7}\n'
        '{"t_s": 2, "sbp": 120, "dbp": 80, "record": 7}'
    )
    assert read_jsonl(text, "f.jsonl") == [
        Recording(
            "7",
            [
                reading(0, 0, (Metric.SPO2, 9_770)),
                reading(1_000, 1, (Metric.PULSE, 7_000)),
                reading(2_000, 2, (Metric.SBP, 12_000), (Metric.DBP, 8_000), cuff=True),
            ],
            1_000,
            has_cuff=True,
        )
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: is empty; write a header line such as t_s,spo2"),
        ("\nt_s,spo2\n", "line 1: is empty; write a header line such as t_s,spo2"),
        ("time,spo2\n0,97\n", "line 1: no column t_s (seconds from the start); add it"),
        (
            "t_s,hr\n0,70\n",
            "line 1: none of the columns spo2, pulse, pi, rr, sbp, dbp, map; name one so",
        ),
        ("t_s,spo2,spo2\n0,97,97\n", "line 1: column spo2 is there twice; rename one"),
        ("t_s,spo2\n", "holds no line of values; write one a measurement"),
        (
            "t_s,spo2\n0,97\n1\n",
            "line 3: has 1 fields and the header 2; leave a field empty for what was not measured",
        ),
        (
            "t_s,spo2\n0,97,1\n",
            "line 2: has 3 fields and the header 2; leave a field empty for what was not measured",
        ),
        (
            't_s,spo2\n0,"97\n',
            "line 2: is no CSV: unexpected end of data; write fields with commas between them",
        ),
        ("t_s,spo2\n,97\n", "line 2: t_s is empty; write the seconds from the record's start"),
        (
            "t_s,spo2\nsoon,97\n",
            (
                "line 2: t_s: 'soon' is no number; write one, or leave it empty if nothing was"
                " measured"
            ),
        ),
        (
            "t_s,spo2\n1_0,97\n",
            "line 2: t_s: '1_0' is no number; write one, or leave it empty if nothing was measured",
        ),
        (
            "t_s,spo2\n0,nan\n",
            "line 2: spo2: 'nan' is outside -1e+06 to 1e+06; correct it, or leave it empty",
        ),
        (
            "t_s,spo2\n1e9,97\n",
            (
                "line 2: t_s: '1e9' is outside -3.16224e+08 to 3.16224e+08; correct it, or leave it"
                " empty"
            ),
        ),
        ("t_s,spo2\n5,97\n4,97\n", "line 3: t_s 4 is earlier than the line before; sort it"),
        (
            "record,t_s,spo2\na\tb,0,97\n",
            "line 2: record 'a\\tb' is no name of up to 200 printable characters; write one",
        ),
        (
            "record,t_s,spo2\n" + "n" * 201 + ",0,97\n",
            f"line 2: record '{'n' * 40}' is no name of up to 200 printable characters; write one",
        ),
    ],
)
def test_a_bad_csv_names_the_line_the_fault_and_the_cure(text: str, fault: str) -> None:
    """One message a file: the first fault."""
    with pytest.raises(RecordingError) as caught:
        read_csv(text, "f.csv")
    assert str(caught.value) == f"f.csv: {fault}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[1]\n", "line 1: is no JSON object; write {...}"),
        (
            '{"t_s": 0\n',
            (
                "line 1: is no JSON (Expecting ',' delimiter: line 1 column 10 (char 9)); write one"
                " object a line"
            ),
        ),
        (
            '\n{"t_s": 0, "spo2": true}',
            "line 2: spo2: True is no number; write one, or leave it empty if nothing was measured",
        ),
        (
            '{"t_s": 0, "spo2": [97]}',
            "line 1: spo2: [97] is no number; write one, or leave it empty if nothing was measured",
        ),
        (
            '{"t_s": 0, "spo2": 1' + "0" * 400 + "}",
            (
                f"line 1: spo2: 1{'0' * 39} is no number;"
                " write one, or leave it empty if nothing was measured"
            ),
        ),
        (
            '{"t_s": 0, "hr": 70}',
            "no line has any of spo2, pulse, pi, rr, sbp, dbp, map; name a value so",
        ),
        (
            '{"t_s": 0, "spo2": 97, "record": [1]}',
            "line 1: record is neither text nor a whole number; write a name",
        ),
        (
            '{"t_s": 0, "spo2": 97, "record": "\\ud800"}',
            "line 1: record '\\ud800' is no name of up to 200 printable characters; write one",
        ),
    ],
)
def test_a_bad_json_line_is_named_too(text: str, fault: str) -> None:
    """As in a CSV."""
    with pytest.raises(RecordingError) as caught:
        read_jsonl(text, "f.jsonl")
    assert str(caught.value) == f"f.jsonl: {fault}"


def read_or_refuse(read: Callable[[str, str], list[Recording]], text: str) -> bool:
    """Return whether there is a record, or an error that names the file."""
    try:
        return bool(read(text, "f"))
    except RecordingError as error:
        return str(error).startswith("f: ")


FIELDS = st.sampled_from(["0", "1", "97", "-3", "1e400", "nan", "x", "", '"', "1_0", "\x00", "½"])
LINES = st.lists(st.lists(FIELDS, max_size=4).map(",".join), max_size=5).map("\n".join)


@given(st.text() | LINES.map(lambda body: "record,t_s,spo2,sbp\n" + body))
@example("t_s,spo2\n" + "9" * 200_000 + ",1\n")
def test_random_text_is_a_recording_or_a_recording_error(text: str) -> None:
    """Nothing else is ever raised by the CSV reader."""
    assert read_or_refuse(read_csv, text)


VALUES: st.SearchStrategy[object] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.integers(), max_size=2)
)
OBJECTS = st.dictionaries(st.sampled_from(["t_s", "spo2", "sbp", "record", "x"]), VALUES)


@given(st.text() | st.lists(OBJECTS).map(lambda rows: "\n".join(json.dumps(row) for row in rows)))
@example("[" * 100_000)
@example('{"t_s": ' + "9" * 5_000 + "}")
def test_random_json_is_a_recording_or_a_recording_error(text: str) -> None:
    """Nothing else is ever raised by the reader of JSON lines."""
    assert read_or_refuse(read_jsonl, text)


def test_a_record_opens_at_its_first_reading_with_the_streams_that_it_has() -> None:
    """A record whose t_s starts at 120 opens at 120 s, in mode test."""
    (recording,) = read_csv("record,t_s,spo2,sbp,dbp\na,120,97,,\na,180,97,120,80\n", "f.csv")
    vitals = plan("vitals_only")
    assert opened(recording, vitals) == SessionOpened(
        at_ms=120_000,
        session="a",
        mode=Mode.TEST,
        patient=Patient(
            id="a",
            name="a",
            devices=(
                DeviceBinding(OX, DeviceKind.OXIMETER, 60_000),
                DeviceBinding(CUFF, DeviceKind.CUFF),
            ),
        ),
        plan=vitals,
    )


def test_a_record_without_a_value_that_is_judged_opens_with_nothing() -> None:
    """Respiration alone is no oximeter."""
    (recording,) = read_csv("t_s,rr\n60,12\n", "f.csv")
    assert recording == Recording("f.csv", [], None, has_cuff=False)
    event = opened(recording, plan("vitals_only"))
    assert (event.at_ms, event.patient.devices) == (0, ())
