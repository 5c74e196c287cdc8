"""The code systems of an export, each code once: LOINC, MDC, UCUM, SNOMED CT, RxNorm and our own.

`docs/export.md` is made from these tables. LOINC, unit and MDC number of a metric stand where the
metric is born (`devices/observation.py`); here are their names and what no metric needs. Sources:
the tables 5.1 to 5.3 of the clinical base; codes marked there as unsure are not used unless they
are the only ones. What has no code that could be confirmed is in a code system of our own.

>>> mdc(Metric.SPO2)
Coded(system='urn:iso:std:iso:11073:10101', code='150456', display='MDC_PULS_OXIM_SAT_O2')
"""

from typing import NamedTuple

from alerts.condition import Kind, Priority
from devices.observation import METRICS, Metric

__all__ = [
    "EXTENSION",
    "HL7_PRIORITY",
    "HL7_TYPE",
    "HL7_UNITS",
    "LOINC",
    "MDC",
    "NAMES",
    "OWN",
    "RXNORM",
    "SNOMED",
    "UCUM",
    "Coded",
    "loincs",
    "mdc",
    "own",
]

LOINC = "http://loinc.org"
MDC = "urn:iso:std:iso:11073:10101"
UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
OWN = "urn:vigil:codes:"
"""Our own code systems begin so; nobody has registered them, so a receiver reads the display."""

EXTENSION = "urn:vigil:extension:"
"""Our own extensions begin so."""


class Coded(NamedTuple):
    """One code of one system."""

    system: str
    code: str
    display: str


NAMES: dict[Metric, str] = {
    Metric.SPO2: "Oxygen saturation in Arterial blood by Pulse oximetry",
    Metric.PULSE: "Heart rate",
    Metric.PI: "Perfusion index",
    Metric.RR: "Respiratory rate",
    Metric.SBP: "Systolic blood pressure",
    Metric.DBP: "Diastolic blood pressure",
    Metric.MAP: "Mean blood pressure",
    Metric.CUFF_PULSE: "Heart rate",
}

_MDC_NAMES: dict[Metric, str] = {
    Metric.SPO2: "MDC_PULS_OXIM_SAT_O2",
    Metric.PULSE: "MDC_PULS_OXIM_PULS_RATE",
    Metric.PI: "MDC_PULS_OXIM_PERF_REL",
    Metric.RR: "MDC_RESP_RATE",
    Metric.SBP: "MDC_PRESS_BLD_NONINV_SYS",
    Metric.DBP: "MDC_PRESS_BLD_NONINV_DIA",
    Metric.MAP: "MDC_PRESS_BLD_NONINV_MEAN",
    Metric.CUFF_PULSE: "MDC_PULS_RATE_NON_INV",
}

# Besides the one of the metric: what the profiles of FHIR ask for.
_MORE_LOINC: dict[Metric, tuple[Coded, ...]] = {
    Metric.SPO2: (Coded(LOINC, "2708-6", "Oxygen saturation in Arterial blood"),),
    Metric.PULSE: (Coded(LOINC, "8889-8", "Heart rate by Pulse oximetry"),),
}

HL7_UNITS: dict[Metric, Coded] = {
    Metric.SPO2: Coded(MDC, "262688", "MDC_DIM_PERCENT"),
    Metric.PI: Coded(MDC, "262688", "MDC_DIM_PERCENT"),
    Metric.PULSE: Coded(MDC, "264864", "MDC_DIM_BEAT_PER_MIN"),
    Metric.CUFF_PULSE: Coded(MDC, "264864", "MDC_DIM_BEAT_PER_MIN"),
    Metric.SBP: Coded(MDC, "266016", "MDC_DIM_MMHG"),
    Metric.DBP: Coded(MDC, "266016", "MDC_DIM_MMHG"),
    Metric.MAP: Coded(MDC, "266016", "MDC_DIM_MMHG"),
}
"""Units of PCD-04 as MDC codes; breaths a minute have none that could be confirmed: UCUM."""

HL7_PRIORITY = {Priority.LOW: "PL", Priority.MEDIUM: "PM", Priority.HIGH: "PH"}
HL7_TYPE = {
    Kind.PHYSIOLOGICAL: "SP",
    Kind.TECHNICAL: "ST",
    Kind.OBSERVER: "SA",
    Kind.WORKFLOW: "SA",
}
"""What people saw and what the protocol asks for are advisories to a receiver of PCD-04."""


def mdc(metric: Metric) -> Coded:
    """Return the MDC code of a metric."""
    return Coded(MDC, str(METRICS[metric].mdc), _MDC_NAMES[metric])


def loincs(metric: Metric) -> tuple[Coded, ...]:
    """Return the LOINC codes of a metric, its own one first."""
    return (Coded(LOINC, METRICS[metric].loinc, NAMES[metric]), *_MORE_LOINC.get(metric, ()))


def own(table: str, code: str, display: str) -> Coded:
    """Return a code of our own."""
    return Coded(OWN + table, code, display)
