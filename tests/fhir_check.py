"""What holds of a FHIR bundle beyond its shape: names, references and codes, checked by hand.

It knows nothing of how the bundle is made: it walks JSON.

    faults(bundle)      -> [] or lines that say what is wrong where
"""

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["LOINC_OF", "codings", "faults", "resources"]

LOINC_OF = frozenset(
    "59408-5 2708-6 8867-4 8889-8 61006-3 9279-1 8480-6 8462-4 8478-0 85354-9".split()  # noqa: SIM905 - short
)
_MDC = frozenset(
    "150456 149530 149546 150448 151562 150020 150021 150022 150023 528388 528391".split()  # noqa: SIM905 - short
)
_CODES = {
    "http://loinc.org": LOINC_OF,
    "urn:iso:std:iso:11073:10101": _MDC,
    "http://snomed.info/sct": frozenset({"37839007"}),
    "http://www.nlm.nih.gov/research/umls/rxnorm": frozenset({"6130"}),
}
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_UNITS = frozenset({"%", "/min", "mm[Hg]", "{score}", "{samples}", "mg", "mg/dL"})


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the resources of one kind."""
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def walk(thing: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object with its path."""
    if isinstance(thing, dict):
        yield path, thing
        for key, value in thing.items():
            yield from walk(value, f"{path}.{key}")
    elif isinstance(thing, list):
        for one in thing:
            yield from walk(one, path)


def codings(bundle: dict[str, Any]) -> set[tuple[str, str]]:
    """Return every code of the bundle with its system."""
    return {
        (one["system"], one["code"])
        for _, one in walk(bundle["entry"])
        if "system" in one and "code" in one
    }


def faults(bundle: dict[str, Any]) -> list[str]:
    """Return what is wrong."""
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    found = [f"{url} is no UUID of version 5" for url in urls if not _UUID.fullmatch(url)]
    found += [f"{url} stands twice" for url in sorted({u for u in urls if urls.count(u) > 1})]
    kinds = {e["fullUrl"]: e["resource"]["resourceType"] for e in bundle["entry"]}
    for entry in bundle["entry"]:
        kind, request = entry["resource"]["resourceType"], entry["request"]
        if request["method"] != "POST" or request["url"] != kind or not request["ifNoneExist"]:
            found.append(f"{entry['fullUrl']}: is created without a condition")
        for path, one in walk(entry["resource"], kind):
            found += _reference(path, one, kinds) + _code(path, one) + _empty(path, one)
    conditions = [entry["request"]["ifNoneExist"] for entry in bundle["entry"]]
    if len(set(conditions)) != len(conditions):
        found.append("two resources are created on one condition")
    return found


def _reference(path: str, one: dict[str, Any], kinds: dict[str, str]) -> list[str]:
    target = one.get("reference")
    return [] if target is None or target in kinds else [f"{path}: {target} is not in the bundle"]


def _code(path: str, one: dict[str, Any]) -> list[str]:
    system, code = one.get("system"), one.get("code")
    if system is None or code is None:
        return []
    if system == "http://unitsofmeasure.org":
        return [] if code in _UNITS else [f"{path}: unit {code}"]
    if system in _CODES:
        return [] if code in _CODES[system] else [f"{path}: {code} is not in the table of {system}"]
    return [] if system.startswith((_HL7, "urn:vigil:")) else [f"{path}: system {system}"]


def _empty(path: str, one: dict[str, Any]) -> list[str]:
    return [f"{path}.{key} is empty" for key, value in one.items() if value in ("", [], {}, None)]
