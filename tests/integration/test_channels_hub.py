"""A real hub with fake services: every way in its order, answered by name, and no secret anywhere.

The services fail a test by themselves when the hub asks them for anything that they do not know.
"""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from alerts.delivery import DeliveryState, Verdict
from alerts.ntfy_wire import NtfySettings
from monitor.effects import AlarmChanged, Send
from monitor.events import DeliveryAnswered, DeliveryReported
from simulators.services.faults import Faults
from simulators.services.ntfy import FakeNtfy
from simulators.services.ntfy_server import TOKEN as NTFY_TOKEN
from simulators.services.twilio import FakeTwilio
from simulators.services.twilio_account import TOKEN as TWILIO_TOKEN
from simulators.services.twilio_people import Person
from tests.integration.hub_house import RunningHub, house, until
from tests.integration.test_hub_people import help_is_called

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

NUMBER, TOPIC = "+15550111", "lee-topic-5e1f0c"
NTFY = '{ channel = "ntfy", address = "file:secrets/topic" }'
VOICE = f'{{ channel = "voice", address = "{NUMBER}" }}'
SMS = f'{{ channel = "sms", address = "{NUMBER}" }}'


QUIET = Person(voice=("none",), sms=("",))


def set_up(hub: RunningHub, ntfy: FakeNtfy, twilio: FakeTwilio, ways: Sequence[str]) -> None:
    """Give the hub both services and the physician these ways."""
    secrets = hub.folder / "secrets"
    secrets.mkdir()
    (secrets / "topic").write_text(TOPIC)
    (secrets / "ntfy").write_text(NTFY_TOKEN)
    (secrets / "twilio").write_text(TWILIO_TOKEN)
    notes: NtfySettings = ntfy.settings()
    calls = twilio.settings()
    hub.settings |= {
        "hub": {"public_url": "https://hub.example"},
        "channels.ntfy": {
            "enabled": True,
            "base_url": notes.base_url,
            "answer_topic": notes.answer_topic,
            "token_file": "secrets/ntfy",
        },
        "channels.twilio": {
            "enabled": True,
            "account_sid": calls.account_sid,
            "from_number": calls.from_number,
            "answer_url": calls.answer_url,
            "base_url": calls.base_url,
            "poll_ms": 200,
            "token_file": "secrets/twilio",
        },
    }
    hub.patient(plan="default", ways={"physician": f"ways = [{', '.join(ways)}]"})


def to_the_physician(hub: RunningHub, alarm: str) -> list[Send]:
    """Every message about this alarm to the physician, in order."""
    return [
        effect
        for record in hub.records()
        for effect in record.effects
        if isinstance(effect, Send) and (effect.alarm, effect.contact) == (alarm, "physician")
    ]


def accepted(hub: RunningHub, alarm: str) -> list[str | None]:
    """Who has accepted this alarm, in order."""
    return [
        effect.by
        for record in hub.records()
        for effect in record.effects
        if isinstance(effect, AlarmChanged)
        and (effect.id, effect.transition.value) == (alarm, "accepted")
    ]


def fate(hub: RunningHub, delivery: str) -> list[tuple[str, str]]:
    """What was learnt of one message, in order."""
    told: list[tuple[str, str]] = []
    for record in hub.records():
        event: Any = record.event
        if getattr(event, "delivery", "") != delivery:
            continue
        word = event.state if isinstance(event, DeliveryReported) else event.verdict
        told.append((word.value, event.detail))
    return told


def lines(hub: RunningHub, row: str) -> list[str]:
    """The transitions of one row."""
    return [
        effect.transition.value
        for record in hub.records()
        for effect in record.effects
        if isinstance(effect, AlarmChanged) and effect.row == row
    ]


def secrets_in(hub: RunningHub) -> list[str]:
    """Every file of the hub, its record and its log, that holds a secret."""
    paths = [hub.log_path, *(path for path in hub.data_dir.rglob("*") if path.is_file())]
    words = (NTFY_TOKEN, TWILIO_TOKEN, TOPIC)
    return [
        f"{path.name}: {word}"
        for path in paths
        for word in words
        if word.encode() in path.read_bytes()
    ]


def kept(hub: RunningHub) -> bytes:
    """What the supervisor remembers on disk."""
    path = hub.data_dir / "supervisor.json"
    return path.read_bytes() if path.exists() else b""


async def test_all_ways_in_order_until_a_pressed_key_accepts_by_name(tmp_path: Path) -> None:
    """Nobody looks at the notification; after 15 s the telephone rings, and key 1 is an answer.

    The alarm is accepted by the physician in the record, the notification is withdrawn, and no
    secret is in a record, a database or a log.
    """
    people = {NUMBER: Person(voice=("1",))}
    with FakeNtfy(people=("ignore",)) as ntfy, FakeTwilio(people=people) as twilio:
        async with house(tmp_path) as hub:
            set_up(hub, ntfy, twilio, (NTFY, VOICE))
            await hub.start(speed=4)
            await hub.open()
            alarm = await help_is_called(hub)
            await until(lambda: bool(accepted(hub, alarm)), 30)
            sends = to_the_physician(hub, alarm)
            await until(lambda: len(ntfy.server.phone(TOPIC)) == 1, 5)
            assert [(send.channel, send.address) for send in sends] == [
                ("ntfy", "file:secrets/topic"),
                ("voice", NUMBER),
            ]
            assert (accepted(hub, alarm), fate(hub, sends[1].delivery)) == (
                ["physician"],
                [("sent", "the service is calling"), ("accept", "pressed 1")],
            )
            answered = hub.events(DeliveryAnswered)
            assert [event.verdict for event in answered] == [Verdict.ACCEPT]
            late_ms = sends[1].at_ms - sends[0].at_ms
            assert 15_000 <= late_ms < 17_000
            await until(lambda: "no longer needed" in ntfy.server.phone(TOPIC)[0]["message"], 5)
            assert await hub.stop() == 0
            assert secrets_in(hub) == []


async def test_a_dead_first_way_starts_the_next_at_once(tmp_path: Path) -> None:
    """Nobody listens at ntfy: the text is with the service within a second, and answered YES."""
    with FakeNtfy(Faults(refuse=True)) as ntfy, FakeTwilio(people={NUMBER: Person()}) as twilio:
        async with house(tmp_path) as hub:
            set_up(hub, ntfy, twilio, (NTFY, SMS))
            await hub.start()
            await hub.open()
            alarm = await help_is_called(hub)
            await until(lambda: bool(accepted(hub, alarm)), 15)
            first, second = to_the_physician(hub, alarm)[:2]
            failed = next(e for e in hub.events(DeliveryReported) if e.delivery == first.delivery)
            taken = next(e for e in hub.events(DeliveryReported) if e.delivery == second.delivery)
            assert (failed.state, failed.detail) == (DeliveryState.FAILED, "refused")
            assert (second.channel, second.at_ms, taken.at_ms - failed.at_ms < 1_000) == (
                "sms",
                failed.at_ms,
                True,
            )
            assert accepted(hub, alarm) == ["physician"]
            assert secrets_in(hub) == []


async def test_an_answer_finds_its_alarm_over_a_restart(tmp_path: Path) -> None:
    """The hub is killed after the notification went out; its button still accepts the alarm."""
    late = Faults(late_answer_ms=8_000)
    with FakeNtfy(late, people=("accept",)) as ntfy, FakeTwilio() as twilio:
        async with house(tmp_path) as hub:
            set_up(hub, ntfy, twilio, (NTFY,))
            await hub.start()
            await hub.open()
            alarm = await help_is_called(hub)
            await until(lambda: len(ntfy.server.phone(TOPIC)) == 1, 10)
            (first,) = to_the_physician(hub, alarm)
            hub.kill()
            await hub.start()
            await until(lambda: bool(accepted(hub, alarm)), 20)
            answered = hub.events(DeliveryAnswered)
            assert (accepted(hub, alarm), [event.delivery for event in answered]) == (
                ["physician"],
                [first.delivery],
            )


async def test_a_call_is_ended_when_somebody_takes_the_alarm(
    tmp_path: Path,
) -> None:
    """The service was asked to end the call, and to nothing else: who listens thinks for 30 s."""
    thinks = Faults(late_answer_ms=30_000)
    with FakeNtfy() as ntfy, FakeTwilio(thinks, people={NUMBER: Person()}) as twilio:
        async with house(tmp_path) as hub:
            set_up(hub, ntfy, twilio, (VOICE,))
            await hub.start()
            await hub.open()
            alarm = await help_is_called(hub)
            await until(lambda: bool(fate(hub, to_the_physician(hub, alarm)[0].delivery)), 10)
            reply = await hub.ask(
                "order",
                session="s1",
                by="physician",
                order={"do": "accept", "alarm": alarm},
            )
            assert reply["ok"], reply

            def hung_up() -> bool:
                posts = [one for one in twilio.seen if one.method == "POST"]
                return [one.form().get("Status") for one in posts] == [None, "completed"]

            await until(hung_up, 5)


async def test_a_deaf_way_is_an_alarm_that_ends_over_a_restart(tmp_path: Path) -> None:
    """CH-DEAF stands when the hub is killed; the next hub hears, and it is over for the session."""
    with FakeNtfy() as ntfy, FakeTwilio() as twilio:
        async with house(tmp_path) as hub:
            set_up(hub, ntfy, twilio, (NTFY,))
            ntfy.faults = Faults(refuse=True)
            await hub.start()
            await hub.open()
            await until(lambda: lines(hub, "CH-DEAF") == ["raised"], 45)
            hub.kill()
            ntfy.faults = Faults()
            await hub.start()
            await until(lambda: lines(hub, "CH-DEAF") == ["raised", "cleared"], 70)


async def test_a_secret_that_is_missing_stops_the_start_with_its_name(tmp_path: Path) -> None:
    """Both faults at once; nothing runs with half of its ways."""
    with FakeNtfy() as ntfy, FakeTwilio() as twilio:
        async with house(tmp_path) as hub:
            set_up(hub, ntfy, twilio, (NTFY,))
            for name in ("ntfy", "twilio"):
                (hub.folder / "secrets" / name).unlink()
            hub._write_config()
            done = hub.command("hub", "--config", str(hub.folder / "config.toml"))
            log = done.stdout + done.stderr
            assert (done.returncode, log.count("cannot be read")) == (2, 2), log


async def test_a_killed_hub_is_paged_by_its_supervisor_through_the_services(
    tmp_path: Path,
) -> None:
    """Ntfy is dead: the text goes out at once, in the words of the supervisor.

    Neither its memory on disk nor what it says holds a secret or the topic.
    """
    with FakeNtfy(people=("ignore",)) as ntfy, FakeTwilio(people={NUMBER: QUIET}) as twilio:
        async with house(tmp_path, supervised=True) as hub:
            set_up(hub, ntfy, twilio, (NTFY, SMS))
            await hub.start()
            await hub.open()
            await until(lambda: b'"session_open":true' in kept(hub), 10)
            ntfy.faults = Faults(refuse=True)
            os.kill(hub.hub_pid(), signal.SIGKILL)
            start_s = time.monotonic()
            await until(lambda: bool(twilio.seen), 10)
            took_s = time.monotonic() - start_s
            body = twilio.seen[0].form()["Body"]
            await until(lambda: "by sms sent" in hub.log(), 5)
            assert (took_s < 10, body) == (
                True,
                (
                    "TEST - not a real alarm: The monitor has stopped. Look at the patient now."
                    " No answer is heard."
                ),
            )
            assert "page to Physician by ntfy failed: Connection refused" in hub.log()
            assert secrets_in(hub) == []
