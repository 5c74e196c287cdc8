"""What people do with their hands reaches the body and the devices of their world."""

from numpy.random import default_rng

from simulators.people import Deed
from simulators.worlds.home import Home
from simulators.worlds.played import Played
from simulators.worlds.reader import read_scenario
from tests.timeline import DEFAULT


def test_hands_wake_turn_put_back_and_press() -> None:
    """Each deed has its own end; a press on a busy cuff is tried in test_devices."""
    scenario = read_scenario('name = "x"\ntitle = "x"\n', "x")
    home = Home(scenario, Played("x", 0), default_rng(1), DEFAULT)
    done: list[str] = []
    home.body.rouse = lambda: done.append("rouse")  # type: ignore[method-assign]
    home.body.turn_on_side = lambda: done.append("turn")  # type: ignore[method-assign]
    home.devices.clip_on = lambda: done.append("clip")  # type: ignore[method-assign]
    home.devices.press = lambda at_ms: done.append(f"press {at_ms}")  # type: ignore[method-assign]
    for deed in (Deed.ROUSE, Deed.TURN, Deed.CLIP, Deed.START_CUFF):
        home.do("sam", deed, 1_000)
    assert done == ["rouse", "turn", "clip", "press 1000"]
