"""What people were asked, as Questionnaires: the check-in, the gate, the discharge, the days after.

A form is written once as a table here; `monitor/export/fhir_answers.py` fills it. Link ids are the
letters and names that the journal has, so that an answer can be traced back.

>>> [item["linkId"] for item in CHECK_IN.items()[:3]]
['W', 'B', 'C']
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from devices.checkin import Answer, Breathing, Clip, Colour, Mood, Mouth, Position, Sign
from monitor.export.codes import OWN, own
from monitor.export.fhir_parts import Parts, Resource

__all__ = ["CHECK_IN", "DISCHARGE", "EVENING", "NEXT_DAY", "Form", "Question", "choice", "url_of"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `options` are its codes with their words; none: `kind` says the answer's."""

    link: str
    text: str
    kind: str = "boolean"
    options: tuple[tuple[str, str], ...] = ()
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its name, its title, its questions."""

    name: str
    title: str
    questions: tuple[Question, ...]

    def items(self) -> list[Resource]:
        """Return the items of its Questionnaire."""
        return [_item(self.name, one) for one in self.questions]

    def entry(self, parts: Parts) -> Resource:
        """Return the entry of its Questionnaire."""
        return parts.entry(
            "Questionnaire",
            self.name,
            url=url_of(self.name),
            status="active",
            title=self.title,
            subjectType=["Patient"],
            item=self.items(),
        )


def url_of(name: str) -> str:
    """Return the canonical name of a form."""
    return f"{OWN}form:{name}"


def choice(form: str, code: str, words: str) -> Resource:
    """Return a coded answer to a question of a form."""
    coded = own(form, code, words)
    return {"valueCoding": {"system": coded.system, "code": coded.code, "display": coded.display}}


def _item(form: str, one: Question) -> Resource:
    item: Resource = {"linkId": one.link, "text": one.text, "type": one.kind}
    if one.options:
        item["type"] = "choice"
        item["answerOption"] = [choice(form, code, words) for code, words in one.options]
    return {**item, **({"repeats": True} if one.repeats else {})}


def _coded(words: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    return tuple((one.value, one.name.lower().replace("_", " ")) for one in words)


def _words(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((one, one.replace("_", " ")) for one in words)


CHECK_IN = Form(
    "check-in",
    "Check-in of the companion",
    (
        Question("W", "How did the patient answer to the name?", options=_coded(Answer)),
        Question("B", "What does the chest do?", options=_coded(Breathing)),
        Question("C", "Lips and tongue", options=_coded(Colour)),
        Question("D", "How does the patient seem?", options=_coded(Mood)),
        Question("X", "Anything else?", options=_coded(Sign), repeats=True),
        Question("L", "How does the patient lie?", options=_coded(Position)),
        Question("M", "What is left of the lozenge?", options=_coded(Mouth)),
        Question("F", "Is the clip on the patient's own finger?", options=_coded(Clip)),
    ),
)
DISCHARGE = Form(
    "discharge",
    "Trial of discharge: what the companion saw",
    (
        Question("walk", "Walks without help"),
        Question("drink", "Drank without vomiting"),
        Question("nausea", "Nausea, 0 to 10", "integer"),
        Question("oriented", "Knows person, place and date"),
        Question("feels_normal", "Feels normal or nearly"),
        Question("no_ideation", "No thoughts of suicide above the plan's level"),
        Question("stays", "Companion stays until bedtime, nobody drives today"),
    ),
)
EVENING = Form("evening", "The evening's question", (Question("well", "All is well"),))
NEXT_DAY = Form(
    "next-day",
    "The next day's check-in",
    (
        Question("mood", "Mood", options=_words(("good", "low", "very_low"))),
        Question("sleep", "Sleep", options=_words(("well", "little", "none"))),
        Question("bladder", "Bladder pain or blood"),
        Question("thoughts", "Thoughts of death", options=_words(("none", "wish", "intent"))),
    ),
)
