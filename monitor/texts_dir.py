"""The shipped catalogues of sentences by language: `monitor/texts/<code>.toml`.

Reads files and nothing else; what is wrong with a catalogue is said by `monitor/catalogue.py`.
English is the language that every other one is held against, and lends a draft what it lacks.

    texts = read_texts("de")
"""

from importlib import resources

from alerts.texts import Texts
from monitor.catalogue import CatalogueError, load_texts

__all__ = ["languages", "read_texts", "why_not_real"]

_FIRST = "en"


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are, in order."""
    folder = resources.files("monitor").joinpath("texts")
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(sorted(name.removesuffix(".toml") for name in names))


def read_texts(language: str = _FIRST) -> Texts:
    """Read a catalogue by its language's code.

    Raises:
        CatalogueError: there is no such language, or its catalogue has faults.
    """
    known = languages()
    if language not in known:
        raise CatalogueError(
            [f"there are no texts in {language!r}; write one of {', '.join(known)}"]
        )
    first = load_texts(_text(_FIRST), f"{_FIRST}.toml")
    if language == _FIRST:
        return first
    return load_texts(_text(language), f"{language}.toml", first)


def why_not_real(texts: Texts, *, draft_allowed: bool) -> str:
    """Return why no real session may be opened in this language; empty when one may.

    Args:
        texts: the language.
        draft_allowed: the settings allow words that no clinician has signed.
    """
    if texts.language == _FIRST or texts.signed_by or draft_allowed:
        return ""
    return (
        f"the words in {texts.language!r} are a draft that no clinician has signed: write"
        ' hub.language = "en", or hub.draft_language = true when somebody answers for them'
    )


def _text(language: str) -> str:
    return resources.files("monitor").joinpath("texts", f"{language}.toml").read_text("utf-8")
