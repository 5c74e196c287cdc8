r"""HL7 v2 as text: escaping, fields, segments and batches (HL7 v2.6, chapters 2.5 to 2.10).

A value goes through `esc` once; what is built of values (components, repetitions) is not escaped
again. Segments end with a carriage return. This module knows no alarm.

>>> esc("A|B^C")
'A\\F\\B\\S\\C'
>>> segment("OBX", "1", "ST", comp("1", "x"))
'OBX|1|ST|1^x\r'
"""

from collections.abc import Sequence

__all__ = ["batch", "comp", "esc", "header", "segment"]

_ENCODING = "^~\\&"
_ESCAPES = {
    "\\": "\\E\\",
    "|": "\\F\\",
    "^": "\\S\\",
    "&": "\\T\\",
    "~": "\\R\\",
}


def esc(text: str) -> str:
    """Escape one value; line breaks and other control characters become hexadecimal escapes."""
    return "".join(_ESCAPES.get(one) or _plain(one) for one in text)


def _plain(one: str) -> str:
    return one if one.isprintable() else f"\\X{one.encode().hex().upper()}\\"


def comp(*parts: str) -> str:
    """Return one field of escaped components; the last ones may be empty and are left out."""
    return "^".join(esc(part) for part in parts).rstrip("^")


def segment(name: str, *fields: str) -> str:
    """Return a segment of built fields; empty ones at its end are left out."""
    return "|".join([name, *fields]).rstrip("|") + "\r"


def header(name: str, *fields: str) -> str:
    """Return a segment that names its own separators: MSH, FHS or BHS; `fields` from 3 on."""
    return "|".join([name, _ENCODING, *fields]).rstrip("|") + "\r"


def batch(sender: str, at: str, name: str, messages: Sequence[str]) -> str:
    """Return a file of one batch: FHS, BHS, the messages, BTS with their number, FTS.

    `sender` and `at` are built fields; `name` is the batch's own id.
    """
    who = ("", at, "", "", name)
    return "".join(
        [
            header("FHS", sender, *who),
            header("BHS", sender, *who),
            *messages,
            segment("BTS", str(len(messages))),
            segment("FTS", "1"),
        ]
    )
