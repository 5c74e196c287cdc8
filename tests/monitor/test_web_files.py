"""The files of the pages keep the rules of the house, which no linter for Python can see."""

import re
from pathlib import Path

import pytest

from monitor.feed_door import read_pages
from monitor.page_texts import TABLES
from monitor.pages import content_type
from monitor.texts_dir import read_texts
from tests.house import ROOT

WEB = ROOT / "monitor" / "web"
FILES = sorted(path for path in WEB.iterdir() if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
PAGES = [path for path in FILES if path.suffix == ".html"]
NAMES = [path.name for path in FILES]
SERVED = read_pages(WEB, None, read_texts())

# What would read text as HTML or as a program, or carry style past the policy of the hub.
FORBIDDEN = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(")
INLINE = re.compile(r'<style|\sstyle=|\son[a-z]+=|https?:|<script(?! type="module" src=)')


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_is_short_and_served(path: Path) -> None:
    """Up to 300 lines of 100 characters, of a kind that the hub serves."""
    lines = path.read_text(encoding="utf-8").splitlines()
    longest = 0 if path.suffix == ".svg" else max(len(line) for line in lines)
    assert (len(lines) <= 300, longest <= 100, content_type(path.name) is not None) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.name for path in SCRIPTS])
def test_a_script_is_typed_told_and_harmless(path: Path) -> None:
    """It asks for its types to be checked, opens with its idea, and reads no text as HTML."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith("// @ts-check\n/**\n * ")
    assert [word for word in FORBIDDEN if word in text] == []
    # The hub serves a script without its comments: no text may hold a line that looks like one.
    assert [
        part for part in text.split("`")[1::2] if re.search(r"^\s*//|/\*\*", part, re.MULTILINE)
    ] == []
    imported = re.findall(r'from "\./([a-z_]+\.js)"', text)
    assert [name for name in imported if name not in NAMES] == []


@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    """Every script and style is a file of this folder; the policy of the hub allows no other."""
    text = path.read_text(encoding="utf-8")
    linked = re.findall(r'(?:src|href)="(/[^"#]+)"', text)
    assert [name for name in linked if name not in SERVED] == []
    assert (
        re.findall(r"<style|\sstyle=|\son[a-z]+=|https?:|<script(?! type=\"module\" src=)", text)
        == []
    )


def files_of(name: str, found: set[str]) -> set[str]:
    """A page's own file and everything that it loads, and that loads."""
    if f"/{name}" in TABLES:
        found.add(name)
    elif name not in found:
        found.add(name)
        text = (WEB / name).read_text(encoding="utf-8")
        for other in re.findall(r'(?:from "\./|(?:src|href)="/)([a-z_]+\.(?:js|css|svg))"', text):
            files_of(other, found)
    return found


@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_a_page_is_less_than_60_kb_on_the_way(path: Path) -> None:
    """Everything that a browser loads for one page, as the hub sends it."""
    files = files_of(path.name, set())
    sizes = [len(SERVED[f"/{name}"].packed) for name in files]
    assert (len(files) > 5, sum(sizes) < 60_000) == (True, True)


def test_every_script_is_used() -> None:
    """Each module is some page's, or imported by one that is."""
    text = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS + PAGES)
    used = {name for name in NAMES if f"/{name}" in text}
    assert sorted(set(NAMES) - used) == ["index.html", "patient.html"]
