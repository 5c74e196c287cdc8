"""Sentences: filled in whole or not at all, and what is missing is named."""

import pytest

from alerts.texts import Texts, TextsError, placeholders

TEXTS = Texts(
    {
        "language.code": "en",
        "card.look": "Look at {name}.",
        "card.steps": ("Say {name}.", "Call {emergency}."),
        "card.deep.word": "Yes",
    }
)


def test_a_sentence_and_a_list_are_filled_in() -> None:
    """A sentence is a list of one; a value that nobody needs does no harm."""
    assert (
        TEXTS.language,
        TEXTS.say("card.look", name="Alex", more=1),
        TEXTS.steps("card.steps", name="Alex", emergency=112),
        TEXTS.steps("card.look", name="Alex"),
    ) == ("en", "Look at Alex.", ("Say Alex.", "Call 112."), ("Look at Alex.",))


def test_a_value_that_looks_like_a_hole_is_left_as_it_is() -> None:
    """A name is never read as a sentence: nobody can be called {emergency}."""
    assert TEXTS.say("card.look", name="{emergency}") == "Look at {emergency}."


def test_what_lies_below_a_key() -> None:
    """By the rest of the key; a key is not below itself."""
    assert TEXTS.below("card.deep") == {"word": "Yes"}
    assert sorted(TEXTS.below("card")) == ["deep.word", "look", "steps"]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (lambda: TEXTS.say("card.none"), "there is no text 'card.none'; write it in every"),
        (lambda: TEXTS.say("card.steps"), "'card.steps' is a list of steps; ask for it with"),
        (lambda: TEXTS.say("card.look"), "'card.look' needs a value for {name}; give it one"),
        (lambda: TEXTS.steps("card.none"), "there is no text 'card.none'; write it in every"),
        (lambda: TEXTS.steps("card.steps", name="A"), "needs a value for {emergency}; give it"),
    ],
)
def test_nothing_is_shown_with_a_hole(asked: object, why: str) -> None:
    """The error says which sentence, what it needs, and what to do."""
    assert callable(asked)
    with pytest.raises(TextsError) as raised:
        asked()
    assert why in str(raised.value)


def test_what_a_sentence_needs() -> None:
    """The names of every step, once."""
    assert placeholders("Call {a}, {b}, {a}.") == {"a", "b"}
    assert placeholders(("Call {a}.", "Stay.")) == {"a"}
