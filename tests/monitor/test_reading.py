"""What laypeople read can be read by a frightened person at night (R25)."""

import re

import pytest

from alerts.texts import placeholders
from monitor import residue
from monitor.texts_dir import languages, read_texts
from tests.reading import grade, hard_words, syllables
from tests.words import ENGLISH

LAY = ("shared", "companion", "patient", "card", "message")
"""Tables whose readers know no medicine."""

VALUES = {"name": "Alex", "emergency": "112", "who": "Sam", "companion": "Sam", "last": "Kim"}
"""What stands in a sentence when it is read; everything else is a number."""

MOST = 6.0
# A label has no sentence that could be long, and one word of it ("emergency") would decide alone.
LEAST_WORDS = 5


def read(line: str) -> str:
    """A sentence as it stands on a screen."""
    values = {name: VALUES.get(name, "5") for name in placeholders(line)}
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], line)


SENTENCES = {
    f"{key}[{n}]" if isinstance(sentence, tuple) else key: read(line)
    for key, sentence in ENGLISH.sentences.items()
    if key.split(".")[0] in LAY
    for n, line in enumerate((sentence,) if isinstance(sentence, str) else sentence)
}
CARDS = sorted({key.split(".")[1] for key in ENGLISH.sentences if key.startswith("card.")})
CARDS = [name for name in CARDS if f"card.{name}.line" in ENGLISH.sentences]


def test_syllables_are_counted_as_people_count_them() -> None:
    """Words of the catalogue, counted by hand."""
    by_hand = {
        "alex": 2, "breathing": 2, "called": 1, "started": 2, "shoulder": 2, "oxygen": 3,
        "emergency": 4, "little": 2, "pulse": 1, "please": 1, "face": 1, "faces": 2, "times": 1,
        "minutes": 2, "pillow": 2, "the": 1, "ambulance": 3, "looked": 1, "needed": 2, "phone": 1,
        "pressure": 2, "dizzy": 2, "you": 1, "touches": 2, "noises": 2, "lozenge": 2, "message": 2,
        "messages": 3, "telephone": 3, "finger": 2, "measures": 2, "taken": 2, "quiet": 2,
    }  # fmt: skip
    assert {word: syllables(word) for word in by_hand} == by_hand


def test_a_hard_sentence_is_graded_as_hard() -> None:
    """The measure tells plain words from a physician's, and nothing from nothing."""
    hard = "Immediately reposition the individual laterally and evaluate ventilatory adequacy."
    assert (grade(hard) > 12, grade("Wake Alex now.") < 2, grade("112") < 0) == (True, True, True)
    assert hard_words(hard) == ["evaluate"]


def test_every_sentence_and_every_step_can_be_read() -> None:
    """Grade 6 at most, each by itself; and no word of the trade."""
    hard = {
        key: round(grade(line), 1)
        for key, line in SENTENCES.items()
        if len(line.split()) >= LEAST_WORDS and grade(line) > MOST
    }
    trade = {key: hard_words(line) for key, line in SENTENCES.items() if hard_words(line)}
    assert (hard, trade) == ({}, {})


@pytest.mark.parametrize("name", CARDS)
def test_a_card_can_be_read_at_one_glance(name: str) -> None:
    """A first line of 12 words at most, three or four steps, all of it under grade 3."""
    line = read(ENGLISH.say(f"card.{name}.line", **_given(f"card.{name}.line")))
    steps = [read(step) for step in ENGLISH.steps(f"card.{name}.steps", **_given_steps(name))]
    assert (
        len(line.split()) <= 12,
        len(steps) in {3, 4},
        [step for step in steps if step[-1] not in ".?"],
        grade(" ".join([line, *steps])) < 3,
    ) == (True, True, [], True)


def _given(key: str) -> dict[str, str]:
    return {name: f"{{{name}}}" for name in placeholders(ENGLISH.sentences[key])}


def _given_steps(name: str) -> dict[str, str]:
    return _given(f"card.{name}.steps")


@pytest.mark.parametrize("language", languages())
def test_what_frightens_most_is_short_in_every_language(language: str) -> None:
    """First lines of cards have 12 words at most; no card, no message and no tap is borrowed."""
    texts = read_texts(language)
    long = [name for name in CARDS if len(str(texts.sentences[f"card.{name}.line"]).split()) > 12]
    borrowed = [
        key for key in texts.borrowed if key.split(".")[0] in ("card", "message", "patient")
    ]
    assert (long, borrowed) == ([], [])


def test_the_step_in_the_record_is_the_step_on_the_card() -> None:
    """The record keeps English words; what a person reads comes from the catalogue."""
    assert ENGLISH.say("card.mouth_first") == residue.STEP
