"""A simple value is exactly what its type and bounds say, and nothing is guessed."""

import datetime as dt
from enum import IntEnum
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, inspect

from monitor.scalars import BAD, advise, convert_leaf, show, split


class Level(IntEnum):
    """Numbers with names."""

    ONE = 1
    TWO = 2


def judge(kind: Any, value: Any) -> tuple[Any, str]:
    """Return what becomes of a value of this type."""
    info, _ = split(inspect.type_info(kind))
    return convert_leaf(info, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, 5),
        (Annotated[int, Meta(ge=1, le=5)], 5),
        (Annotated[int, Meta(gt=1, lt=5, multiple_of=2)], 4),
        (float, 1.5),
        (bool, True),
        (str, "a"),
        (Annotated[str, Meta(min_length=1, max_length=2, pattern="^a")], "ab"),
        (Literal[1, "b"], "b"),
        (None, None),
        (dt.datetime, dt.datetime(2026, 1, 2, tzinfo=dt.UTC)),
        (dt.date, dt.date(2026, 1, 2)),
        (dt.time, dt.time(12, 30)),
    ],
)
def test_a_right_value_is_taken_as_it_is(kind: Any, value: Any) -> None:
    """A value inside its type and bounds is taken over unchanged."""
    assert judge(kind, value) == (value, "")


def test_a_whole_number_may_stand_for_a_float() -> None:
    """5 is taken as 5.0 where a number with decimals is allowed, and a name's value as the name."""
    assert [judge(float, 5), judge(Level, 2)] == [(5.0, ""), (Level.TWO, "")]
    assert type(judge(float, 5)[0]) is float


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        (int, "5", "expected int, got '5'"),
        (int, True, "expected int, got True"),
        (int, 5.0, "expected int, got 5.0"),
        (float, float("nan"), "expected number, got nan"),
        (float, float("inf"), "expected number, got inf"),
        (float, False, "expected number, got False"),
        (float, 10**400, "a number with too many digits is too large"),
        (float, -(10**400), "a number with too many digits is too small"),
        (Annotated[int, Meta(ge=1)], 0, "0 is too small"),
        (Annotated[int, Meta(gt=1)], 1, "1 is too small"),
        (Annotated[int, Meta(le=5)], 10**400, "a number with too many digits is too large"),
        (Annotated[int, Meta(lt=5)], 5, "5 is too large"),
        (Annotated[int, Meta(multiple_of=2)], 5, "5 is no multiple of 2"),
        (bool, 1, "expected bool, got 1"),
        (str, 1, "expected str, got 1"),
        (Annotated[str, Meta(min_length=2)], "a", "'a' is too short"),
        (Annotated[str, Meta(max_length=2)], "abc", "'abc' is too long"),
        (Annotated[str, Meta(pattern="^a")], "b", "'b' does not match ^a"),
        (Level, 3, "got 3"),
        (Level, True, "got True"),
        (Literal["a"], "b", "got 'b'"),
        (dt.date, dt.datetime(2026, 1, 2, tzinfo=dt.UTC), "expected date, got " + "dt"),
    ],
)
def test_a_wrong_value_is_named(kind: Any, value: Any, fault: str) -> None:
    """What is wrong with a value is said with the value in it."""
    made, said = judge(kind, value)
    assert (made, said.replace(show(value), "dt" if fault.endswith("dt") else show(value))) == (
        BAD,
        fault,
    )


def test_a_type_that_settings_cannot_hold_is_our_own_mistake() -> None:
    """A type that TOML has no word for is refused loudly."""
    with pytest.raises(TypeError, match="settings cannot hold a BytesType"):
        judge(bytes, b"")


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        (int, "a whole number"),
        (Annotated[int, Meta(ge=1, le=5)], "a whole number from 1 to 5"),
        (Annotated[float, Meta(gt=1, lt=5)], "a number above 1 and below 5"),
        (Annotated[int, Meta(le=5)], "a whole number up to 5"),
        (Annotated[int, Meta(ge=5)], "a whole number from 5"),
        (Annotated[int, Meta(lt=5)], "a whole number below 5"),
        (str, "a text"),
        (Annotated[str, Meta(min_length=2)], "a text of at least 2 characters"),
        (Annotated[str, Meta(max_length=2)], "a text of 0 to 2 characters"),
        (list[int], "a list"),
        (Annotated[tuple[int, ...], Meta(min_length=1, max_length=2)], "a list of 1 to 2 items"),
        (Level, "one of 1, 2"),
        (Literal["a", "b"], "one of a, b"),
        (int | str | None, "a whole number or a text"),
        (bool, "true or false"),
        (dt.date, "a date"),
        (dict[str, int], "a table of keys"),
        (Annotated[int, Meta(description="a port")], "a port"),
    ],
)
def test_advice_says_what_to_write(kind: Any, advice: str) -> None:
    """The end of a fault says what would have been right."""
    assert advise(*split(inspect.type_info(kind))) == advice


def test_long_values_are_cut() -> None:
    """A message stays readable whatever was written."""
    assert show("a" * 100) == "'" + "a" * 56 + "..."
    assert repr(BAD) == "BAD"
    assert split(inspect.Metadata(inspect.IntType())) == (inspect.IntType(), "")
