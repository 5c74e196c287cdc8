"""The sentences that people read, by their keys: filled in here, written and translated elsewhere.

Every sentence lives in one catalogue a language (`docs/texts.md`), so that a clinician reads all of
them in one place and a translator changes nothing else. This module never reads a file, never
chooses a sentence, and shows no sentence with a hole in it: a missing value is an error.

>>> texts = Texts({"language.code": "en", "card.look": "Look at {name} now."})
>>> texts.say("card.look", name="Alex")
'Look at Alex now.'
"""

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["PLACEHOLDER", "Sentence", "Texts", "TextsError", "placeholders"]

Sentence = str | tuple[str, ...]
"""One sentence, or the steps of a list in their order."""

PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""What is filled in: `{name}`."""


class TextsError(LookupError):
    """A sentence is asked for that does not exist, or without a value that it needs."""


def placeholders(sentence: Sentence) -> frozenset[str]:
    """Return the names of what a sentence, or any step of a list, needs.

    >>> sorted(placeholders(("Call {number}.", "Stay with {name}.")))
    ['name', 'number']
    """
    lines = (sentence,) if isinstance(sentence, str) else sentence
    return frozenset(name for line in lines for name in PLACEHOLDER.findall(line))


class Texts:
    """A whole catalogue in one language.

    Args:
        sentences: every sentence by its dotted key, `language.code` among them.
        borrowed: the keys whose sentences are of the first language, because nobody has
            translated them yet.
    """

    def __init__(
        self, sentences: Mapping[str, Sentence], borrowed: frozenset[str] = frozenset()
    ) -> None:
        self.sentences: Final = dict(sentences)
        self.borrowed: Final = borrowed

    @property
    def language(self) -> str:
        """The code of the language (BCP 47), as a browser and a speech program know it."""
        return self.say("language.code")

    @property
    def signed_by(self) -> str:
        """The clinician who has read and signed this language's words; empty: nobody has."""
        signed = self.sentences.get("language.signed_by", "")
        return signed if isinstance(signed, str) else ""

    def say(self, key: str, /, **values: object) -> str:
        """Return one sentence with its values filled in.

        Raises:
            TextsError: there is no such sentence, it is a list, or a value is missing.
        """
        sentence = self._of(key)
        if not isinstance(sentence, str):
            raise TextsError(f"the text {key!r} is a list of steps; ask for it with steps()")
        return self._filled(key, sentence, values)

    def steps(self, key: str, /, **values: object) -> tuple[str, ...]:
        """Return the steps of a list, in order; one sentence is a list of one.

        Raises:
            TextsError: there is no such list, or a value is missing.
        """
        sentence = self._of(key)
        lines = (sentence,) if isinstance(sentence, str) else sentence
        return tuple(self._filled(key, line, values) for line in lines)

    def below(self, prefix: str) -> dict[str, Sentence]:
        """Return every sentence below a key, by the rest of its key.

        >>> Texts({"card.look": "Look."}).below("card")
        {'look': 'Look.'}
        """
        start = f"{prefix}."
        return {
            key.removeprefix(start): sentence
            for key, sentence in self.sentences.items()
            if key.startswith(start)
        }

    def _of(self, key: str) -> Sentence:
        if key not in self.sentences:
            raise TextsError(f"there is no text {key!r}; write it in every file of monitor/texts/")
        return self.sentences[key]

    def _filled(self, key: str, line: str, values: Mapping[str, object]) -> str:
        def one(found: re.Match[str]) -> str:
            if found[1] not in values:
                raise TextsError(f"the text {key!r} needs a value for {found[0]}; give it one")
            return str(values[found[1]])

        return PLACEHOLDER.sub(one, line)
