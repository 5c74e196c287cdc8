"""`vigil replay` on recordings, line by line of its contract; journals are in integration/."""

import gzip
import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitor.commands.main import app
from monitor.commands.replay import _clock
from tests.recorded import DATA

FALL = "t_s,spo2\n" + "".join(f"{t_s},{97 if t_s < 140 else 85}\n" for t_s in range(120, 165))
NAMES = [
    "record",
    "at_ms",
    "id",
    "family",
    "alarm",
    "transition",
    "priority",
    "class",
    "kind",
    "value",
    "limit",
    "reason",
]


def vigil(*arguments: str | Path) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def lines(result: Result) -> list[dict[str, Any]]:
    """Return every JSON line of standard output; anything else there fails."""
    assert (result.exit_code, result.exception) == (0, None)
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def fall(tmp_path: Path) -> Path:
    """A night whose SpO2 falls at 140 s."""
    path = tmp_path / "fall.csv"
    path.write_text(FALL, encoding="utf-8")
    return path


def test_json_is_one_object_a_line_and_nothing_else(fall: Path) -> None:
    """Twelve names in their order; a record that starts at 120 s says 150 s, not 30."""
    result = vigil("replay", fall, "--json")
    got = lines(result)
    assert [[*line] for line in got] == [NAMES] * 3
    assert got[0] == {
        "record": "fall.csv",
        "at_ms": 150_000,
        "id": "oxygen@150000",
        "family": "oxygen",
        "alarm": "SPO2-LOW",
        "transition": "raised",
        "priority": "high",
        "class": "A",
        "kind": "P",
        "value": 85.0,
        "limit": 88.0,
        "reason": "SpO2 low: 85 for 10 s",
    }
    assert [(line["at_ms"], line["alarm"], line["transition"]) for line in got[1:]] == [
        (160_000, "SPO2-WARN", "joined"),
        (163_000, "SPO2-FAST", "joined"),
    ]
    why = "is off: no device of this session measures the respiratory rate"
    assert result.stderr.splitlines() == [
        f"fall.csv: {row} {why}" for row in ("RR-LOW1", "RR-LOW2", "RR-HIGH")
    ]


def test_without_json_a_line_has_tabs_when_nobody_looks(fall: Path) -> None:
    """Plain lines on a pipe, never cut to a width."""
    result = vigil("replay", fall)
    assert result.stdout.splitlines() == [
        "record\ttime\talarm\twhat\tpriority\treason",
        "fall.csv\t0:02:30.000\tSPO2-LOW\traised\thigh A\tSpO2 low: 85 for 10 s",
        "fall.csv\t0:02:40.000\tSPO2-WARN\tjoined\thigh A\tSpO2 below 92 %: 85 for 20 s",
        "fall.csv\t0:02:43.000\tSPO2-FAST\tjoined\thigh A\tSpO2 is falling fast: 85, was 97",
    ]


@pytest.mark.parametrize(
    ("at_ms", "text"),
    [(0, "0:00:00.000"), (3_723_004, "1:02:03.004"), (-61_500, "-0:01:01.500")],
)
def test_a_time_is_hours_minutes_and_seconds(at_ms: int, text: str) -> None:
    """Negative before the record's zero."""
    assert _clock(at_ms) == text


def test_gz_json_lines_and_csv_say_the_same(fall: Path, tmp_path: Path) -> None:
    """Three files of one recording; the name of the file is the name of the record."""
    zipped = tmp_path / "a.csv.gz"
    zipped.write_bytes(gzip.compress(FALL.encode()))
    jsonl = tmp_path / "b.jsonl"
    rows = [line.split(",") for line in FALL.splitlines()[1:]]
    jsonl.write_text("".join(json.dumps({"t_s": int(t), "spo2": int(v)}) + "\n" for t, v in rows))
    said = [lines(vigil("replay", path, "--json")) for path in (fall, zipped, jsonl)]
    names = [{line.pop("record") for line in some} for some in said]
    assert names == [{"fall.csv"}, {"a.csv.gz"}, {"b.jsonl"}]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) == 3


def test_a_row_that_is_off_is_said_once_a_record_on_stderr(tmp_path: Path) -> None:
    """Two records of one value a minute: the same eight rows for each."""
    path = tmp_path / "slow.csv"
    body = "".join(f"{name},{t_s},97\n" for name in "ab" for t_s in range(0, 600, 60))
    path.write_text("record,t_s,spo2\n" + body, encoding="utf-8")
    result = vigil("replay", path, "--json")
    off = [line.split(" is off: ") for line in result.stderr.splitlines()]
    counted = Counter(row for row, _ in off)
    assert {*counted.values()} == {1}
    assert [row for row, _ in off if row.startswith("a")] == [
        "a" + row[1:] for row, _ in off if row.startswith("b")
    ]
    assert ["a: SPO2-WARN", "delay 20 s is under two sample intervals of 60000 ms"] in off


def test_a_record_without_anything_to_judge_is_named(tmp_path: Path) -> None:
    """It is no error: nothing was measured."""
    path = tmp_path / "rr.csv"
    path.write_text("t_s,rr\n0,12\n", encoding="utf-8")
    result = vigil("replay", path, "--json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("rr.csv: nothing in it can be judged\n")


def test_a_plan_is_a_name_or_a_file(fall: Path, tmp_path: Path) -> None:
    """The same plan as a file gives the same lines; one without the row gives none."""
    own = tmp_path / "own.toml"
    own.write_text('extends = "vitals_only"\nname = "own"\nonly = ["SPO2-WARN"]\n')
    by_name = lines(vigil("replay", fall, "--json", "--plan", "vitals_only"))
    assert by_name == lines(vigil("replay", fall, "--json"))
    assert [line["alarm"] for line in lines(vigil("replay", fall, "--json", "--plan", own))] == [
        "SPO2-WARN"
    ]
    gate = vigil("replay", fall, "--json", "--plan", "default")
    assert {line["record"] for line in lines(gate)} <= {"fall.csv"}


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        ("nothing", "there is no plan 'nothing'; write one of default, rehearsal, vitals_only"),
        (
            "gone.toml",
            "gone.toml cannot be read ([Errno 2] No such file or directory: 'gone.toml')",
        ),
    ],
)
def test_a_plan_that_is_not_there_is_named(plan: str, fault: str, fall: Path) -> None:
    """Exit code 2."""
    result = vigil("replay", fall, "--plan", plan)
    assert (result.exit_code, result.stdout) == (2, "")
    assert fault in result.stderr


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("none.csv", None, "none.csv cannot be read"),
        ("bytes.csv", b"\xff\xfe\xfd", "bytes.csv cannot be read ('utf-8' codec can't decode"),
        ("cut.csv.gz", gzip.compress(FALL.encode(), mtime=0)[:-20], "cut.csv.gz cannot be read"),
        ("bad.gz", b"\x1f\x8b" + b"\x08" + b"\0" * 7 + b"\xff" * 40, "bad.gz cannot be read"),
        ("nogz.gz", b"\x1f\x8bnothing", "nogz.gz cannot be read"),
        ("late.csv", b"t_s,spo2\n5,97\n4,97\n", "late.csv: line 3: t_s 4 is earlier"),
        ("json.jsonl", b"{]\n", "json.jsonl: line 1: is no JSON"),
        ("empty.csv", b"", "empty.csv: line 1: is empty"),
    ],
)
def test_a_bad_file_is_named_with_what_to_do(
    name: str, data: bytes | None, fault: str, tmp_path: Path
) -> None:
    """Exit code 2, one message, no traceback, nothing on standard output."""
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    result = vigil("replay", path, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("vigil: ")
    assert fault in result.stderr


def test_too_much_text_is_refused_not_cut(
    fall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it only unpacks to too much."""
    zipped = tmp_path / "f.csv.gz"
    zipped.write_bytes(gzip.compress(FALL.encode()))
    monkeypatch.setattr("monitor.commands.replay._MOST_BYTES", 200)
    for path in (fall, zipped):
        result = vigil("replay", path)
        assert result.exit_code == 2
        assert result.stderr == (
            f"vigil: {path} has more than 0 MiB of text; cut it into records\n"
        )


def recorded(name: str) -> Path:
    """Return a file of real recordings, or skip."""
    path = DATA / name
    if not path.exists():
        pytest.skip("needs ../shared")
    return path


def drop_outs(path: Path, least_ms: int) -> list[tuple[str, int, int]]:
    """Return (record, last value before, first after) of each silence of SpO2 that is longer."""
    found, last = [], dict[str, int]()
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        header = stream.readline().strip().split(",")
        for text in stream:
            row = dict(zip(header, text.rstrip("\n").split(","), strict=True))
            if not row["spo2"]:
                continue
            at_ms, name = round(float(row["t_s"]) * 1000), row["record"]
            if name in last and at_ms - last[name] > least_ms:
                found.append((name, last[name], at_ms))
            last[name] = at_ms
    return found


@pytest.mark.parametrize(
    ("name", "interval_ms", "silence_ms"),
    [("bidmc_1hz.csv.gz", 1_000, 10_000), ("mimic_s00001_1min.csv.gz", 60_000, 180_000)],
)
def test_only_real_drop_outs_are_silences(name: str, interval_ms: int, silence_ms: int) -> None:
    """Each silence alarm lies in a gap of the file; each gap that is long enough has one.

    One value a minute is no silence: the limits are three intervals of the recording.
    """
    path = recorded(name)
    said = lines(vigil("replay", path, "--json"))
    silent = [line for line in said if line["alarm"] in ("STALE", "SIG-LOST", "SIG-LOST+")]
    began = [line for line in silent if line["transition"] in ("raised", "joined", "upgraded")]
    gaps = drop_outs(path, silence_ms)
    for line in began:
        assert any(
            line["record"] == record and after_ms < line["at_ms"] <= before_ms
            for record, after_ms, before_ms in gaps
        ), line
    for record, after_ms, before_ms in gaps:
        if before_ms - after_ms > silence_ms:
            at_ms = [
                line["at_ms"]
                for line in began
                if line["record"] == record and line["alarm"] == "STALE"
            ]
            assert after_ms + silence_ms in at_ms
    poor = [
        line
        for line in said
        if line["alarm"] == "SIG-BAD" and line["transition"] in ("raised", "joined", "upgraded")
    ]
    assert all(
        any(
            r == line["record"] and a < line["at_ms"]
            for r, a, _ in drop_outs(path, 2 * interval_ms)
        )
        for line in poor
    )


@pytest.mark.long
def test_a_recording_without_an_oximeter_has_no_silence(tmp_path: Path) -> None:
    """Cuff readings of real stays, some before admission: pressure and implausible only."""
    path = tmp_path / "stays.csv"
    with gzip.open(recorded("eicu_nibp_300_stays.csv.gz"), "rt", encoding="utf-8") as stream:
        path.write_text("".join(islice(stream, 5_000)), encoding="utf-8")
    result = vigil("replay", path, "--json")
    got = lines(result)
    assert {line["family"] for line in got} == {
        "pressure_high",
        "pressure_low",
        "pressure_data",
        "data",
    }
    assert min(line["at_ms"] for line in got) < 0
    off = {line.split(": ", 1)[1] for line in result.stderr.splitlines()}
    assert "SIG-LOST is off: the recording has no oximeter" in off
