"""A catalogue of sentences: every fault named at once, and two languages that say the same."""

import re

import pytest

from alerts.texts import Texts
from monitor.catalogue import CatalogueError, load_texts
from monitor.texts_dir import languages, read_texts, why_not_real
from tests.house import MODULES

HEAD = '[language]\ncode = "en"\n'


def test_tables_become_dotted_keys_and_lists_become_steps() -> None:
    """In the order of the file."""
    text = HEAD + '[card]\nlook = "Look."\nsteps = ["One.", "Two."]\n[card.deep]\nX-1 = "Yes"\n'
    assert load_texts(text).sentences == {
        "language.code": "en",
        "card.look": "Look.",
        "card.steps": ("One.", "Two."),
        "card.deep.X-1": "Yes",
    }


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[card", ["en.toml: is not TOML", "en.toml: language.code: is missing"]),
        (HEAD + "[card]\nlook = 3", ["en.toml: card.look: is no sentence; write a text, or a"]),
        (HEAD + "[card]\nlook = []", ["en.toml: card.look: is no sentence"]),
        (HEAD + '[card]\nlook = ["a", 2]', ["en.toml: card.look: is no sentence"]),
        (HEAD + '[card]\n"a b" = "c"', ["en.toml: card.a b: is no key; write letters"]),
        (HEAD + '[card]\nlook = ""', ["en.toml: card.look: is empty or has spaces too many"]),
        (HEAD + '[card]\nlook = "a  b"', ["en.toml: card.look: is empty or has spaces too many"]),
        (HEAD + '[card]\nlook = "a\\u0007"', ["en.toml: card.look: has over 400 characters, or"]),
        (HEAD + f'[card]\nlook = "{"a" * 401}"', ["en.toml: card.look: has over 400 characters"]),
        (HEAD + '[card]\nlook = "a {B}"', ["en.toml: card.look: has a brace that holds no name"]),
        (
            '[card]\nlook = "a}"\nsteps = ["{"]',
            [
                "en.toml: card.look: has a brace",
                "en.toml: card.steps: has a brace",
                "en.toml: language.code: is missing",
            ],
        ),
    ],
)
def test_every_fault_is_named_with_its_key(text: str, faults: list[str]) -> None:
    """Where, what, and what to do."""
    with pytest.raises(CatalogueError) as raised:
        load_texts(text)
    found = raised.value.faults
    assert [one.startswith(want) for one, want in zip(found, faults, strict=True)] == [True] * len(
        faults
    )


def test_another_language_has_the_same_keys_steps_and_placeholders() -> None:
    """So that no page and no message can ask for a sentence that is not there."""
    first = load_texts(
        HEAD + '[card]\nlook = "Look at {name}."\nsteps = ["One.", "Two."]\nmore = "More."\n'
    )
    text = '[language]\ncode = "de"\nsigned_by = "Dr A"\n[card]\n'
    text += 'look = "{nam}"\nsteps = "Eins."\nnew = "Neu."\n'
    with pytest.raises(CatalogueError) as raised:
        load_texts(text, "de.toml", first)
    assert raised.value.faults == (
        "de.toml: card.more: is missing; translate it",
        "de.toml: card.new: is in no other language; delete it, or correct the key",
        "de.toml: card.look: has an unknown {nam}; delete it",
        "de.toml: card.look: lacks {name}; write it where it belongs",
        "de.toml: card.steps: has another number of steps; write the same number",
    )
    assert isinstance(load_texts(HEAD, "xx.toml", Texts({"language.code": "en"})), Texts)


def test_a_draft_borrows_what_it_lacks_and_nothing_else() -> None:
    """It says which; what it has is held against the first language all the same."""
    first = load_texts(HEAD + '[card]\nlook = "Look."\nstay = "Stay."\n')
    draft = load_texts('[language]\ncode = "de"\n[card]\nlook = "Schau."\n', "de.toml", first)
    assert (draft.say("card.look"), draft.say("card.stay"), sorted(draft.borrowed)) == (
        "Schau.",
        "Stay.",
        ["card.stay"],
    )
    assert (draft.language, draft.signed_by, first.signed_by) == ("de", "", "")
    with pytest.raises(CatalogueError, match="is in no other language"):
        load_texts('[language]\ncode = "de"\n[card]\nnew = "Neu."\n', "de.toml", first)


def test_a_draft_is_for_no_real_session_unless_somebody_answers_for_it() -> None:
    """English is the language that the project is written in: its plan says who has signed."""
    first = load_texts(HEAD)
    draft = load_texts('[language]\ncode = "de"\n', "de.toml", first)
    signed = load_texts('[language]\ncode = "de"\nsigned_by = "Dr A"\n', "de.toml", first)
    assert [
        why_not_real(one, draft_allowed=allowed)[:45]
        for one, allowed in ((first, False), (signed, False), (draft, True), (draft, False))
    ] == ["", "", "", "the words in 'de' are a draft that no clinici"]


@pytest.mark.parametrize("language", languages())
def test_every_shipped_language_can_be_used(language: str) -> None:
    """It is whole, and it is the language that its file is named after."""
    assert read_texts(language).language == language


def test_a_language_that_is_not_there_is_named_with_those_that_are() -> None:
    """Whoever misspells it sees what to write."""
    with pytest.raises(CatalogueError, match=r"there are no texts in 'xx'; write one of .*en"):
        read_texts("xx")


def test_what_python_says_is_in_the_catalogue_and_nothing_is_left_over() -> None:
    """Cards are found by their tables (`test_cards.py`); everything else by its key."""
    call = re.compile(r'(?<!>>> )texts\.(?:say|steps)\(\s*"([^"]+)"')
    said = {key for path in MODULES.values() for key in call.findall(path.read_text("utf-8"))}
    known = read_texts().sentences
    assert sorted(said - known.keys()) == []
    assert sorted(key for key in known if key.startswith("message.") and key not in said) == []
