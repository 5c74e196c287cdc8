"""What people may notice or say outside a check-in: one closed list, each thing one tap.

A check-in is asked for; a notice comes by itself: somebody fell, vomited blood, must go. Four of
the things carry a number. This module knows what can be said and in which numbers, never what
follows.

>>> why_not(Thing.NAUSEA, 11)
'nausea needs a whole number from 0 to 10'
>>> why_not(Thing.MUST_GO, None) is None
True
"""

from enum import StrEnum

__all__ = ["SPANS", "Thing", "why_not"]


class Thing(StrEnum):
    """What a person noticed.

    `head_hit`: head hit or neck pain after a fall; `coughs`: coughs or wheezes after vomiting;
    `noisy_throat`: stridor, choking, or drooling with noise; `restless`: upset and trying to get
    up; `ideation`: a new wish to be dead, or thoughts of it, above the plan's level; `intent`: with
    intent, a plan or an act; `left_home`: left, drives, cooks or bathes; `must_go`: the companion
    cannot stay; `impaired`: the companion has drunk alcohol or cannot stay awake; `stands_alone`:
    stands without help; `bladder`: pain or blood;
    `mouth_empty`: nothing is left of the lozenge. With a number: `nausea` and `distress` 0 to 10,
    `cadss6` 0 to 24, `glucose` in mg/dL.
    """

    HEAD_HIT = "head_hit"
    VOMITED_BLOOD = "vomited_blood"
    COUGHS = "coughs"
    NOISY_THROAT = "noisy_throat"
    RESTLESS = "restless"
    IDEATION = "ideation"
    INTENT = "intent"
    LEFT_HOME = "left_home"
    MUST_GO = "must_go"
    IMPAIRED = "impaired"
    STANDS_ALONE = "stands_alone"
    BLADDER = "bladder"
    MOUTH_EMPTY = "mouth_empty"
    NAUSEA = "nausea"
    DISTRESS = "distress"
    CADSS6 = "cadss6"
    GLUCOSE = "glucose"


SPANS: dict[Thing, tuple[int, int]] = {
    Thing.NAUSEA: (0, 10),
    Thing.DISTRESS: (0, 10),
    Thing.CADSS6: (0, 24),
    Thing.GLUCOSE: (10, 900),
}
"""From which number to which one, both included; a thing that is not here has no number."""


def why_not(thing: Thing, number: int | None) -> str | None:
    """Return why this number cannot be said of the thing, or None."""
    span = SPANS.get(thing)
    if span is None:
        return None if number is None else f"{thing.value} has no number"
    if number is None or not span[0] <= number <= span[1]:
        return f"{thing.value} needs a whole number from {span[0]} to {span[1]}"
    return None
