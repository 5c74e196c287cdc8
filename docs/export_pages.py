"""The page about exports, with every code laid out from the tables that the exports are made by.

`docs/make_pages.py` writes it. No code is named that the tables lack.
"""

from collections.abc import Iterable
from pathlib import Path

from alerts.condition import Kind, Priority
from devices.observation import METRICS, Metric
from monitor.export.codes import HL7_PRIORITY, HL7_TYPE, HL7_UNITS, Coded, loincs, mdc
from monitor.export.csv_rows import __doc__ as CSV_WORDS  # noqa: N812 - words of a module
from monitor.export.fhir_answers import DRUG, MOAAS, ROUTE
from monitor.export.fhir_forms import CHECK_IN, DISCHARGE, EVENING, NEXT_DAY
from monitor.export.fhir_people import DEVICE_TYPES
from monitor.export.fhir_vitals import PANEL
from monitor.export.pcd04 import EVENTS, FACETS

__all__ = ["export_page"]

_SIDES = {"": "neither", "L": "low", "H": "high"}


def export_page() -> str:
    """Return the page."""
    head = Path(__file__).with_name("export_words.txt").read_text(encoding="utf-8")
    return "\n".join([head, *_codes(), *_forms(), *_pcd04(), *_csv()]).rstrip() + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    names = list(head)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def _one(coded: Coded) -> str:
    return f"`{coded.code}` {coded.display}"


def _codes() -> list[str]:
    rows = [
        (
            metric.value,
            ", ".join(_one(code) for code in loincs(metric)),
            _one(mdc(metric)),
            f"`{METRICS[metric].unit}`",
            _one(HL7_UNITS[metric]) if metric in HL7_UNITS else "UCUM",
        )
        for metric in Metric
    ]
    others = [
        ("blood pressure panel", ", ".join(_one(code) for code in PANEL)),
        *((f"device: {kind.value}", _one(code)) for kind, code in DEVICE_TYPES.items()),
        ("drug (RxNorm)", _one(DRUG)),
        ("route (SNOMED CT)", _one(ROUTE)),
        ("MOAA/S (our own)", _one(MOAAS)),
    ]
    return [
        "### Codes",
        "",
        *_table(("metric", "LOINC", "MDC", "UCUM", "unit in PCD-04"), rows),
        *_table(("other", "code"), others),
    ]


def _forms() -> list[str]:
    rows = [
        (
            f"`{form.name}`",
            f"`{one.link}`",
            one.text,
            ", ".join(f"`{code}` {words}" for code, words in one.options) or one.kind,
        )
        for form in (CHECK_IN, DISCHARGE, EVENING, NEXT_DAY)
        for one in form.questions
    ]
    return ["### Forms", "", *_table(("form", "link id", "question", "answers"), rows)]


def _pcd04() -> list[str]:
    events = [(_SIDES[side], f"`{code}` {name}") for side, (code, name) in EVENTS.items()]
    facets = [(facet, f"`{code}` {name}") for facet, (code, name) in FACETS.items()]
    priorities = ", ".join(f"{one.value} {HL7_PRIORITY[one]}" for one in Priority)
    kinds = ", ".join(f"{one.value} {HL7_TYPE[one]}" for one in Kind)
    return [
        "## PCD-04",
        "",
        "One batch file: FHS, BHS, the messages in the order of time, BTS with their number, FTS;",
        "segments end with a carriage return. Each message has MSH (profile `IHE_PCD_ACM_001`,",
        "processing P for a real session, T for a demonstration, D for a test), PID, PV1, OBR",
        "(`196616^MDC_EVT_ALARM`; OBR-3 is the alarm's id and the line's number, OBR-29 the first",
        "line), eight OBX and an NTE with the words. A value stands with its limit (`>90`: should",
        "be above 90); an alarm about nothing measured has its row as the source. The number of",
        'the event "high value over limit" could not be confirmed, so the general "high" is sent.',
        "",
        f"Priorities: {priorities}. Kinds: {kinds} (SA: advisory).",
        "",
        *_table(("direction", "event"), events),
        *_table(("facet", "OBX-3"), facets),
        "Phases: start, update (another row of the family came or went), continue (only how it is",
        "answered changed), escalate, de-escalate, end. States: active, latched, inactive.",
        "Signals: enabled, audio-paused, alert-acknowledged (a person took it).",
        "",
    ]


def _csv() -> list[str]:
    words = (CSV_WORDS or "").split("| column |", 1)[1].rstrip()
    return [
        "## CSV",
        "",
        "| column |" + words,
        "",
        "A text that a spreadsheet would take for a formula begins with an apostrophe.",
        "",
    ]
