"""A story's file is read as a whole or refused by its field."""

import msgspec
import pytest

from simulators.ble.story import Expected, Step, Story, StoryDevice, Stream, read_story

TEXT = """
what = "a device comes"
end_ms = 1000
[[devices]]
id = "ox"
model = "standard-oximeter"
address = "C0:00:00:00:00:01"
[[streams]]
device = "ox"
from_ms = 0
every_ms = 100
[[steps]]
at_ms = 0
device = "ox"
do = "advertise"
[expect.ox]
at_least = 5
links = 1
"""


def test_a_whole_story() -> None:
    """Devices, streams, steps, and what is expected of each device."""
    assert read_story(TEXT) == Story(
        what="a device comes",
        end_ms=1000,
        devices=(StoryDevice("ox", "standard-oximeter", "C0:00:00:00:00:01"),),
        steps=(Step(0, "advertise", "ox"),),
        expect={"ox": Expected(5, 1)},
        streams=(Stream("ox", 0, 100),),
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('do = "advertise"', 'do = "dance"', "Invalid enum value 'dance'"),
        ("every_ms = 100", "every_ms = 0", "streams"),
        ("links = 1", "links = 1\nfoo = 2", "unknown field `foo`"),
    ],
)
def test_a_wrong_word_is_named(old: str, new: str, says: str) -> None:
    """With the place where it stands."""
    with pytest.raises(msgspec.ValidationError, match=says):
        read_story(TEXT.replace(old, new))
