"""The companion's cards: what to do now, in one line and at most four steps, for every alarm.

The words are design text that a clinician must sign before use. A first line has at most 12 words,
every step is read at a glance, and no card holds a value, a diagnosis or a secret: the card of
SI-1 and SI-2 may lie open on a screen that the patient sees. An alarm is never silent for want of
words: a family without a card sends somebody to look.

This module chooses words; it never knows which screen shows them and what has been heard.

>>> card("oxygen", "SPO2-LOW", Priority.HIGH, "Alex", "112").line
'Oxygen is low. Wake Alex now.'
>>> card("pulse_slow", "PR-BRADY", Priority.HIGH, "Alex", "112").steps[1]
'No answer or bad breathing: call 112.'
"""

from typing import Final

from msgspec import Struct

from alerts.card_names import FAMILIES, ROWS
from alerts.condition import AlarmClass, Priority

__all__ = ["CARDS", "FAMILIES", "ROWS", "Card", "card"]


class Card(Struct, frozen=True):
    """The first line, and what to do after it, in order."""

    line: str
    steps: tuple[str, ...]


_WAKE: Final = (
    "Say the name loudly. Shake the shoulder.",
    "Tip the head back. Lift the chin. Take out what is left of the lozenge.",
    "Watch the chest. Is it moving well?",
    "No answer, blue lips or bad breathing: call {911}.",
)
_LOOK: Final = (
    "Say: {name}, are you OK? Wait for an answer.",
    "Watch the chest for ten seconds.",
    "Tap what you see. It takes 20 seconds.",
    'Can\'t stay? Tap "I must go". Do not leave before someone comes.',
)
_CLIP: Final = (
    "Is the chest moving? Are the lips pink? If not, call {911}.",
    "Put the clip back on a warm finger. Keep the hand still.",
    "No number yet? Try a new finger.",
    "Tap what you see. Stay close.",
)
_PRESS: Final = (
    "Put the cuff on the bare arm, two fingers above the elbow.",
    "Rest the arm on a table. No talking. Keep still.",
    'Press start on the cuff. Then tap "Started".',
    'No number? Tap "It failed". Wait one minute and try again.',
)
_WATCH: Final = (
    "Sit down where you see the face and the chest.",
    "Say the name every few minutes. Wait for an answer.",
    "No answer, blue lips or bad breathing: call {911}.",
    "Call the doctor by phone and say what the screen shows.",
)

CARDS: Final[dict[str, Card]] = {
    "oxygen_falling": Card("Oxygen is falling. Look at {name} now.", _WAKE),
    "oxygen_low": Card("Oxygen is low. Wake {name} now.", _WAKE),
    "check_breathing": Card("Check breathing now.", _WAKE),
    "call": Card(
        "Call {911} now. Put the phone on speaker.",
        (
            "Lay {name} flat on the floor. Open the mouth. Take out what you can see.",
            "No breath, or just gasps: push hard and fast on the chest. Do not stop.",
            "If you have naloxone, give it. It does no harm.",
            "Breathing but no answer: roll on the side. Stay. Unlock the door.",
        ),
    ),
    "sleepy": Card(
        "{name} is too sleepy. Try to wake them now.",
        (
            "Say the name loudly. Then shake the shoulder.",
            "Take out the lozenge. Wipe the mouth.",
            "Roll {name} on the side. Tip the head back.",
            "No answer when you shake: call {911}.",
        ),
    ),
    "no_signal": Card("We can't see the oxygen. Look at {name} first.", _CLIP),
    "data": Card("A reading looks wrong. Look at {name} first.", _CLIP),
    "pressure_high": Card(
        "Blood pressure is high. Please check it once more.",
        (
            "Keep the room calm. No talking. Arm still.",
            "Wait for the one minute timer. Then press start.",
            "Ask: very bad headache, chest pain, or loss of sight? Tap what you hear.",
            "Stay. The doctor has been told.",
        ),
    ),
    "emergency": Card(
        "This is an emergency. Call {911} now.",
        (
            "Say: ketamine, and what you see. Read out the address on the screen.",
            "Do not give food, drink or pills.",
            "A fit: move hard things away. Do not hold {name} down. Then roll on the side.",
            "Stay. Unlock the door.",
        ),
    ),
    "lie_down": Card(
        "Lay {name} down flat now. Lift the legs.",
        (
            "Say the name. Sleepy or sick: roll on the side.",
            "No answer or bad breathing: call {911}.",
            "Do not let {name} stand up for 15 minutes.",
            "Press start on the cuff.",
        ),
    ),
    "pulse_fast": Card(
        "The pulse looks fast. Sit with {name}.",
        (
            "Speak softly. Breathe slowly with {name}.",
            "Keep the hand with the clip still.",
            "Feel the wrist. Count the beats for 30 seconds. Tap the number.",
            "Chest pain or hard to breathe: call {911}.",
        ),
    ),
    "on_the_side": Card(
        "Roll {name} on the side now. Face down to the floor.",
        (
            "Let it run out. Wipe the mouth. Take out the lozenge.",
            "Do not lay {name} on the back. No food or drink.",
            "Noisy breathing, choking or blue lips: call {911}.",
        ),
    ),
    "turn": Card(
        "Turn {name} on the side. Lift the chin.",
        (
            "Or sit {name} half up, with the chin off the chest.",
            "Watch the chest. Is it moving well?",
            "No answer, blue lips or bad breathing: call {911}.",
        ),
    ),
    "fear": Card(
        "Stay near. Speak softly. Say: you are safe.",
        (
            "Dim the light. Turn off loud sound.",
            "Do not hold {name} down. Keep them away from stairs and hot things.",
            "Tap if {name} wants a doctor. Help is one tap away.",
            "If you feel in danger, step out and call {911}.",
        ),
    ),
    "stay": Card(
        "Please stay with {name}. Do not leave them alone.",
        (
            "The doctor will call you both soon.",
            "Move pills, blades and guns out of reach.",
            "Listen. Do not argue.",
            "If {name} tries to get hurt: call {911}. In the US you can call 988.",
        ),
    ),
    "look": Card("We need you. Go to {name} and look now.", _LOOK),
    "no_tap": Card("{name} has not tapped. Look at {name} and check in.", _LOOK),
    "unwell": Card("{name} feels unwell. Sit with {name} and look now.", _LOOK),
    "question": Card(
        "How is {name}? Please look, and answer one short question.",
        (
            "Go to {name}, or call. Sleeping well is well.",
            "Hard to wake, or bad breathing: call {911}.",
            "Tap the answer on this page.",
        ),
    ),
    "breathing": Card("Breathing is not right. Wake {name} and look now.", _WAKE),
    "count_breaths": Card(
        "Breathing looks slow. Count the breaths for 30 seconds.",
        (
            "Watch the chest. Count each time it goes up.",
            "Four or less: wake {name}. Shake the shoulder. Tip the head back.",
            'Check in now. Tap "Slow or with pauses".',
            "No answer, blue lips or bad breathing: call {911}.",
        ),
    ),
    "panic": Card("Somebody called for help. Go to {name} now.", _LOOK),
    "cuff_late": Card("A cuff reading is late. Please press start on the cuff.", _PRESS),
    "cuff_failed": Card("The cuff gave no number. Check it and try again.", _PRESS),
    "dose": Card(
        "The dose was not as planned. Stay with {name}.",
        (
            "Give no more of the drug.",
            "Say the name. Watch the chest for ten seconds.",
            "Tap what you see. It takes 20 seconds.",
            "The doctor has been told.",
        ),
    ),
    "gate": Card(
        "The start took too long. Please do not take the dose.",
        (
            "Put the lozenge away.",
            "Is some of it taken already? Tap it now.",
            "Stay with {name}. Call the doctor by phone.",
        ),
    ),
    "not_yet": Card(
        "Please do not stop yet. Stay with {name}.",
        (
            "Leave the clip and the cuff on.",
            "No stairs, no bath, no driving.",
            "The doctor has been told and will say when it ends.",
        ),
    ),
    "monitor": Card("The monitor has a fault. Watch {name} yourself now.", _WATCH),
    "outage": Card("Nobody was watching for a while. Look at {name} now.", _LOOK),
    "silent": Card("The hub can't make a sound. Keep this screen in sight.", _WATCH),
    "whose_finger": Card("Is the clip on {name}'s finger? Look, and tap the answer.", _CLIP),
    "link": Card("A device has lost its link. Look at {name} first.", _CLIP),
    "no_doctor": Card("Nobody knows which doctor is on call. Call one now.", _WATCH),
    "less_help": Card("Some checks are off today. Watch {name} closely.", _WATCH),
    "fallback": Card("Please go to {name} and look now.", _LOOK),
}
"""Every card by its name; `{name}` is the patient, `{911}` the local emergency number."""

_CALL_FAMILIES: Final = frozenset({"oxygen", "no_signal", "sedation", "breathing"})
# Private cards never turn into a call on a screen that the patient sees.
_KEEPS_CARD: Final = frozenset({"SI-1", "SI-2"})


def card(
    family: str,
    row: str,
    priority: Priority,
    name: str,
    emergency_number: str,
    alarm_class: AlarmClass | None = None,
) -> Card:
    """Return the card of one alarm, with the patient's name and the number filled in.

    Args:
        family: the alarm's family as the plan names it.
        row: the catalogue row that is present with the highest rank.
        priority: the alarm's priority now.
        name: the patient's name or pseudonym; empty reads as "the patient".
        emergency_number: the local one, from the patient's file.
        alarm_class: class E puts the emergency call first.
    """
    chosen = CARDS[_chosen(family, row, priority, alarm_class)]
    who = " ".join(name.split()) or "the patient"

    def filled(text: str) -> str:
        line = text.replace("{911}", emergency_number).replace("{name}", who)
        return line[:1].upper() + line[1:]

    return Card(filled(chosen.line), tuple(filled(step) for step in chosen.steps))


def _chosen(family: str, row: str, priority: Priority, alarm_class: AlarmClass | None) -> str:
    if alarm_class is AlarmClass.E and row not in _KEEPS_CARD:
        return "call" if family in _CALL_FAMILIES or row == "SYM-LARYNX" else "emergency"
    if row == "SPO2-CRIT":
        # Until it has held for 10 s it is not yet class E: breathing is looked at first.
        return "check_breathing"
    if row in ROWS:
        return ROWS[row]
    if family == "oxygen" and priority is Priority.HIGH:
        return "oxygen_low"
    return FAMILIES.get(family, "fallback")
