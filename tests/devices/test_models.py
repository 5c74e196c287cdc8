"""A device is recognised by what it advertises, and each model says what is known of it."""

import pytest

from devices.models import MODELS, Model, model, recognise
from devices.observation import DeviceKind

SLOW_MS = 2000


@pytest.mark.parametrize(
    ("name", "services", "found"),
    [
        (None, ["180A", "1822"], "standard-oximeter"),
        ("A&D_UA-651BLE_ABCDEF", ["1810"], "and-ua651ble"),
        ("BLEsmart_0001", ["1810"], "omron-bls"),
        ("Some cuff", ["1810"], "standard-cuff"),
        ("Kitchen scale", ["181D"], None),
        (None, [], None),
    ],
)
def test_an_advert_looks_like_a_model_or_like_none(
    name: str | None, services: list[str], found: str | None
) -> None:
    """By its name where a model has names, else by its services."""
    got = recognise(name, services)
    assert (got.id if got else None) == found


def test_a_model_is_found_by_its_id_or_the_known_ones_are_named() -> None:
    """The patient's file names a model by its id."""
    assert [model(one.id) for one in MODELS] == list(MODELS)
    with pytest.raises(KeyError, match=r"no model 'toaster'; known are .*standard-cuff"):
        model("toaster")


@pytest.mark.parametrize("one", MODELS, ids=lambda one: one.id)
def test_each_model_says_what_is_known_of_it(one: Model) -> None:
    """A source; an interval for an oximeter, none for a cuff; a slow one says why it is unfit."""
    assert one.source
    assert one.notify
    assert bool(one.decoder().poll()) == bool(one.poll_ms)
    assert one.decoder().begin() == ()
    oximeter = one.kind is DeviceKind.OXIMETER
    assert oximeter == (one.interval_ms is not None)
    assert not (oximeter and (one.interval_ms or 0) > SLOW_MS and not one.not_at_gate)
