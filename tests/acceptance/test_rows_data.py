"""What a device sends that cannot be: rejected, and said the second time."""

import pytest

from monitor.effects import PromptKind
from tests.timeline import Timeline


@pytest.mark.parametrize(("reading"), [(300, 90), (120, 20), (120, 106), (90, 95), (120, 80, 0)])
def test_the_second_implausible_reading_is_said(reading: tuple[int, ...]) -> None:
    """The first is rejected in silence on the wall, the second within 10 min raises IMPLAUSIBLE.

    Neither is a reading: the cuff has then failed twice.
    """
    line = Timeline().at(100).alone(PromptKind.CUFF).at(200).bp(*reading)
    assert line.story(until=201) == []
    assert line.at(260).bp(*reading).story(until=261) == [
        "260 raised IMPLAUSIBLE low",
        "260 raised CUFF-FAIL low",
    ]
    assert line.at(400).bp(120, 80).story(until=401) == [
        "320 cleared IMPLAUSIBLE low",
        "400 cleared CUFF-FAIL low",
    ]
