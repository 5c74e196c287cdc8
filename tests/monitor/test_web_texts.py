"""Every sentence of the pages stands in the catalogue: none is missing, unused or half filled."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from alerts.texts import placeholders
from monitor.page_texts import KEY_IN_HTML, TABLES
from monitor.texts_dir import read_texts
from tests.monitor.test_web_files import PAGES, SCRIPTS, files_of

TEXTS = read_texts()
ON_PAGES = sorted({table for tables in TABLES.values() for table in tables})
_CALL = re.compile(r"(?<![\w.$])(t|steps|group|count)\(\s*(?:\"([\w.+-]+)\"\s*([,)]))?")
_IMPORTED = re.compile(r'import \{([^}]*)\} from "\./text.js"')
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", flags=re.DOTALL | re.MULTILINE)


class Said(NamedTuple):
    """One call in a script: by which function, which key, with which values (None: unknown)."""

    by: str
    key: str
    values: frozenset[str] | None


def arguments(text: str, at: int) -> str:
    """What stands between here and the bracket that ends the call."""
    depth = 1
    for end in range(at, len(text)):
        depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(text[end], 0)
        if depth == 0:
            return text[at:end]
    raise AssertionError(f"a call is not closed: {text[at : at + 60]}")


def names_in(given: str) -> frozenset[str] | None:
    """The names in the object of a call; None when it is no object written in place."""
    found = re.search(r"\{(.*)\}\s*,?\s*\Z", given, flags=re.DOTALL)
    if found is None:
        return frozenset() if given.strip() in ("", ",") else None
    depth, part, parts = 0, "", []
    for letter in f"{found[1]},":
        depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += letter
    return frozenset(part.split(":")[0].strip() for part in parts if part.strip())


def said_in(path: Path) -> Iterator[Said]:
    """Every call for a sentence in one script, by the functions that it imports."""
    text = _COMMENT.sub("", path.read_text("utf-8"))
    imported = _IMPORTED.search(text)
    names = [] if imported is None else re.findall(r"\w+", imported[1])
    for call in _CALL.finditer(text):
        by, key, after = call.groups()
        if by not in names:
            continue
        assert key is not None, f"{path.name}: {call[0]}...: write the key as it is"
        rest = "" if after == ")" else arguments(text, call.end())
        # The number comes first; a call without more values has only that.
        given = names_in("" if by == "count" and "{" not in rest else rest)
        yield Said(by, key, given)


def keys_of(said: Said) -> list[str]:
    """The keys of the catalogue that one call may show."""
    if said.by == "count":
        return [f"{said.key}.one", f"{said.key}.other"]
    if said.by == "group":
        return [f"{said.key}.{rest}" for rest in TEXTS.below(said.key)] or [f"{said.key}.*"]
    return [said.key]


CALLS = {path.name: list(said_in(path)) for path in SCRIPTS if path.name != "text.js"}
IN_HTML = {
    path.name: [key.strip() for key in KEY_IN_HTML.findall(path.read_text("utf-8"))]
    for path in PAGES
}


@pytest.mark.parametrize("name", CALLS)
def test_a_script_asks_only_for_sentences_that_there_are(name: str) -> None:
    """With exactly the values that each of them needs."""
    wrong = []
    for said in CALLS[name]:
        for key in keys_of(said):
            sentence = TEXTS.sentences.get(key)
            if sentence is None:
                wrong.append(f"{key}: is in no catalogue")
            elif said.by == "group":
                if not isinstance(sentence, str) or placeholders(sentence):
                    wrong.append(f"{key}: a word of a group is one text without a value")
            elif said.by != "steps" and not isinstance(sentence, str):
                wrong.append(f"{key}: is a list: ask for it with steps()")
            elif said.values is not None and placeholders(sentence) - {"n"} != said.values - {"n"}:
                wrong.append(f"{key}: needs {sorted(placeholders(sentence))}")
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=[path.name for path in PAGES])
def test_a_page_loads_the_tables_that_it_uses(page: Path) -> None:
    """One module of sentences, before the page's own script; and no key of another reader."""
    text = page.read_text("utf-8")
    scripts = re.findall(r'<script type="module" src="(/[a-z_]+\.js)">', text)
    assert (scripts[0] in TABLES, sum(name in TABLES for name in scripts)) == (True, 1)
    used = {key for said in _said_by(page.name) for key in keys_of(said)}
    tables = TABLES[scripts[0]]
    assert sorted(key for key in used if key.split(".")[0] not in tables) == []


def test_no_sentence_of_the_pages_is_left_over() -> None:
    """What nobody says any more is deleted in every language."""
    used = {key for calls in CALLS.values() for said in calls for key in keys_of(said)}
    used |= {key for keys in IN_HTML.values() for key in keys}
    known = {key for key in TEXTS.sentences if key.split(".")[0] in ON_PAGES}
    assert sorted(known - used) == []


def test_the_hub_fills_every_page() -> None:
    """A key in HTML is one that there is: reading the pages at start would fail otherwise."""
    asked = [(name, key) for name, keys in IN_HTML.items() for key in keys]
    assert [one for one in asked if one[1] not in TEXTS.sentences] == []


def _said_by(page: str) -> list[Said]:
    return [said for name in sorted(files_of(page, set())) for said in CALLS.get(name, [])]
