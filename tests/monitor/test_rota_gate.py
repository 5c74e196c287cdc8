"""A physician whom nobody knows holds the gate's alarm chain, and only that."""

from typing import Self

from msgspec import structs

from alerts.contact import Contact, Role, Way
from monitor.effects import AlarmChanged, Refused
from monitor.events import GateOverridden, GateSet, HubCondition, OnCallChanged
from tests.bedside import DEFAULT, Bedside

CHAIN = "alarm_chain"
GAP = "physician: nobody is on call"


class Gate(Bedside):
    """A session at its gate."""

    def rota(self, why: str, role: str = "physician") -> Self:
        """The rota of a role says why nobody is known (empty: somebody is)."""
        return self.send(
            HubCondition(at_ms=self.now_ms, condition=f"rota:{role}", present=bool(why), detail=why)
        )

    @property
    def chain(self) -> tuple[str | None, str | None]:
        """The item's state and note."""
        chart = self.engine.chart
        return chart.gate.get(CHAIN), chart.gate_notes.get(CHAIN)

    def rows(self) -> list[tuple[str, str]]:
        """What was raised and cleared."""
        lines = (effect for effect in self.effects if isinstance(effect, AlarmChanged))
        return [(line.row, line.transition.value) for line in lines]


def gate() -> Gate:
    """A session of the default plan."""
    return Gate(DEFAULT, ())


def test_a_gap_is_an_alarm_and_a_hold() -> None:
    """What a rehearsal had proved counts again when the same people are on call."""
    one = gate().gate()
    proved = one.chain
    assert proved[0] == "pass"
    assert one.rota(GAP).chain == ("hold", GAP)
    assert one.rota("").chain == proved
    assert one.rows() == [("ROTA-GAP", "raised"), ("ROTA-GAP", "cleared")]


def test_a_rehearsal_that_passes_in_a_gap_leaves_the_hold() -> None:
    """The people who answered may not be those whose turn it is."""
    one = gate().rota(GAP).gate()
    assert one.chain == ("hold", GAP)
    assert one.rota("").chain[0] == "pass"


def test_without_a_rehearsal_the_item_is_open_again() -> None:
    """Nothing was proved."""
    assert gate().rota(GAP).rota("").chain == ("open", "somebody is on call again")


def test_another_person_needs_another_rehearsal() -> None:
    """What was proved of the one before counts no more."""
    one = gate().gate().rota(GAP)
    kim = Contact("kim", Role.PHYSICIAN, "Dr Kim", (Way("console"),))
    one.send(OnCallChanged(at_ms=one.now_ms, role=Role.PHYSICIAN, contact=kim))
    assert one.rota("").chain[0] == "open"


def test_a_physician_may_override_the_hold() -> None:
    """It is no stop once the companion has answered a rehearsal; a new reason holds it again."""
    one = gate().gate().rota(GAP)
    one.send(
        GateOverridden(
            at_ms=one.now_ms, by="dr", role=Role.PHYSICIAN, item=CHAIN, reason="I am on call"
        )
    )
    assert one.chain == ("pass", "overridden by dr: I am on call")
    assert one.rota("physician: another gap").chain == ("hold", "physician: another gap")


def test_a_stop_stays_a_stop() -> None:
    """Whoever stopped the chain saw more than a gap."""
    one = gate()
    one.send(
        GateSet(at_ms=0, by="ann", role=Role.COMPANION, item=CHAIN, state="stop", note="no signal")
    )
    assert one.rota(GAP).chain == ("stop", "no signal")
    assert one.rota("").chain == ("stop", "no signal")


def test_a_backup_whom_nobody_knows_is_an_alarm_and_no_hold() -> None:
    """The physician can be reached."""
    one = gate().gate()
    proved = one.chain
    assert (one.rota("backup: nobody", "backup").chain, one.rows()) == (
        proved,
        [("ROTA-GAP", "raised")],
    )


def test_after_the_dose_the_gate_is_left_alone() -> None:
    """The alarm is raised all the same."""
    one = gate().gate().dose()
    proved = one.chain
    assert (one.rota(GAP).chain, one.rows()[-1]) == (proved, ("ROTA-GAP", "raised"))


def test_by_word_nobody_passes_the_chain_in_a_gap() -> None:
    """In a plan that asks for no rehearsal too; other items and a hold can be set."""
    items = tuple(structs.replace(item, proof=None) for item in DEFAULT.gate)
    one = Gate(structs.replace(DEFAULT, gate=items), ()).rota(GAP)

    def put(item: str, state: str) -> list[str]:
        before = len(one.effects)
        one.send(GateSet(at_ms=0, by="ann", role=Role.COMPANION, item=item, state=state))
        return [e.reason for e in one.effects[before:] if isinstance(e, Refused)]

    assert [put(CHAIN, "pass"), put(CHAIN, "hold"), put("mood", "pass")] == [
        [f"gate item 'alarm_chain' is on hold: {GAP}"],
        [],
        [],
    ]
    one.rota("")
    assert put(CHAIN, "pass") == []
