"""Notes of people are joined to what was missed; a mistake in them is named."""

from pathlib import Path

import pytest

import simulators
from simulators.worlds.notes import Note, NotesError, read_notes


def test_notes_are_read_by_what_they_are_about() -> None:
    """What was tried may be left out; no text is no note."""
    text = '[[note]]\nabout = "a"\nwhy = "b"\n[[note]]\nabout = "c"\nwhy = "d"\ntried = "e"\n'
    assert read_notes(text) == {"a": Note("a", "b"), "c": Note("c", "d", "e")}
    assert read_notes("") == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[note", "write about, why and tried"),
        ("[[note]]\nabout = 'a'\n", "missing required field `why`"),
        ("note = [{about='a', why='b'}, {about='a', why='c'}]", "two are about 'a': write one"),
    ],
)
def test_a_mistake_in_notes_is_named(text: str, told: str) -> None:
    """No TOML, a field that is missing, one thing twice."""
    with pytest.raises(NotesError, match=told):
        read_notes(text)


def test_the_notes_that_are_kept_by_hand_can_be_read() -> None:
    """The file beside the command."""
    path = Path(simulators.__file__).parent / "evaluation_notes.toml"
    assert all(note.why for note in read_notes(path.read_text("utf-8")).values())
