"""What can go wrong between the hub and a person, as one frozen value that all fake services read.

The first group is the network's and the server's, which every service can do; the second is the
carrier's and the person's, which only a service with people behind it can do. A fault that a
service cannot have is not refused: it changes nothing there. Nothing here acts; the services do.

>>> Faults(hang=True).at_wire(3)
True
>>> Faults(status=503, requests=1).at_wire(1)
False
"""

from dataclasses import dataclass

__all__ = ["NONE", "Faults"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """All faults of one service at one time; the default has none.

    Attributes:
        refuse: nobody listens at the port.
        hang: the request is taken and never answered.
        slow_ms: every answer waits this long first.
        status: an HTTP status that is answered instead of doing anything; 0 is none.
        broken_body: the right status, and a body that is no answer of this service.
        requests: how many requests the four faults above meet, counted from when they were set;
            0 is for ever. (`refuse` has no count: what is refused is not seen.)
        duplicate_receipt: a receipt, and a person's answer as the service tells it, comes twice.
        lost_receipt: the service never says that it has delivered.
        undelivered: the carrier says that it could not deliver.
        lost_answer: the person answers, and the service never tells.
        voicemail: a machine answers the call.
        busy: the line is busy.
        no_answer: it rings, and nobody picks up or reads.
        no_key: somebody picks up and presses nothing.
        wrong_key: the person answers with something that was not asked for.
        late_answer_ms: the person answers this long after the message arrived.
        double_answer: the person answers twice.
    """

    refuse: bool = False
    hang: bool = False
    slow_ms: int = 0
    status: int = 0
    broken_body: bool = False
    requests: int = 0
    duplicate_receipt: bool = False
    lost_receipt: bool = False
    undelivered: bool = False
    lost_answer: bool = False
    voicemail: bool = False
    busy: bool = False
    no_answer: bool = False
    no_key: bool = False
    wrong_key: bool = False
    late_answer_ms: int = 0
    double_answer: bool = False

    def at_wire(self, met: int) -> bool:
        """Return whether the next request meets the network's and the server's faults.

        Args:
            met: how many requests have met them already.
        """
        any_fault = self.hang or self.slow_ms or self.status or self.broken_body
        return bool(any_fault) and (self.requests == 0 or met < self.requests)


NONE = Faults()
"""Nothing goes wrong."""
