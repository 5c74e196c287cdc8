"""What one run of the campaign is: a scene, its faults, its people, and when it is cut.

>>> Run(SCENES["SPO2-LOW"], (), PEOPLE["deaf"]).length_s
615.0
"""

from dataclasses import dataclass

from simulators.campaign.faults import Fault
from simulators.campaign.people import PEOPLE, Answering
from simulators.campaign.scenes import SCENES, Scene

__all__ = ["DOSE_S", "PEOPLE", "SCENES", "START_S", "Kill", "Run"]

DOSE_S = 310.0
"""When the dose is taken: after the five minutes of good values that make a baseline."""

START_S = DOSE_S + 60
"""When the trouble begins, in the house's seconds."""


@dataclass(frozen=True, slots=True)
class Kill:
    """Kill the hub at this record of the session: before its commit, or after."""

    record: int
    committed: bool
    for_s: float = 3.0


@dataclass(frozen=True, slots=True)
class Run:
    """What is played. It ends ten minutes after the alarm was due, or after `more_s`."""

    scene: Scene
    faults: tuple[Fault, ...]
    cast: Answering
    kill: Kill | None = None
    more_s: float = 600.0

    @property
    def length_s(self) -> float:
        """How long it is played, in seconds from the start of the trouble."""
        return self.scene.due_s + self.more_s
