"""The lamp keeps its pattern's rhythm on a real library with mock pins, or says why not."""

import asyncio
import sys
import time
from collections.abc import Iterator

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory

from alerts.light import RHYTHMS, Light
from alerts.signal import Pattern
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

Told = list[tuple[bool, str]]


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    """Use mock pins, and leave none of them taken."""
    before = gpiozero.Device.pin_factory
    factory = gpiozero.Device.pin_factory = MockFactory()
    yield factory
    factory.reset()
    gpiozero.Device.pin_factory = before


async def changes(pins: MockFactory, number: int) -> list[tuple[bool, float]]:
    """Return each new state of the lamp and how long the state before it had lasted."""
    pin, found = pins.pin(17), list[tuple[bool, float]]()
    last, at_s = pin.state, time.monotonic()
    async with asyncio.timeout(5):
        while len(found) < number:
            await asyncio.sleep(0.01)
            if pin.state != last:
                now_s = time.monotonic()
                found.append((bool(pin.state), now_s - at_s))
                last, at_s = pin.state, now_s
    return found


def test_every_pattern_has_a_rhythm_in_its_range() -> None:
    """High 1.4-2.8 Hz, medium 0.4-0.8 Hz, 20-60 % of the time; low is steady; below 3 Hz all."""
    hz = {name: 1_000 / (r.on_ms + r.off_ms) for name, r in RHYTHMS.items() if r.off_ms}
    duty = [
        rhythm.on_ms / (rhythm.on_ms + rhythm.off_ms) for rhythm in RHYTHMS.values() if any(rhythm)
    ]
    assert (
        sorted(RHYTHMS) == sorted(Pattern),
        1.4 <= hz["high"] <= 2.8,
        0.4 <= hz["medium"] <= 0.8,
        sorted(duty),
    ) == (True, True, True, [0.5, 0.5, 0.5, 1.0])


async def test_a_high_alarm_flashes_twice_a_second(pins: MockFactory) -> None:
    """On at once, then a quarter of a second each way."""
    light = Light(17, lambda *_: None)
    await asyncio.sleep(0.05)
    light.show("high")
    seen = await changes(pins, 5)
    await light.close()
    assert ([state for state, _ in seen], seen[0][1] < 0.2) == (
        [True, False, True, False, True],
        True,
    )
    assert [abs(after - 0.25) < 0.12 for _, after in seen[1:]] == [True] * 4


async def test_a_new_pattern_is_shown_at_once_and_closing_darkens_the_lamp(
    pins: MockFactory,
) -> None:
    """Low is steady; silence is dark; a closed light has let go of its pin."""
    told = Told()
    light = Light(17, lambda present, why: told.append((present, why)))
    light.show("low")
    light.show("low")
    await until(lambda: bool(pins.pin(17).state))
    light.show("silent")
    await until(lambda: not pins.pin(17).state)
    light.show("medium")
    await until(lambda: bool(pins.pin(17).state))
    await light.close()
    with gpiozero.LED(17) as free:
        assert (free.value, told) == (0, [])


async def test_a_light_without_the_package_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, pins: MockFactory
) -> None:
    """Told once at the start, before any alarm needs it; it shines when it can be had."""
    told = Told()
    with monkeypatch.context() as bare:
        bare.setitem(sys.modules, "gpiozero", None)
        light = Light(17, lambda present, why: told.append((present, why)))
        await until(lambda: bool(told))
        light.show("low")
        await asyncio.sleep(0.05)
    light.show("high")
    await until(lambda: bool(pins.pin(17).state))
    await light.close()
    assert told == [
        (True, "gpiozero is not installed: pip install 'vigil[light]', or set no light"),
        (False, ""),
    ]


async def test_a_pin_that_is_taken_is_told_and_tried_again(pins: MockFactory) -> None:
    """Another program's pin today may be ours in a minute."""
    told = Told()
    taken = gpiozero.LED(17)
    light = Light(17, lambda present, why: told.append((present, why)), retry_s=0.05)
    light.show("low")
    await until(lambda: bool(told))
    taken.close()
    await until(lambda: len(told) == 2)
    await light.close()
    assert (pins.pin(17).state, [present for present, _ in told], told[0][1][:40]) == (
        False,
        [True, False],
        "the light on pin 17 cannot be used: GPIO",
    )


async def test_a_machine_without_pins_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No board, no library for pins: a condition with the reason, and no warning on the way."""
    monkeypatch.setattr(gpiozero.Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "none-such")
    told = Told()
    light = Light(17, lambda present, why: told.append((present, why)))
    await until(lambda: bool(told))
    await light.close()
    assert told[0][1].startswith("the light on pin 17 cannot be used: BadPinFactory")


async def test_a_lamp_that_breaks_in_the_middle_is_told(
    pins: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And cannot even be closed; the task goes on and takes it up again."""
    told = Told()

    def broken(*_: object) -> None:
        raise OSError("the pins are gone")

    light = Light(17, lambda present, why: told.append((present, why)))
    light.show("low")
    await until(lambda: bool(pins.pin(17).state))
    with monkeypatch.context() as gone:
        gone.setattr(gpiozero.LED, "off", broken)
        gone.setattr(gpiozero.LED, "close", broken)
        light.show("silent")
        await until(lambda: bool(told))
    await light.close()
    assert told[0] == (True, "the light on pin 17 cannot be used: OSError: the pins are gone")


async def test_a_light_that_does_not_exist_is_refused(pins: MockFactory) -> None:
    """The error names the patterns that there are."""
    del pins
    light = Light(17, lambda *_: None)
    with pytest.raises(ValueError, match="there is no light 'disco': use one of"):
        light.show("disco")
    await light.close()
