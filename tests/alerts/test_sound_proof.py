"""The sound is proved by the right number, and by nothing else."""

from alerts.sound_proof import Heard, SoundProof


def test_the_number_is_two_to_four_and_follows_from_the_instant() -> None:
    """Counted from the opening, so that a session at another time is the same session."""
    numbers = [SoundProof(0).ask(at_ms).bursts for at_ms in range(0, 300_000, 1_000)]
    again = [SoundProof(7).ask(at_ms + 7).bursts for at_ms in range(0, 300_000, 1_000)]
    assert (set(numbers), numbers) == ({2, 3, 4}, again)


def test_the_right_number_proves_it() -> None:
    """Once; the number is used up."""
    proof = SoundProof(0)
    bursts = proof.ask(1_000).bursts
    assert proof.why_not(61_000) is None
    assert proof.heard(bursts, 9_000) is Heard.PROVED
    assert (proof.proved_ms, proof.why_not(9_000)) == (
        9_000,
        "no test sound waits for a number: ask for one",
    )


def test_three_wrong_numbers_do_not() -> None:
    """Each is followed by other bursts; a new series begins from nothing."""
    proof = SoundProof(0)
    proof.ask(1_000)
    assert proof.heard(0, 2_000) is Heard.WRONG
    proof.play(2_000)
    assert proof.heard(9, 3_000) is Heard.WRONG
    proof.play(3_000)
    assert proof.heard(1, 4_000) is Heard.UNPROVED
    proof.ask(5_000)
    assert (proof.wrong, proof.heard(0, 6_000)) == (0, Heard.WRONG)


def test_a_number_that_comes_late_says_nothing() -> None:
    """And before anything was played."""
    proof = SoundProof(0)
    assert proof.why_not(0) == "no test sound waits for a number: ask for one"
    proof.ask(1_000)
    assert proof.why_not(61_001) == "the test sound was 60 s ago: ask for another"
