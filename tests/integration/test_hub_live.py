"""What a running hub decides of a stream of readings is what a replay of the same file decides."""

import asyncio
import csv
import gzip
import json
import os
from pathlib import Path

import pytest

from alerts.condition import Transition
from devices.broker import BrokerKind
from devices.observation import DeviceKind, DeviceReport, Mode, pulse_bpm, spo2_pct
from monitor.effects import AlarmChanged
from monitor.events import Reading
from tests.integration.hub_house import OXIMETER, ROOT, RunningHub, house, until
from tests.integration.test_hub_loss import publishing

pytestmark = pytest.mark.integration

DATA = ROOT.parent / "shared" / "data" / "uw_varied_fio2.csv.gz"
LONG = os.environ.get("VIGIL_LONG") == "1"
# Around the fall of one person: the alarm rises, is joined, upgraded and partly cleared.
FROM_S, TO_S = (360, 960) if LONG else (860, 920)

Line = tuple[int, str, str, str, str, str | None]
"""Whole second, number of the alarm, row, transition, priority, class."""


def excerpt() -> list[tuple[int, float, float]]:
    """Second, SpO2 and pulse of the excerpt, from second 0."""
    if not DATA.exists():
        pytest.skip("needs ../shared")
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["record"] == "uw_100004"]
    return [
        (round(float(row["t_s"])) - FROM_S, float(row["spo2"]), float(row["pulse"]))
        for row in rows
        if FROM_S <= float(row["t_s"]) < TO_S
    ]


def replayed(hub: RunningHub, samples: list[tuple[int, float, float]]) -> list[Line]:
    """The lines of `vigil replay` of the excerpt as a file."""
    path = hub.folder / "excerpt.csv"
    path.write_text("t_s,spo2,pulse\n" + "".join(f"{t},{s},{p}\n" for t, s, p in samples))
    done = hub.command("replay", str(path), "--json")
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    ids = list(dict.fromkeys(line["id"] for line in found))
    return [
        (
            round(line["at_ms"] / 1000),
            str(ids.index(line["id"])),
            line["alarm"],
            line["transition"],
            line["priority"],
            line["class"],
        )
        for line in found
    ]


def lived(hub: RunningHub, start_ms: int, end_ms: int, session: str) -> list[Line]:
    """The alarm lines in the hub's own record, as `replayed` gives them."""
    found = [
        effect
        for record in hub.records(session)
        for effect in record.effects
        if isinstance(effect, AlarmChanged)
        and effect.transition is not Transition.REPEATED
        and effect.at_ms <= end_ms
    ]
    ids = list(dict.fromkeys(line.id for line in found))
    return [
        (
            round((line.at_ms - start_ms) / 1000),
            str(ids.index(line.id)),
            line.row,
            line.transition.value,
            line.priority.value,
            None if line.alarm_class is None else line.alarm_class.value,
        )
        for line in found
    ]


@pytest.mark.timeout(800)
async def test_live_is_replay(tmp_path: Path) -> None:
    """At real time through a broker: the same rows, transitions and order, times within 1 s.

    The hub's own record is unchanged by its hashes and replays to the same bytes.
    """
    samples = excerpt()
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        assert hub.broker is not None
        hub.patient()
        await hub.start()
        async with publishing(hub.broker) as publisher:
            await until(lambda: publisher.link.subscribed, 10)
            opened = hub.command(
                "session", "open", "test", "--config", str(hub.folder / "config.toml")
            )
            assert opened.returncode == 0, opened.stderr
            session = (await hub.ask("list"))["sessions"][0]["session"]
            loop = asyncio.get_running_loop()
            start_s = loop.time()
            for t_s, spo2, pulse in samples:
                await asyncio.sleep(max(0.0, start_s + t_s - loop.time()))
                publisher.put(
                    DeviceReport(
                        device=OXIMETER,
                        kind=DeviceKind.OXIMETER,
                        mode=Mode.TEST,
                        observations=(spo2_pct(spo2), pulse_bpm(pulse)),
                    )
                )
            await until(lambda: len(publisher.outbox) == 0, 10)
        times_ms = [event.at_ms for event in hub.events(Reading, session)]
        # The device's leaving, and the silence after it, are no part of the recording.
        lines = lived(hub, times_ms[0], times_ms[-1], session)
        expected = replayed(hub, samples)
        assert [line[1:] for line in lines] == [line[1:] for line in expected]
        late_s = [abs(a[0] - b[0]) for a, b in zip(lines, expected, strict=True)]
        assert max(late_s) <= 1, (lines, expected)
        assert len(lines) >= 4
        journal = str(hub.data_dir / "sessions" / f"{session}.db")
        verified = hub.command("verify", journal)
        assert verified.returncode == 0, verified.stderr
        again = hub.command("replay", journal)
        assert again.returncode == 0, again.stderr
        assert again.stderr.rstrip().endswith("records replay to the same bytes")
