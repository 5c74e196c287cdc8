"""A link loses, repeats and delays as often as radios in homes do, and never invents a value."""

from dataclasses import replace
from itertools import pairwise

import msgspec
import pytest
from numpy.random import default_rng

from devices.observation import DeviceKind, DeviceReport, Mode
from simulators.carried import Carried, LinkNews
from simulators.link import HOME, PERFECT, Link, LinkError, LinkModel

LOSSY = replace(PERFECT, gaps_per_h=2.0)


def report(number: int) -> DeviceReport:
    """One report of one device."""
    return DeviceReport(
        device="ox", kind=DeviceKind.OXIMETER, mode=Mode.TEST, boot_id="b1", seq=number
    )


def carried(model: LinkModel, hours: float, seed: int = 1) -> list[Carried]:
    """All that arrives when a report is sent each second."""
    link = Link(model, default_rng(seed), device="ox")
    out: list[Carried] = []
    for second in range(round(hours * 3600)):
        link.send(second * 1000, report(second))
        out.extend(link.due(second * 1000))
    return out


def reports(arrived: list[Carried]) -> list[tuple[int, DeviceReport]]:
    """The reports alone, with their times."""
    return [(one.at_ms, one.what) for one in arrived if isinstance(one.what, DeviceReport)]


def gaps_s(arrived: list[Carried]) -> list[float]:
    """How long nothing came, in seconds, where that was more than a second."""
    times = [at_ms for at_ms, _ in reports(arrived)]
    return [(b - a) / 1000 for a, b in pairwise(times) if b - a > 1000]


def test_a_perfect_link_carries_each_report_once_at_its_time() -> None:
    """Nothing is lost, late or repeated."""
    assert carried(PERFECT, 0.1) == [
        Carried(number * 1000, "ox", report(number)) for number in range(360)
    ]


def test_the_same_seed_carries_the_same() -> None:
    """Chance comes from the generator alone."""
    assert carried(HOME, 3, seed=5) == carried(HOME, 3, seed=5)


@pytest.mark.long
def test_gaps_are_as_long_and_as_often_as_the_row_stale_reckons_with() -> None:
    """Two gaps an hour of 7 to 50 s: over 30 s 0.8 an hour, over 45 s 0.05 (`clinical.md` 2.5)."""
    gaps = gaps_s(carried(replace(LOSSY, gaps_per_h=40.0), 30))
    count = len(gaps)
    over_30 = 2 * sum(gap > 31 for gap in gaps) / count
    over_45 = 2 * sum(gap > 46 for gap in gaps) / count
    # Two gaps in a row may look like one.
    assert (min(gaps) >= 7, sum(gap > 52 for gap in gaps) <= 0.02 * count) == (True, True)
    # A gap of 29 s on average takes a third of the time in which the next could begin.
    assert count / 30 == pytest.approx(1 / (1 / 40 + 28.5 / 3600), rel=0.1)
    assert over_30 == pytest.approx(0.8, abs=0.15)
    assert over_45 == pytest.approx(0.05, abs=0.04)


def test_a_gap_is_told_after_four_seconds_and_its_end_at_once() -> None:
    """The hub's radio says that the device is gone, and that it is back before its first value."""
    arrived = carried(LOSSY, 6)
    news = [index for index, one in enumerate(arrived) if isinstance(one.what, LinkNews)]
    lost, back = news[0], news[1]
    last_ms, lost_ms, back_ms = (arrived[index].at_ms for index in (lost - 1, lost, back))
    assert (arrived[lost].what, arrived[back].what, back) == (
        LinkNews(online=False, reason="radio link lost"),
        LinkNews(online=True, reason="radio link is back"),
        lost + 1,
    )
    assert 4_000 <= lost_ms - last_ms <= 5_000
    assert 0 <= arrived[back + 1].at_ms - back_ms <= 1_000


def test_a_short_gap_is_not_noticed_as_a_lost_link() -> None:
    """Three seconds without a value are silence and nothing else."""
    short = replace(LOSSY, gaps_per_h=60.0, gap_ms=(3_000, 3_000), return_ms=(0, 0))
    arrived = carried(short, 1)
    assert (len(reports(arrived)), gaps_s(arrived) != []) == (len(arrived), True)


def test_a_device_may_send_what_it_kept_in_one_batch() -> None:
    """Each report arrives, those of the gap 30 ms apart after it and marked as stored."""
    arrived = reports(carried(replace(LOSSY, batch_share=1.0), 3))
    stored = [(at_ms, one) for at_ms, one in arrived if one.stored]
    assert sorted(one.seq or 0 for _, one in arrived) == list(range(len(arrived)))
    assert stored[1][0] - stored[0][0] == 30
    assert stored[0][0] - 1000 * (stored[0][1].seq or 0) >= 6_000


def test_a_stale_value_may_come_from_a_cache() -> None:
    """The last value of before the gap, under a number of its own, as if it were new."""
    arrived = reports(carried(replace(LOSSY, stale_share=1.0), 3))
    index = next(i for i, (_, one) in enumerate(arrived) if one.boot_id == "b1-cache")
    before, stale = arrived[index - 1][1], arrived[index][1]
    assert stale == msgspec.structs.replace(before, boot_id="b1-cache", seq=1)


def test_a_gap_before_the_first_report_has_nothing_in_its_cache() -> None:
    """A link that begins lost carries its first own value first."""
    model = replace(LOSSY, gaps_per_h=600.0, stale_share=1.0)
    link = Link(model, default_rng(1), device="ox")
    link.due(0)
    for second in range(1, 600):
        link.due(second * 1000)
    assert {type(one.what) for one in link.due(3_600_000)} <= {LinkNews}


def test_long_silence_of_the_caller_lives_through_several_gaps() -> None:
    """A link that is asked after an hour has had all its gaps, in order."""
    link = Link(replace(LOSSY, gaps_per_h=60.0), default_rng(1), device="ox")
    link.due(0)
    news = [one.what.online for one in link.due(3_600_000) if isinstance(one.what, LinkNews)]
    assert len(news) > 40
    assert news == [bool(index % 2) for index in range(len(news))]


def test_doubles_and_overtaken_reports() -> None:
    """One per cent each: doubles carry the same number, overtaken ones come after the next."""
    arrived = reports(carried(replace(PERFECT, doubled_share=0.01, overtaken_share=0.01), 10))
    numbers = [one.seq or 0 for _, one in arrived]
    doubles = len(numbers) - len(set(numbers))
    overtaken = sum(b < a for a, b in pairwise(numbers))
    assert (300 < doubles < 430, 300 < overtaken < 430) == (True, True)


def test_a_slow_sender() -> None:
    """Every third report, each two seconds late."""
    arrived = reports(carried(replace(PERFECT, every=3, delay_ms=2_000), 0.01))
    assert [(at_ms, one.seq) for at_ms, one in arrived][:3] == [(2_000, 0), (5_000, 3), (8_000, 6)]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"gaps_per_h": -1.0}, "gaps_per_h of a link is -1.0: use 0..600"),
        ({"doubled_share": 1.5}, "doubled_share of a link is 1.5: use 0..1"),
        ({"delay_ms": 120_001}, "delay_ms of a link is 120001: use 0..120000"),
        ({"every": 0}, "every of a link is 0: use 1..60"),
        ({"gap_ms": (5, 4)}, r"gap_ms of a link is \(5, 4\): use two times up to 120000"),
    ],
)
def test_a_constant_out_of_range_is_named(wrong: dict[str, float], says: str) -> None:
    """The error says which, what was given and what is allowed."""
    with pytest.raises(LinkError, match=says):
        replace(HOME, **wrong)  # type: ignore[arg-type]
