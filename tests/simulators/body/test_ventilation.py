"""Ventilation falls under ketamine and opioids as the sources say."""

import numpy as np
import pytest

from simulators.body.ventilation import ketamine_share, opioid_share


def test_ketamine_alone_takes_a_tenth_by_300_and_four_tenths_by_1000() -> None:
    """1 without, 0.95 at 150, 0.9 at 300, 0.75 at 650, 0.6 at 1000 ng/mL and above."""
    effect = np.array([0.0, 150.0, 300.0, 650.0, 1000.0, 3000.0])
    assert ketamine_share(effect).tolist() == pytest.approx([1.0, 0.95, 0.9, 0.75, 0.6, 0.6])


def test_an_opioid_alone_leaves_what_it_leaves() -> None:
    """Without ketamine the share is the opioid's own."""
    alone = np.array([0.4, 0.6, 1.0])
    assert opioid_share(alone, np.zeros(3)).tolist() == pytest.approx([0.4, 0.6, 1.0])


def test_ketamine_gives_part_of_the_drive_back() -> None:
    """C50 doubles at 254 ng/mL of racemic ketamine (127 of esketamine): 0.5 becomes 2/3."""
    got = opioid_share(np.array([0.5]), np.array([254.0]))
    assert got.tolist() == pytest.approx([2 / 3])
