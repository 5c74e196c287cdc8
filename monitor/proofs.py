"""Gate items that no word can pass: the alarm chain by a rehearsal, the sound by counting bursts.

What was proved moves the item: rehearsals that have shown everything pass it, one that the
companion did not answer stops it until a later one passes, anything else is a hold, which is
rehearsed again, and which a physician may override after a call by phone (`clinical.md` 1.4). When
another person is on call, what was proved of the one before counts no more. Each function takes one
event or looks at what has become of it; nothing is sent here.

    rehearsal_asked(engine, RehearsalAsked(at_ms=9_000, by="ann", role=Role.COMPANION))
"""

from typing import TYPE_CHECKING

from alerts.contact import Contact, Role
from alerts.delivery import Verdict
from alerts.rehearsal import RehearsalChanged, Stand, Trial, is_rehearsal
from alerts.rehearsal_proof import Proved
from alerts.sound_proof import TRIES, Heard
from monitor import rota_gate
from monitor.events import Accepted, DeliveryAnswered, Rejected
from monitor.refusal import not_attending, refuse
from monitor.rehearsal_events import RehearsalAsked, SoundAsked, SoundHeard
from monitor.session import Phase, Trigger

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = [
    "Proofs",
    "consider",
    "fire",
    "message_answered",
    "page_answered",
    "rehearsal_asked",
    "sound_asked",
    "sound_heard",
    "why_not_by_word",
    "why_not_overridden",
]

REHEARSAL, SOUND = "rehearsal", "sound"
# How long a session that is for a rehearsal only stays open after it, so that all can read it.
_SHOWN_MS = 15_000
# The physician is asked about an alarm chain that was on hold so many times in a row.
_ASK = 2
_ORDER = 5_001
_HOW = {
    REHEARSAL: "start the rehearsal and let each person answer the test alarm",
    SOUND: "play the test sound and tap how many bursts were heard",
}


class Proofs:
    """What the engine keeps of proofs. `by_proof`: items whose state no person has set.

    `people` are the holders of the roles that the last finished rehearsal asked (None: none has
    finished, or it counts no more); `companion_answered`: the companion did, in that one. `taken`
    is the name of the rehearsal that has moved the gate; `proved`: what all of them have shown.
    """

    def __init__(self) -> None:
        self.by_proof: set[str] = set()
        self.people: tuple[Contact | None, ...] | None = None
        self.companion_answered = False
        self.taken = ""
        self.proved = Proved()


# --- what people ask for ------------------------------------------------------------------------


def why_not_by_word(engine: "Engine", item: str, state: str) -> str | None:
    """Why a person may not set this item so, or None. Whoever sees a danger may always stop."""
    proof = next((one.proof for one in engine.chart.plan.gate if one.id == item), None)
    if proof is None or state == "stop":
        return None
    return f"gate item {item!r} is proved and never set by word: {_HOW[proof]}"


def why_not_overridden(engine: "Engine", item: str) -> str | None:
    """Why a physician may not let this held item pass, or None.

    A hold that nothing was tried before (nobody knew who was on call) is no proof of the companion.
    """
    proof = next((one.proof for one in engine.chart.plan.gate if one.id == item), None)
    if proof != REHEARSAL or engine.proofs.companion_answered:
        return None
    return f"gate item {item!r} was not rehearsed: {_HOW[REHEARSAL]}; then it may be overridden"


def rehearsal_asked(engine: "Engine", event: RehearsalAsked) -> None:
    """A rehearsal begins, if the gate is open and none runs."""
    why = not_attending(engine, event) or _not_now(engine)
    refuse(engine, event, why or engine.rehearser.start(event.by, event.at_ms))


def sound_asked(engine: "Engine", event: SoundAsked) -> None:
    """The hub's loudspeaker plays some bursts."""
    if not refuse(engine, event, not_attending(engine, event) or _not_now(engine)):
        engine.emit(engine.sound_proof.ask(event.at_ms))


def sound_heard(engine: "Engine", event: SoundHeard) -> None:
    """The companion's number: right, or asked again, or after three wrong ones not proved."""
    why = not_attending(engine, event) or _not_now(engine)
    if why is None and event.role is not Role.COMPANION:
        why = "only the companion, who will be in the room, says how many bursts were heard"
    if refuse(engine, event, why or engine.sound_proof.why_not(event.at_ms)):
        return
    shown = engine.sound_proof.heard(event.bursts, event.at_ms)
    if shown is Heard.PROVED:
        _move(engine, SOUND, "pass", f"{event.by} counted the bursts")
    elif shown is Heard.WRONG:
        engine.emit(engine.sound_proof.play(event.at_ms))
    else:
        _move(engine, SOUND, "hold", f"{TRIES} wrong numbers: the sound is not proved")


def page_answered(engine: "Engine", event: Accepted | Rejected) -> bool:
    """A person answers a rehearsal on their own page. False: it is about an alarm."""
    if not is_rehearsal(event.alarm):
        return False
    verdict = Verdict.ACCEPT if isinstance(event, Accepted) else Verdict.REJECT
    refuse(engine, event, engine.rehearser.answer(event.alarm, event.by, verdict, event.at_ms))
    return True


def message_answered(engine: "Engine", event: DeliveryAnswered) -> bool:
    """A person answers a rehearsal by the way of its message. False: it is about an alarm."""
    delivery = engine.alarms.post.deliveries.get(event.delivery)
    if delivery is None or not is_rehearsal(delivery.alarm):
        return False
    why = engine.rehearser.by_message(delivery, event.verdict, event.detail, event.at_ms)
    refuse(engine, event, why)
    return True


# --- what has become of it ----------------------------------------------------------------------


def fire(engine: "Engine", key: tuple[str, ...], at_ms: int) -> None:
    """The end of a session that was for a rehearsal only; what else is due `consider` sees."""
    if key[1] == "close":
        engine.course.trigger(Trigger.ABORT, at_ms, "the rehearsal is over")


def consider(engine: "Engine", trial: Trial, at_ms: int) -> None:
    """News or time has come: the last rehearsal goes on, and the gate follows what it proved."""
    rehearser, proofs = engine.rehearser, engine.proofs
    if engine.chart.phase is not Phase.GATE:
        if not trial.over:
            why = f"the gate is closed, the session is in {engine.chart.phase.value}"
            rehearser.stop(why, at_ms)
        return
    rehearser.consider(at_ms)
    holders = rehearser.holders()
    if not trial.over and tuple(one.person for one in trial.people) != holders:
        rehearser.stop("another person is on call: start the rehearsal again", at_ms)
    if trial.over and proofs.taken != trial.id:
        proofs.taken = trial.id
        if not trial.stopped:
            proofs.proved.add(trial)
            state = proofs.proved.state(trial)
            proofs.people, proofs.companion_answered = holders, state != "stop"
            _move(engine, REHEARSAL, state, proofs.proved.reason(trial))
        if engine.chart.plan.only_rehearsal:
            engine.timers.set((REHEARSAL, "close"), at_ms + _SHOWN_MS, _ORDER)
    if proofs.people is not None and proofs.people != holders:
        proofs.people, proofs.companion_answered, proofs.proved = None, False, Proved()
        why = "another person is on call since: start the rehearsal again"
        _move(engine, REHEARSAL, "open", why)
        engine.emit(RehearsalChanged(at_ms=at_ms, id=trial.id, state=Stand.FAILED, reason=why))


def _not_now(engine: "Engine") -> str | None:
    chart = engine.chart
    if chart.phase is not Phase.GATE:
        return f"the alarm chain is tested at the gate, the session is in {chart.phase.value}"
    if chart.gate_lapsed:
        return f"the gate lapsed after {chart.plan.gate_min} min; open a new session"
    return None


def _move(engine: "Engine", proof: str, state: str, note: str) -> None:
    """Set every item that this proof decides, but one that a person has stopped for good."""
    chart, by_proof = engine.chart, engine.proofs.by_proof
    unknown = rota_gate.gap(engine) if proof == REHEARSAL and state == "pass" else ""
    if unknown:
        state, note = "hold", unknown
    for item in chart.plan.gate:
        if item.proof != proof:
            continue
        stopped = chart.gate.get(item.id) == "stop" and item.id not in by_proof
        if stopped and item.stop_final:
            continue
        # What holds by a person's word (an override) falls with the person who was proved.
        if state == "open" and chart.gate.get(item.id) == "stop":
            continue
        by_proof.add(item.id)
        chart.gate[item.id] = state
        chart.gate_notes[item.id] = note
        # "hold (repeat, then physician decides)": a first rehearsal on hold asks nobody yet.
        first = proof == REHEARSAL and not unknown and engine.proofs.proved.held < _ASK
        quiet = engine.words.quiet
        (quiet.add if first and state == "hold" else quiet.discard)(item.id)
