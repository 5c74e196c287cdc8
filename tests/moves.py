"""A strategy of sessions: valid and absurd moves in any order, before, at and after a dose.

>>> isinstance(MOVES.example(), list)  # doctest: +SKIP
True
"""

from hypothesis import strategies as st

from alerts.contact import Role
from alerts.delivery import DeliveryState, Verdict
from devices.observation import Flag
from monitor.events import Accepted, Acknowledged, CalledBack, Rejected, ResetByPerson
from tests.sessions import BY_PERSON, Move, opened

__all__ = ["MOVES", "STARTS"]

_ROLES = st.sampled_from(
    [
        Role.COMPANION,
        Role.COMPANION,
        Role.PHYSICIAN,
        Role.BACKUP,
        Role.VIEWER,
        Role.PATIENT,
    ]
)
_CODES = ("W5 B0 C0 D0 X0", "W4 B0", "W3 B1", "W2 B2 C1", "W0 B3 C2", "W5 D2 X1", "W5 D3 X11")
STRETCH = st.tuples(
    st.just("stretch"),
    st.integers(5, 60),
    st.sampled_from([1000, 1000, 1000, 1000, 400, 2000, 15_000]),
    st.sampled_from([97, 97, 93, 91, 89, 87, 79, 45]),
    st.sampled_from([70, 70, 45, 36, 115, 130, 150]),
    st.sampled_from([31, 31, 31, 21, 4, 0]),
    st.sampled_from([None, None, None, Flag.MOTION, Flag.FINGER_OUT]),
)
DIPS = st.tuples(
    st.just("dips"),
    st.integers(1, 4),
    st.sampled_from([97, 92, 91, 88, 79]),
    st.sampled_from([5, 12, 30]),
    st.sampled_from([None, 10, 25, 300]),
    st.sampled_from([400, 800, 1400, 2600, 3100]),
)
ODD = st.tuples(
    st.just("odd"),
    st.sampled_from(
        ["late", "future", "stored", "mode", "unknown", "clockless", "empty", "absurd", "weak"]
    ),
)
WAIT = st.tuples(
    st.just("wait"),
    st.sampled_from([0, 1, 999, 5_000, 14_999, 40_000, 130_000, 400_000, 1_260_000]),
)
CUFF = st.tuples(
    st.just("cuff"),
    st.sampled_from([75, 85, 120, 120, 165, 185, 205]),
    st.sampled_from([45, 70, 80, 112, 135]),
    st.sampled_from([None, None, None, "loose"]),
)
PERSON = st.tuples(
    st.just("person"),
    st.sampled_from([*BY_PERSON, "dose", "started", "help", "extra"]),
    _ROLES,
)
ANSWER = st.tuples(
    st.just("answer"),
    st.sampled_from([Acknowledged, Accepted, Accepted, Rejected, ResetByPerson, CalledBack]),
    st.integers(0, 3),
    _ROLES,
)
MOVES: st.SearchStrategy[list[Move]] = st.builds(
    lambda dosed, moves: [*dosed, *moves],
    st.sampled_from([(), (("dosed", 5),), (("dosed", 5),), (("dosed", 130),)]),
    st.lists(
        st.one_of(
            STRETCH,
            STRETCH,
            STRETCH,
            DIPS,
            ODD,
            WAIT,
            CUFF,
            PERSON,
            ANSWER,
            st.tuples(st.just("check"), st.sampled_from(_CODES), st.booleans()),
            st.tuples(st.just("irregular"), st.integers(1, 3)),
            st.tuples(st.just("gate"), st.sampled_from(["pass", "hold", "stop", "?"])),
            st.tuples(st.just("delivery"), st.integers(0, 3), st.sampled_from(DeliveryState)),
            st.tuples(st.just("by_message"), st.integers(0, 5), st.sampled_from(Verdict)),
            st.tuples(
                st.just("on_call"),
                st.sampled_from([Role.PHYSICIAN, Role.BACKUP, Role.COMPANION]),
                st.sampled_from(["kim", "roy", None]),
            ),
            st.tuples(
                st.just("hub"),
                st.sampled_from(["engine:x", "sound", "broker", "device"]),
                st.booleans(),
            ),
        ),
        min_size=4,
        max_size=20,
    ),
)
# A device with and without a clock of its own, that measures breathing or not; a cuff on the
# oximeter's arm and on the other one.
STARTS = st.builds(opened, clock=st.booleans(), same_arm=st.booleans(), breathing=st.booleans())
