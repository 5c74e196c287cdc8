"""What the rehearsals of one gate have proved together: who has answered, which ways have worked.

One rehearsal may be on hold because the backup was slow, and the next because one text was lost.
What the first one proved of a person or of a way is as fresh as a rehearsal that passed at once, so
it counts until somebody else is on call. The companion answers every one: a test alarm that they
did not take is a stop (`clinical.md` 1.4). Who answers "cannot" is proved no more.

It moves no gate and keeps no time.

>>> Proved().state(Trial("rehearsal@5", "ann", 5, []))
'pass'
"""

from alerts.rehearsal import PersonTrial, Stand, Trial, gate_state

__all__ = ["Proved"]


_TOOK = frozenset({Stand.PASSED, Stand.UNPROVED})


class Proved:
    """What is proved of the people who are asked now. `held`: rehearsals in a row left it open."""

    def __init__(self) -> None:
        self.held = 0
        self._answered: set[str] = set()
        self._worked: set[tuple[str, int]] = set()
        self._rounds = 0

    def add(self, trial: Trial) -> None:
        """A rehearsal has run to its end."""
        self._rounds += 1
        for person in trial.people:
            if person.said_no:
                self._answered.discard(person.name)
            elif person.answered:
                self._answered.add(person.name)
            self._worked.update(
                (person.name, number)
                for number, way in enumerate(person.ways)
                if way.state in _TOOK
            )
        state = self.state(trial)
        self.held = 0 if state == "pass" else self.held + (state == "hold")

    def state(self, trial: Trial) -> str:
        """What the last rehearsal makes of the gate's item: pass, hold or stop."""
        state = gate_state(trial)
        return "pass" if state == "hold" and not self._lacking(trial) else state

    def reason(self, trial: Trial) -> str:
        """Why the item is where it is."""
        if gate_state(trial) == "stop":
            return trial.reason
        lacking = self._lacking(trial)
        if lacking:
            return "; ".join(person.reason for person in lacking)
        names = ", ".join(person.name for person in trial.people)
        more = "" if trial.state is Stand.PASSED else f", in {self._rounds} rehearsals"
        return f"answered by {names}{more}"

    def _lacking(self, trial: Trial) -> list[PersonTrial]:
        """The people of whom something is not proved yet."""
        return [person for person in trial.people if not self._is_proved(person)]

    def _is_proved(self, person: PersonTrial) -> bool:
        if person.state is Stand.PASSED:
            return True
        ways = ((person.name, number) for number in range(len(person.ways)))
        return person.name in self._answered and all(way in self._worked for way in ways)
