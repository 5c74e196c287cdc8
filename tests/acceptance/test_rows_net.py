"""The room hears that nobody beyond it can be reached, that answers are not heard, and no more."""

from monitor.effects import Send
from monitor.engine import Engine
from monitor.events import HubCondition, Tick
from tests.sessions import flat, opened, run
from tests.timeline import Timeline


def say(line: Timeline, condition: str, *, present: bool) -> None:
    """The hub says one of its conditions now."""
    line.send(HubCondition(at_ms=line.now_ms, condition=condition, present=present, detail="dns"))


def test_a_lost_network_is_low_then_medium() -> None:
    """NET-DOWN: one alarm, upgraded in place."""
    line = Timeline().at(100)
    say(line, "network", present=True)
    assert line.story(until=190) == ["100 raised NET-DOWN low"]
    say(line, "network_long", present=True)
    assert line.story(until=200) == ["190 upgraded NET-DOWN+ medium"]
    say(line, "network_long", present=False)
    say(line, "network", present=False)
    assert line.story(until=201) == [
        "200 cleared NET-DOWN+ low",
        "200 downgraded NET-DOWN low",
        "200 cleared NET-DOWN low",
    ]


def test_a_lost_network_tells_the_room_and_the_companion_alone() -> None:
    """Nobody is called by the way that is down, however long it lasts."""
    engine = Engine()
    effects = run(
        engine,
        [
            opened(),
            *(
                HubCondition(at_ms=1_000, condition=name, present=True, detail="dns")
                for name in ("network", "network_long")
            ),
            *(Tick(at_ms=at_ms) for at_ms in range(2_000, 900_000, 1_000)),
        ],
    )
    told = {
        effect.contact
        for effect in flat(effects)
        if isinstance(effect, Send) and effect.alarm == "network@1000"
    }
    assert told == {"ann"}


def test_deaf_ways_and_a_dark_lamp_are_low_and_end_with_the_last_of_them() -> None:
    """Two ways that do not hear are one alarm."""
    line = Timeline().at(100)
    say(line, "channel:ntfy", present=True)
    say(line, "channel:sms", present=True)
    say(line, "room:light", present=True)
    assert line.story(until=101) == ["100 raised CH-DEAF low", "100 raised ROOM-AID low"]
    for name in ("channel:ntfy", "channel:sms", "room:light"):
        say(line, name, present=False)
    assert line.story(until=102) == ["101 cleared CH-DEAF low", "101 cleared ROOM-AID low"]
