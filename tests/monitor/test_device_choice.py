"""What a scan may offer: only what we can read, whose it is, and why it cannot be had."""

import pytest
from msgspec import structs

from devices.ble_words import Advert
from devices.models import MODELS, STANDARD_CUFF, STANDARD_OXIMETER, Model, model
from monitor import device_choice
from monitor.device_choice import Bound, Offer, Sightings, bound_devices, near_words, not_in_session

OX, BP, HEADSET = "AA:00:00:00:00:01", "AA:00:00:00:00:02", "AA:00:00:00:00:03"


def advert(address: str, services: tuple[str, ...] = (), rssi: int = -60, name: str = "") -> Advert:
    """One advert."""
    return Advert(address, name or None, services, rssi, None)


def test_what_a_device_said_of_itself_adds_up_and_the_strongest_stands_first() -> None:
    """An advert without a name or services takes none away; the strength is the newest one."""
    seen = Sightings()
    for one in (
        advert(OX, ("1822",), -80, "Ox"),
        advert(OX, (), -70),
        advert(OX, ("180F",), -75),
        advert(BP, ("1810",), -50),
        advert(HEADSET, ("110B",), -40, "Headset"),
    ):
        seen.seen(one, 1_000)
    assert seen.offers({}, "a", 1_000) == [
        Offer(advert(BP, ("1810",), -50), STANDARD_CUFF, None, ""),
        Offer(advert(OX, ("180F", "1822"), -75, "Ox"), STANDARD_OXIMETER, None, ""),
    ]
    assert (seen.others, seen.times(OX), seen.times("?"), seen.get("?")) == (1, 3, 0, None)
    assert seen.get(HEADSET) == advert(HEADSET, ("110B",), -40, "Headset")


def test_another_patient_s_device_is_shown_and_cannot_be_taken() -> None:
    """One's own can be enrolled again."""
    seen = Sightings()
    seen.seen(advert(OX, ("1822",), -50), 0)
    seen.seen(advert(BP, ("1810",), -60), 0)
    mine, theirs = Bound("a", "a-ox"), Bound("b", "b-cuff")
    assert [(o.bound, o.why_not) for o in seen.offers({OX: mine, BP: theirs}, "a", 0)] == [
        (mine, ""),
        (theirs, "it is b-cuff of b"),
    ]


def test_a_device_that_was_switched_off_goes_from_the_list() -> None:
    """After 10 s of silence; one that is connected already never advertises."""
    seen = Sightings()
    seen.seen(advert(OX, ("1822",), -50), 0)
    seen.seen(advert(BP, ("1810",), 0), 0)
    found = [[o.advert.address for o in seen.offers({}, "a", ms)] for ms in (10_000, 10_001)]
    assert found == [[BP, OX], [BP]]


def test_more_devices_than_a_house_has_are_counted_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Telephones change their addresses for ever."""
    monkeypatch.setattr(device_choice, "_MOST", 1)
    seen = Sightings()
    for one in (advert(OX), advert(BP), advert(OX)):
        seen.seen(one, 1_000)
    assert (seen.missed, seen.others, seen.times(OX)) == (1, 1, 2)


def test_a_file_with_faults_still_binds_the_addresses_in_it() -> None:
    """A misprint gives nobody's device away."""
    people = "".join(
        f'[[contacts]]\nid = "{role}"\nrole = "{role}"\nname = "N"\n'
        'ways = [{ channel = "console" }]\n'
        for role in ("companion", "physician")
    )
    sound = (
        '[patient]\nid = "a"\nmode = "demo"\nname = "A"\nplan = "default"\n'
        f'[[devices]]\nid = "a-ox"\nkind = "oximeter"\naddress = "{OX}"\n'
        'model = "standard-oximeter"\n[[devices]]\nid = "a-bp"\nkind = "cuff"\n'
    )
    broken = f"[patient]\nid = 'b'\n# {BP.lower()}\n"
    found = bound_devices({"a": sound + people, "b": broken})
    assert found == {OX: Bound("a", "a-ox"), BP: Bound("b", "")}
    assert found[BP].words == "named in b.toml, which has faults"


@pytest.mark.parametrize(
    ("dbm", "words"),
    [
        (0, "connected"),
        (-60, "close by"),
        (-61, "in the room"),
        (-75, "in the room"),
        (-76, "far away: perhaps a neighbour"),
    ],
)
def test_strength_in_words(dbm: int, words: str) -> None:
    """At its edges."""
    assert near_words(dbm) == words


SLOW = structs.replace(STANDARD_OXIMETER, interval_ms=4_000)
MEMORY = structs.replace(STANDARD_OXIMETER, not_at_gate="gives out its memory only")


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (STANDARD_CUFF, ""),
        (model("viatom-o2ring"), ""),
        (SLOW, "it sends every 4 s: a session's oximeter at least every 2 s"),
        (MEMORY, "gives out its memory only"),
    ],
)
def test_what_cannot_serve_a_session_says_why(one: Model, why: str) -> None:
    """Slower than every 2 s, or named in the table; every model of today can."""
    assert not_in_session(one) == why
    assert [not_in_session(each) for each in MODELS] == [""] * len(MODELS)
