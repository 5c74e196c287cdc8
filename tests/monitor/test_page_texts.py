"""Sentences as pages get them: one module a reader, and words that are safe in HTML."""

import pytest

from alerts.texts import Texts, TextsError
from monitor.page_texts import html, module

TEXTS = Texts(
    {
        "language.code": "en",
        "shared.ok": 'Say "OK" & <wait>',
        "companion.steps": ("One.", "Zwei ä."),
        "clinician.wall": "Wall",
        "card.look": "Look.",
    }
)


def test_a_module_holds_the_tables_of_its_page_and_no_other() -> None:
    """A list stays a list; what has a quote in it stays one text."""
    assert module("/texts_bedside.js", TEXTS, "kPa").decode().splitlines() == [
        "// @ts-check",
        "/** Made by the hub from monitor/texts/. */",
        'import { load } from "./text.js";',
        'load({"language": "en", "pressure": "kPa"}, {',
        '  "shared.ok": "Say \\"OK\\" & <wait>",',
        '  "companion.steps": ["One.", "Zwei ä."],',
        "});",
    ]
    clinic = module("/texts_clinic.js", TEXTS).decode()
    assert ('"clinician.wall": "Wall"' in clinic, "companion" in clinic, "mmHg" in clinic) == (
        True,
        False,
        True,
    )


def test_html_gets_its_words_and_can_be_broken_by_none() -> None:
    """Spaces in the braces do not matter; what is no key of ours stays."""
    page = '<a title="{{shared.ok}}">{{ clinician.wall }}</a> {x}'
    assert html(page, TEXTS, "x.html") == (
        '<a title="Say &quot;OK&quot; &amp; &lt;wait&gt;">Wall</a> {x}'
    )


@pytest.mark.parametrize("key", ["shared.none", "companion.steps", ""])
def test_a_page_that_asks_for_what_is_not_there_names_itself(key: str) -> None:
    """The hub does not start with a page that has a hole."""
    with pytest.raises(TextsError, match=r"^'?x\.html: "):
        html(f"<p>{{{{{key}}}}}</p>", TEXTS, "x.html")
