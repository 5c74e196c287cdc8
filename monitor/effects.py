"""Everything that the engine asks of the world: the only way out of it.

An effect is a decision with its reason; shells carry it out and never decide. Every "no" is an
effect too (`Refused`, `Unjudged`, `Skipped`, `RowOff`), so that it reaches the journal and the
screen. Fields are documented in `docs/effects.md`.

>>> Refused(at_ms=1, what="dose", reason="gate is not passed").reason
'gate is not passed'
"""

from enum import StrEnum

from alerts.effects import (
    AlarmChanged,
    AlertEffect,
    CancelSend,
    EffectBase,
    Send,
    SignalChanged,
    Skipped,
    Sound,
    Speak,
    TaskChanged,
)
from alerts.rehearsal import RehearsalChanged
from alerts.sound_proof import TestSound

__all__ = [
    "AlarmChanged",
    "BaselineFrozen",
    "CancelSend",
    "CardStep",
    "Effect",
    "FollowStep",
    "FollowUpChanged",
    "Informed",
    "LimitChanged",
    "PhaseChanged",
    "PromptKind",
    "Prompted",
    "Refused",
    "RehearsalChanged",
    "RowOff",
    "Send",
    "SignalChanged",
    "Skipped",
    "Sound",
    "Speak",
    "TaskChanged",
    "TestSound",
    "Unjudged",
]


class PromptKind(StrEnum):
    """What somebody is asked to do: the companion, or (`patient_check`) the patient."""

    CUFF = "cuff"
    CHECK_IN = "check_in"
    PATIENT_CHECK = "patient_check"


class Prompted(EffectBase, frozen=True, kw_only=True):
    """Ask the companion, or the patient, for something that is due at `due_ms`."""

    prompt: PromptKind
    due_ms: int
    reason: str


class PhaseChanged(EffectBase, frozen=True, kw_only=True):
    """The session went from one phase to another, and why."""

    before: str
    phase: str
    reason: str


class FollowStep(StrEnum):
    """What happened in the follow-up."""

    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    NEXT_DAY_ASKED = "next_day_asked"
    NEXT_DAY_ANSWERED = "next_day_answered"


class FollowUpChanged(EffectBase, frozen=True, kw_only=True):
    """Patient and companion are asked something after the discharge, or `by` has answered.

    `due_ms` is when it was to be asked.
    """

    step: FollowStep
    due_ms: int
    by: str | None = None
    reason: str = ""


class BaselineFrozen(EffectBase, frozen=True, kw_only=True):
    """A baseline that rows compare with from now on; None when there is none, with the reason."""

    metric: str
    value_x100: int | None
    reason: str


class LimitChanged(EffectBase, frozen=True, kw_only=True):
    """A row has another limit from now on, in this session only, by whose word and why."""

    row: str
    before_x100: int
    limit_x100: int
    by: str
    reason: str


class Informed(EffectBase, frozen=True, kw_only=True):
    """Something that everybody of the session must know, and that is no alarm. Said once."""

    row: str
    words: str


class CardStep(EffectBase, frozen=True, kw_only=True):
    """The card of an alarm begins with this step, and why (`row`). Said once of each alarm."""

    alarm: str
    row: str
    step: str


class RowOff(EffectBase, frozen=True, kw_only=True):
    """A row cannot work in this session, and why. Said once."""

    row: str
    why: str


class Unjudged(EffectBase, frozen=True, kw_only=True):
    """A report is kept in the record and was not judged, and why."""

    device: str
    reason: str


class Refused(EffectBase, frozen=True, kw_only=True):
    """A command was refused, and why; nothing else changed."""

    what: str
    reason: str
    by: str | None = None


Effect = (
    AlertEffect
    | RehearsalChanged
    | TestSound
    | Prompted
    | PhaseChanged
    | FollowUpChanged
    | BaselineFrozen
    | LimitChanged
    | Informed
    | CardStep
    | RowOff
    | Unjudged
    | Refused
)
