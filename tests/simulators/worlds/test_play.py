"""Every kind of happening happens in its world, at its time; the same seed is the same world."""

from typing import Any

import pytest
from numpy.random import default_rng

from alerts.delivery import DeliveryState
from devices.command import CancelHelp
from devices.observation import Mode
from monitor.session import Phase
from simulators.chain import Fate
from simulators.checkers import checkers
from simulators.worlds.home import Home
from simulators.worlds.played import Played
from simulators.worlds.reader import read_scenario
from simulators.worlds.script import play
from tests.timeline import DEFAULT


def world(text: str = "", seed: int = 3, length_min: int = 8) -> Played:
    """Play a scenario of eight minutes after the dose that holds this text."""
    head = f'name = "x"\ntitle = "x"\nlength_min = {length_min}\n'
    played = play(read_scenario(head + text, "x.toml"), seed, default_rng(seed), DEFAULT)
    assert played.unkept == []
    return played


def since_dose(played: Played, at_ms: int) -> float:
    """Seconds after the dose."""
    assert played.dose_ms is not None
    return (at_ms - played.dose_ms) / 1000


def rows(played: Played, first_s: float, last_s: float) -> list[str]:
    """Rows that became present in this time."""
    return [
        row for at_ms, row in played.seen.present if first_s <= since_dose(played, at_ms) <= last_s
    ]


def happening(kind: str, at_min: float, **fields: Any) -> str:
    """One happening as TOML."""
    lines = [f"[[{kind}]]", f'name = "it{kind}"', f"at_min = {at_min}"]
    for name, value in fields.items():
        lines.append(f"{name} = {value if not isinstance(value, str) else repr(value)}")
    return "\n".join(lines) + "\n"


def test_the_same_seed_is_the_same_world_and_another_is_another() -> None:
    """The digest is over every effect."""
    first, again, other = world(seed=1), world(seed=1), world(seed=2)
    assert (first.digest == again.digest, first.lines == again.lines) == (True, True)
    assert first.digest != other.digest


def test_people_go_through_the_gate_and_the_session_runs() -> None:
    """Two readings, the proofs, the dose; nobody is paged for nothing."""
    played = world()
    assert [change.phase for change in played.phases] == ["gate", "onset"]
    assert (len(played.seen.readings) >= 2, played.ended_in) == (True, Phase.ONSET.value)


@pytest.mark.parametrize(
    ("event", "numbers"),
    [("apnoea", "hold_ms = 100000"), ("obstruction", "depth_pct = 14.0")],
)
def test_a_body_event_is_seen_by_the_device(event: str, numbers: str) -> None:
    """Saturation falls, and a row of oxygen says so."""
    text = f'[[body]]\nname = "it"\nat_min = 2\nevent = "{event}"\nnumbers = {{ {numbers} }}\n'
    found = rows(world(text), 120, 420)
    assert {"SPO2-FAST", "SPO2-WARN", "SPO2-LOW"} & set(found)


def test_what_the_companion_says_and_sees_reaches_the_hub() -> None:
    """Said at its time; seen at the check-in of T+5."""
    said = world(happening("says", 3, codes="W3 B0 C0 D0 X0"))
    seen = world(happening("sees", 2, codes="W2 B0 C0 D0 X0", for_s=300))
    assert ("SED-2" in rows(said, 179, 181), "SED-3" in rows(seen, 200, 420)) == (True, True)


def test_orders_are_given_by_whom_the_scenario_names() -> None:
    """An alarm is named by its family; one that is not open is nobody's."""
    text = happening("order", 3, do="help") + happening("away", 2.9, who="companion", for_s=200)
    text += '[[away]]\nname = "b"\nwho = "physician"\nat_min = 2.9\nfor_s = 200\n'
    for index, (family, by) in enumerate((("panic", "backup"), ("sedation", "companion"))):
        text += (
            f'[[order]]\nname = "o{index}"\nat_min = 3.2\nby = "{by}"\ndo = "accept"\n'
            f'fields = {{ alarm = "{family}" }}\n'
        )
    lines = [
        (line.transition.value, line.by)
        for line in world(text).lines
        if line.row == "PANIC" and line.by is not None
    ]
    assert lines[0] == ("accepted", "dr-roy")


def test_a_further_dose_is_taken_by_the_body() -> None:
    """And is an alarm."""
    played = world(happening("order", 3, do="extra_dose"))
    assert "DOSE-EXTRA" in rows(played, 179, 181)


def test_the_network_is_lost_and_comes_back() -> None:
    """NET-DOWN after 30 s, for long after 120 s, gone with the network."""
    played = world(happening("hub", 2, what="network", for_s=180))
    short = world(happening("hub", 2, what="network", for_s=20))
    told = [
        (since_dose(played, line.at_ms), line.transition.value, line.row)
        for line in played.lines
        if line.row.startswith("NET-DOWN")
    ]
    assert told[0] == (150.0, "raised", "NET-DOWN")
    assert (240.0, "upgraded", "NET-DOWN+") in told
    assert {(300.0, "cleared", "NET-DOWN"), (300.0, "cleared", "NET-DOWN+")} <= set(told)
    assert rows(short, 120, 480).count("NET-DOWN") == 0


def test_a_condition_of_the_hub_holds_for_its_time() -> None:
    """A broken loudspeaker."""
    played = world(happening("hub", 2, what="condition", condition="sound", for_s=60))
    lines = [line.transition.value for line in played.lines if line.row == "NO-SOUND"]
    assert (lines[0], lines[-1]) == ("raised", "cleared")


def test_a_step_of_the_wall_clock_moves_no_deadline() -> None:
    """The same alarms as without it."""
    stepped = world(happening("hub", 2, what="clock", gap_s=3600))
    assert [line.row for line in stepped.lines if line.row != "CLOCK"] == [
        line.row for line in world().lines
    ]


def test_a_killed_hub_comes_back_and_says_so() -> None:
    """What became due in between is record only."""
    played = world(happening("hub", 2, what="kill", for_s=30))
    assert "MONITOR-DOWN" in rows(played, 149, 151)


@pytest.mark.parametrize(
    ("fault", "for_s", "fields", "row"),
    [
        ("restart", 30, "{}", "MONITOR-DOWN"),
        ("network_down", 60, "{}", "NET-DOWN"),
        ("broker_down", 20, "{}", "BROKER-DOWN"),
        ("hub_clock", 60, "{ step_s = 3600.0 }", "CLOCK"),
        ("drop_out", 40, "{ told = true }", "STALE"),
    ],
)
def test_every_fault_of_a_home_can_be_in_a_scenario(
    fault: str, for_s: int, fields: str, row: str
) -> None:
    """By its own name; what the hub's own watchers see of it is told as well."""
    text = f'[[fault]]\nname = "it"\nat_min = 2\nfault = "{fault}"\nfor_s = {for_s}\n'
    played = world(f"{text}fields = {fields}\n")
    assert row in rows(played, 119, 300)


def test_who_is_away_by_a_fault_does_nothing() -> None:
    """And a hub that is dead already is not killed again."""
    text = '[[fault]]\nname = "a"\nat_min = 2\nfault = "away"\nfor_s = 300\n'
    for name in ("b", "c"):
        text += f'[[fault]]\nname = "{name}"\nat_min = 3\nfault = "restart"\nfor_s = 20\n'
    played = world(text)
    said = [since_dose(played, one.at_ms) for one in played.seen.said if one.by == "sam"]
    assert [at_s for at_s in said if 120 <= at_s < 420] == []
    assert rows(played, 180, 210).count("MONITOR-DOWN") == 1


def test_a_scenario_without_a_dose_ends_by_itself() -> None:
    """The companion confirms none, and 60 minutes are the bound."""
    text = 'name = "x"\ntitle = "x"\nno_dose = true\nlength_min = 14\n'
    played = play(read_scenario(text, "x"), 0, default_rng(1), DEFAULT)
    assert (played.dose_ms, played.ended_in, played.watched_ms) == (None, "gate", 14 * 60_000)


def test_a_dose_that_is_ordered_is_taken() -> None:
    """Before the gate was passed it is an alarm, and what counts from the dose is played."""
    text = 'name = "x"\ntitle = "x"\nno_dose = true\nlength_min = 6\n[[order]]\nname = "d"\n'
    text += 'after = "open"\nat_min = 3\ndo = "dose"\n' + happening("order", 1, do="help")
    played = play(read_scenario(text, "x"), 0, default_rng(1), DEFAULT, checkers(DEFAULT))
    assert ("DOSE-EARLY" in rows(played, 0, 1), "PANIC" in rows(played, 59, 61)) == (True, True)


def test_a_stranger_in_the_home_is_a_mistake_of_the_scenario() -> None:
    """It is said, never dropped."""
    scenario = read_scenario('name = "x"\ntitle = "x"\n', "x")
    home = Home(scenario, Played("x", 0), default_rng(1), DEFAULT)
    home.on_dose(0)
    with pytest.raises(LookupError, match="tom is none of the people"):
        home.do("tom", CancelHelp(session="s1", mode=Mode.TEST), 0)


def test_a_cuff_follows_its_script_and_a_call_back_is_made() -> None:
    """Severe and confirmed: the physician is asked to call the room, and does."""
    text = (
        '[[cuff]]\nname = "high"\nat_min = 15\n'
        "readings = [[188, 114], [186, 112], [186, 112], [186, 112]]\n"
    )
    played = world(text, length_min=32)
    shown = [one.sbp_x100 for one in played.seen.readings if one.at_ms > (played.dose_ms or 0)]
    assert (shown[:2], "CalledBack" in [one.what for one in played.seen.said]) == (
        [188_00, 186_00],
        True,
    )


def test_a_message_that_was_withdrawn_is_heard_of_no_more() -> None:
    """What becomes of it is nobody's news."""
    scenario = read_scenario('name = "x"\ntitle = "x"\n', "x")
    home = Home(scenario, Played("x", 0), default_rng(1), DEFAULT)
    home._withdrawn.add("a@0/sam")
    home._fate("a@0/sam", Fate(0, DeliveryState.DELIVERED))(1_000)
    assert home.played.reached == []
