"""Frames are found however the radio split or joined them, and rubbish costs no sound frame."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from devices.frames import FrameBuffer, crc8, crc8_maxim
from devices.strict_json import Malformed, Reason

FRAME = b"\xaa\x55\x03abc"


def buffer() -> FrameBuffer:
    """Frames AA 55, a length of 1 to 9, and so many letters below 'x'."""

    def length(begin: bytes) -> int | None:
        if len(begin) < 3:
            return None
        return 3 + begin[2] if 1 <= begin[2] <= 9 else 0

    def fault(frame: bytes) -> str:
        return "an x" if b"x" in frame else ""

    return FrameBuffer("toy", b"\xaa\x55", length, fault)


def details(error: Malformed | None) -> str | None:
    """What an error says."""
    assert error is None or error.reason is Reason.FRAME
    return None if error is None else error.detail


def test_a_check_sum_of_the_usual_example() -> None:
    """Both sums of "123456789" are in every table of check sums."""
    assert (crc8(b"123456789"), crc8_maxim(b"123456789")) == (0xF4, 0xA1)


@given(st.lists(st.integers(0, 24), max_size=6))
def test_however_a_stream_is_cut_its_frames_come_once_and_in_order(cuts: list[int]) -> None:
    """Three frames, cut anywhere."""
    stream = FRAME + b"\xaa\x55\x01d" + FRAME
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    frames: list[bytes] = []
    made = buffer()
    for begin, end in pairwise(places):
        found, error = made.feed(stream[begin:end])
        assert error is None
        frames += found
    assert frames == [FRAME, b"\xaa\x55\x01d", FRAME]


def test_what_stands_before_a_frame_is_skipped_and_told() -> None:
    """The sound frame beside it comes through."""
    found, error = buffer().feed(b"zz" + FRAME)
    assert (found, details(error)) == ((FRAME,), "toy: no frame begins here (7a7a)")


def test_a_frame_that_is_not_sound_is_told_and_the_next_is_found() -> None:
    """A bad sum, then an impossible length, then a good one: one error, one frame."""
    bad, impossible = b"\xaa\x55\x03axc", b"\xaa\x55\x00"
    found, error = buffer().feed(bad + impossible + FRAME)
    assert (found, details(error)) == ((FRAME,), "toy: an x (aa5503617863)")
    found, error = buffer().feed(impossible + FRAME)
    assert found == (FRAME,)
    assert str(details(error)).startswith("toy: no frame has this head (aa5500")


def test_half_a_start_is_kept_and_rubbish_is_not() -> None:
    """The first byte of a start may be the end of a notification."""
    made = buffer()
    assert made.feed(FRAME + b"\xaa") == ((FRAME,), None)
    assert made.feed(FRAME[1:]) == ((FRAME,), None)
    found, error = made.feed(b"rubbish")
    assert (found, details(error)) == ((), "toy: no frame begins here (72756262697368)")


def test_what_is_kept_is_bounded() -> None:
    """A frame that is announced and never comes."""
    made = FrameBuffer("toy", b"\xaa", lambda _: 10_000, lambda _: "")
    found, error = made.feed(b"\xaa" + bytes(600))
    assert found == ()
    assert str(details(error)).startswith("toy: more than 512 bytes hold no frame")
    assert made.feed(b"") == ((), None)


@given(st.binary(max_size=60))
def test_random_bytes_end_and_never_raise(data: bytes) -> None:
    """Whatever comes, what is left is short."""
    made = buffer()
    made.feed(data)
    found, _ = made.feed(bytes(12) + FRAME)
    assert found[-1:] == (FRAME,)
