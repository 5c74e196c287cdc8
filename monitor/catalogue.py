r"""The catalogue of sentences, read from the text of one TOML file a language.

Tables are readers (`[companion]`, `[patient]`, `[card]` ...), keys name a sentence, and what is
filled in stands in braces. All faults of a file are named together; a second language must have the
same keys, the same number of steps and the same placeholders as the first, so that nothing that a
page or a message asks for can be missing at night. A draft, which no clinician has signed, may lack
sentences: it borrows those of the first language. This module never opens a file.

>>> load_texts('[language]\ncode = "en"\n[card]\nlook = "See {name}."').say("card.look", name="A")
'See A.'
>>> load_texts('[card]\nlook = ""')
Traceback (most recent call last):
monitor.catalogue.CatalogueError: en.toml: card.look: is empty or has spaces too many; write ...
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from alerts.texts import PLACEHOLDER, Sentence, Texts, placeholders
from monitor.faults import Faults, FaultsError, read_toml

__all__ = ["CatalogueError", "load_texts", "same_keys"]

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]*")
_MOST_CHARS: Final = 400


class CatalogueError(FaultsError):
    """A catalogue cannot be used; `faults` names every reason at once."""


def load_texts(text: str, where: str = "en.toml", like: Texts | None = None) -> Texts:
    """Return the catalogue that `text` holds.

    Args:
        text: a TOML file.
        where: its name, for messages.
        like: the first language, with which it must agree key by key.

    Raises:
        CatalogueError: with one line for every fault.
    """
    faults = Faults()
    sentences: dict[str, Sentence] = {}
    for key, value in _leaves(read_toml(text, where, faults) or {}, "", where, faults):
        sentence = _sentence(value)
        if sentence is None:
            faults.add(f"{where}: {key}", "is no sentence", "write a text, or a list of texts")
            continue
        sentences[key] = sentence
        for line in (sentence,) if isinstance(sentence, str) else sentence:
            _check_line(line, f"{where}: {key}", faults)
    if not isinstance(sentences.get("language.code"), str):
        faults.add(f"{where}: language.code", "is missing", 'write the language\'s code, like "en"')
    texts = Texts(sentences)
    if like is not None:
        texts = _with_borrowed(texts, like)
        same_keys(texts, like, where, faults)
    if faults:
        raise CatalogueError(faults)
    return texts


def _with_borrowed(texts: Texts, first: Texts) -> Texts:
    """A draft has every sentence of the first language that it does not have itself."""
    missing = frozenset(first.sentences.keys() - texts.sentences.keys())
    if texts.signed_by or not missing:
        return texts
    lent = {key: first.sentences[key] for key in sorted(missing) if not _is_about(key)}
    return Texts(texts.sentences | lent, frozenset(lent))


def _is_about(key: str) -> bool:
    """Whether this is said of the language itself, and no sentence of it."""
    return key.startswith("language.")


def same_keys(texts: Texts, like: Texts, where: str, faults: Faults) -> None:
    """Note every key, placeholder and number of steps by which two languages differ."""
    ours = {key: said for key, said in texts.sentences.items() if not _is_about(key)}
    theirs = {key: said for key, said in like.sentences.items() if not _is_about(key)}
    for key in sorted(theirs.keys() - ours.keys()):
        faults.add(f"{where}: {key}", "is missing", "translate it")
    for key in sorted(ours.keys() - theirs.keys()):
        faults.add(f"{where}: {key}", "is in no other language", "delete it, or correct the key")
    for key in sorted(ours.keys() & theirs.keys()):
        if _steps(ours[key]) != _steps(theirs[key]):
            faults.add(f"{where}: {key}", "has another number of steps", "write the same number")
        own, wanted = placeholders(ours[key]), placeholders(theirs[key])
        for name in sorted(own - wanted):
            faults.add(f"{where}: {key}", f"has an unknown {{{name}}}", "delete it")
        for name in sorted(wanted - own):
            faults.add(f"{where}: {key}", f"lacks {{{name}}}", "write it where it belongs")


def _leaves(
    table: Mapping[str, Any], path: str, where: str, faults: Faults
) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = f"{path}.{name}" if path else name
        if not _KEY.fullmatch(name):
            faults.add(f"{where}: {key}", "is no key", "write letters, numbers, _, + and -")
        elif isinstance(value, dict):
            yield from _leaves(value, key, where, faults)
        else:
            yield key, value


def _sentence(value: object) -> Sentence | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(line, str) for line in value):
        return tuple(value)
    return None


def _steps(sentence: Sentence) -> int | None:
    return None if isinstance(sentence, str) else len(sentence)


def _check_line(line: str, where: str, faults: Faults) -> None:
    if not line or line != " ".join(line.split()):
        faults.add(where, "is empty or has spaces too many", "write one line with single spaces")
    if not line.isprintable() or len(line) > _MOST_CHARS:
        faults.add(
            where, f"has over {_MOST_CHARS} characters, or one that no screen shows", "mend it"
        )
    if set("{}") & set(PLACEHOLDER.sub("", line)):
        faults.add(where, "has a brace that holds no name", "write {name} in small letters")
