"""An alarm goes on under the id that the record gave it: care, timers, messages and call-back.

After an update of the software today's rows may raise an alarm at another instant than the record
says. The record's id holds, because answers of people name it. Nothing else about the alarm moves.

    rename(carer, "oxygen@6000", "oxygen@5000")
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alerts.carer import Carer

__all__ = ["rename"]


def rename(carer: "Carer", old_id: str, new_id: str) -> None:
    """Move one alarm in hand to another id."""
    care = carer.cares[new_id] = carer.cares.pop(old_id)
    care.id = new_id
    carer.callbacks.rename(old_id, new_id)
    for kind in ("rung", "pause", "speak"):
        carer.timers.rename((kind, old_id), (kind, new_id))
    for by in care.leases:
        for kind in ("lease", "remind"):
            carer.timers.rename((kind, old_id, by), (kind, new_id, by))
    for delivery in carer.post.bag.about(old_id):
        delivery.alarm = new_id
