"""How hard a text is to read, and the words that no layperson should have to know.

The grade is Kincaid et al., "Derivation of new readability formulas for Navy enlisted personnel",
Research Branch Report 8-75 (1975): 0.39 words per sentence + 11.8 syllables per word - 15.59, a
school year of the United States. Syllables are counted as groups of vowels, with the words that
this counts wrong in a table; a test holds it against words counted by hand.

>>> grade("Wake Alex now.") < 3
True
"""

import re
from typing import Final

__all__ = ["HARD", "grade", "hard_words", "syllables"]

HARD: Final = frozenset(
    [
        "acknowledge",
        "airway",
        "apnea",
        "apnoea",
        "arrhythmia",
        "aspiration",
        "baseline",
        "bradycardia",
        "calibrate",
        "clinician",
        "condition",
        "consciousness",
        "contraindicated",
        "cyanosis",
        "cyanotic",
        "deteriorate",
        "diastolic",
        "dissociation",
        "dissociative",
        "emesis",
        "escalate",
        "escalation",
        "evaluate",
        "exhale",
        "hemodynamic",
        "hypertension",
        "hypertensive",
        "hypotension",
        "hypoxia",
        "hypoxic",
        "inhale",
        "lateral",
        "latched",
        "latency",
        "moaas",
        "monitoring",
        "obstruction",
        "oximeter",
        "parameter",
        "perfusion",
        "posture",
        "priority",
        "protocol",
        "respiration",
        "respiratory",
        "saturation",
        "sedated",
        "sedation",
        "spo2",
        "stridor",
        "sublingual",
        "supine",
        "syncope",
        "systolic",
        "tachycardia",
        "titrate",
        "ventilation",
        "vital",
        "vitals",
    ]
)
"""Words that a physician uses and a companion does not, in the singular."""

_COUNTED: Final = {
    "area": 3, "being": 2, "beside": 2, "chest": 1, "closed": 1, "create": 2, "doing": 2,
    "doctor": 2, "going": 2, "hospital": 3, "idea": 3, "later": 2, "naloxone": 3, "people": 2,
    "quiet": 2, "reset": 2, "safety": 2, "seeing": 2, "sentence": 2, "science": 2, "something": 2,
    "sometimes": 2, "somebody": 3, "someone": 2, "whole": 1, "lozenge": 2, "reading": 2,
}  # fmt: skip


def syllables(word: str) -> int:
    """Return how many syllables a word has, by its letters."""
    if word in _COUNTED:
        return _COUNTED[word]
    stem = re.sub(r"(?<=[^aeioudt])ed$|(?<=[^aeiou])es$(?<![sxzc]es)(?<!ges)(?<![cs]hes)", "", word)
    groups = len(re.findall(r"[aeiouy]+", stem))
    is_silent = stem.endswith("e") and not re.search(r"[^aeiou]le$", stem) and groups > 1
    return max(1, groups - is_silent)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: the school year that can read this. Digits are no words."""
    words = re.findall(r"[a-z']+", text.lower())
    sentences = max(1, len(re.findall(r"[.?!:]+", text)))
    per_word = sum(syllables(word) for word in words) / max(1, len(words))
    return 0.39 * len(words) / sentences + 11.8 * per_word - 15.59


def hard_words(text: str) -> list[str]:
    """Return the words of a text that no layperson should have to know.

    >>> hard_words("Hypoxia: check the vitals.")
    ['hypoxia', 'vitals']
    """
    words = re.findall(r"[a-z0-9]+", text.lower())
    return [word for word in words if word in HARD or word.removesuffix("s") in HARD]
