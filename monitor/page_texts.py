r"""The catalogue as pages need it: one small module of sentences a reader, and words in the HTML.

A phone loads only the tables that its page uses. A page says `t("companion.ok")` in a script and
`{{companion.ok}}` in its HTML; a key that does not exist is an error when the hub starts, not a
hole on a screen. Nothing is chosen or translated here, and no file is opened.

>>> html("<p>{{a.b}}</p>", Texts({"a.b": "Bread & <water>"}), "x.html")
'<p>Bread &amp; &lt;water&gt;</p>'
"""

import html as escaping
import json
import re
from typing import Final

from alerts.texts import Texts, TextsError

__all__ = ["KEY_IN_HTML", "TABLES", "html", "module"]

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "/texts_bedside.js": ("shared", "companion", "patient"),
    "/texts_clinic.js": ("shared", "clinician"),
    "/texts_session.js": ("shared", "session"),
    "/texts_sheet.js": ("shared", "sheet"),
}
"""Which tables each module of sentences holds: `bedside` for phones, `clinic` for the wall."""

KEY_IN_HTML: Final = re.compile(r"\{\{([^{}]*)\}\}")


def module(path: str, texts: Texts, pressure_unit: str = "mmHg") -> bytes:
    """Return the JavaScript of one module of sentences.

    Args:
        path: one of `TABLES`.
        texts: the catalogue.
        pressure_unit: in which blood pressures are shown, "mmHg" or "kPa".
    """
    said = {
        f"{table}.{key}": sentence
        for table in TABLES[path]
        for key, sentence in texts.below(table).items()
    }
    about = json.dumps({"language": texts.language, "pressure": pressure_unit})
    lines = [f"  {json.dumps(key)}: {_value(value)}," for key, value in said.items()]
    return "\n".join(
        [
            "// @ts-check",
            "/** Made by the hub from monitor/texts/. */",
            'import { load } from "./text.js";',
            f"load({about}, {{",
            *lines,
            "});\n",
        ]
    ).encode()


def html(page: str, texts: Texts, where: str) -> str:
    """Return a page with every `{{key}}` replaced by its sentence, safe to stand in HTML.

    Raises:
        TextsError: a key does not exist, or its sentence needs a value that HTML cannot give.
    """

    def one(found: re.Match[str]) -> str:
        try:
            return escaping.escape(texts.say(found[1].strip()))
        except TextsError as error:
            raise TextsError(f"{where}: {error}") from error

    return KEY_IN_HTML.sub(one, page)


def _value(sentence: str | tuple[str, ...]) -> str:
    return json.dumps(sentence, ensure_ascii=False)
