"""The physician's word about an alarm afterwards: was it right, for the record and for later plans.

The word changes no alarm and tells nobody; what it is good for is counted in `vigil report`.

>>> from devices.observation import Mode
>>> JudgeAlarm(
...     session="s1", mode=Mode.TEST, alarm="oxygen@5", verdict=AlarmVerdict.FALSE, note="clip off"
... ).verdict
<AlarmVerdict.FALSE: 'false'>
"""

from enum import StrEnum

from devices.order import AlarmId, OrderBase
from devices.payload import Text

__all__ = ["AlarmVerdict", "JudgeAlarm"]


class AlarmVerdict(StrEnum):
    """Whether what an alarm said was so."""

    TRUE = "true"
    FALSE = "false"
    UNCLEAR = "unclear"


class JudgeAlarm(
    OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="judge_alarm"
):
    """Say of one alarm, open or over, whether it was right. Changes no alarm."""

    alarm: AlarmId
    verdict: AlarmVerdict
    note: Text = ""
