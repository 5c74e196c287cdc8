"""What all resources of a bundle are built of: names that stay the same, codes, values, entries.

A resource's name is a UUID made from the session and from what it tells of (RFC 4122, version 5),
so the same journal gives the same names. No name is drawn, and nothing is judged here.

>>> parts = Parts("s1", Dates(0, at_ms=0, is_synchronised=True))
>>> parts.urn("Patient", "p1") == parts.urn("Patient", "p1")
True
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from devices.observation import METRICS, Metric
from monitor.export.codes import EXTENSION, OWN, UCUM, Coded, loincs, mdc
from monitor.export.times import Dates

__all__ = [
    "Parts",
    "Resource",
    "absent",
    "concept",
    "extension",
    "measured_code",
    "number",
    "own_identifier",
    "quantity",
    "score",
    "text_only",
    "uuid5",
]

Resource = dict[str, Any]

_URI = "urn:ietf:rfc:3986"
_NAMESPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")  # names that are URLs
# A server finds these by no identifier.
_BY_TAG = frozenset({"AuditEvent", "Provenance", "AdverseEvent"})
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def uuid5(name: str) -> str:
    """Return the UUID of a name (version 5, in the namespace of URLs)."""
    digest = bytearray(hashlib.sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest())
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest[:16].hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Parts:
    """The names and dates of one session's bundle."""

    def __init__(self, session: str, dates: Dates) -> None:
        self.dates = dates
        self._prefix = f"{OWN}session/{session}/"

    def urn(self, kind: str, name: str) -> str:
        """Return the name of a resource, as its `fullUrl`."""
        return "urn:uuid:" + uuid5(f"{self._prefix}{kind}/{name}")

    def ref(self, kind: str, name: str) -> dict[str, str]:
        """Return a reference to a resource of this bundle."""
        return {"reference": self.urn(kind, name)}

    def entry(self, kind: str, name: str, /, *, known_as: str = "", **fields: Any) -> Resource:
        """Return one entry: a resource that a server creates unless it has it already.

        `known_as` is the value by which people and devices are the same in all sessions.
        """
        urn = self.urn(kind, name)
        resource: Resource = {"resourceType": kind}
        identifier = {"system": _URI, "value": urn}
        unless = f"identifier={_URI}|{urn}"
        if known_as:
            identifier = {"system": f"{OWN}id:{kind.lower()}", "value": known_as}
            unless = f"identifier={identifier['system']}|{quote(known_as, safe='')}"
        elif kind in _BY_TAG:
            tag = {"system": f"{OWN}export", "code": urn.rpartition(":")[2]}
            resource["meta"] = {"tag": [tag]}
            unless = f"_tag={tag['system']}|{tag['code']}"
        elif kind == "Questionnaire":
            unless = f"url={fields['url']}"
        if kind not in _BY_TAG and kind != "Questionnaire":
            single = kind == "QuestionnaireResponse"
            resource["identifier"] = identifier if single else [identifier]
        meta = {**resource.get("meta", {}), **fields.pop("meta", {})}
        resource |= {field: value for field, value in fields.items() if value not in ([], {}, "")}
        if meta:
            resource["meta"] = meta
        return {
            "fullUrl": urn,
            "resource": resource,
            "request": {"method": "POST", "url": kind, "ifNoneExist": unless},
        }


def own_identifier(kind: str, value: str) -> dict[str, str]:
    """Return an identifier of our own for something that is no resource of the bundle."""
    return {"system": f"{OWN}id:{kind}", "value": value}


def concept(*codes: Coded, text: str = "") -> Resource:
    """Return a CodeableConcept."""
    coding = [{"system": c.system, "code": c.code, "display": c.display} for c in codes]
    return {"coding": coding, **({"text": text} if text else {})}


def text_only(text: str) -> Resource:
    """Return a CodeableConcept that has no code."""
    return {"text": text}


def measured_code(metric: Metric) -> Resource:
    """Return the code of a metric: LOINC and MDC."""
    return concept(*loincs(metric), mdc(metric))


def quantity(metric: Metric, value_x100: int) -> Resource:
    """Return a value in its unit; whole numbers stay whole."""
    unit = METRICS[metric].unit
    return {"value": number(value_x100), "unit": unit, "system": UCUM, "code": unit}


def number(value_x100: int) -> int | float:
    """Return a value of hundredths as JSON writes it."""
    return value_x100 // 100 if value_x100 % 100 == 0 else value_x100 / 100


def score(value: int, unit: str = "{score}") -> Resource:
    """Return a number that has no physical unit."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def absent(code: str) -> Resource:
    """Return why there is no value: `error`, `unknown`, ..."""
    return {"coding": [{"system": _ABSENT, "code": code}]}


def extension(name: str, parts: Mapping[str, Mapping[str, Any]]) -> Resource:
    """Return an extension of our own, with its parts by name (`{"row": {"valueCode": ...}}`)."""
    return {
        "url": EXTENSION + name,
        "extension": [{"url": key, **value} for key, value in parts.items()],
    }
