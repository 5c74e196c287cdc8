"""Whatever a person wrote wrong is named: where it is, what it is, what to write instead."""

from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from monitor.faults import Faults, FaultsError, convert, read_toml

Port = Annotated[int, Meta(ge=1, le=65535, description="a port between 1 and 65535")]


class Colour(StrEnum):
    """A choice of two."""

    RED = "red"
    BLUE = "blue"


class Limit(Struct, frozen=True, tag="limit", tag_field="shape"):
    """One shape of a row."""

    below: float
    colours: tuple[Colour, ...] = ()


class Step(Struct, frozen=True, tag="step", tag_field="shape"):
    """Another shape of a row."""

    percent: int


class Row(Struct, frozen=True):
    """Something with an id in a list."""

    id: str
    test: Limit | Step


class Pair(Struct, frozen=True):
    """Two numbers that must be in order."""

    low: int
    high: int

    def __post_init__(self) -> None:
        """Refuse a pair upside down."""
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")


class Everything(Struct, frozen=True, kw_only=True):
    """One of each."""

    port: Port
    name: str | None = None
    spare: Annotated[int, Meta(ge=0)] | None = None
    rows: tuple[Row, ...] = ()
    numbers: Annotated[list[int], Meta(min_length=1, max_length=2)] = []
    by_colour: dict[Colour, int] = {}
    pair: Pair | None = None
    limit: Limit | None = None
    either: int | str = 0
    mixed: Limit | str = ""
    anything: Any = None
    two: Literal["a", "b"] = "a"


def read(mapping: Any, cls: type[Any] = Everything) -> tuple[Any, list[str]]:
    """Return what became of a mapping, and the faults."""
    faults = Faults()
    return convert(cls, mapping, "x.toml", faults), list(faults)


def test_a_right_mapping_becomes_the_struct() -> None:
    """Every kind of field is taken over as its own type."""
    mapping = {
        "port": 1,
        "name": None,
        "spare": 3,
        "rows": [
            {"id": "A", "test": {"shape": "limit", "below": 88, "colours": ["red", "blue"]}},
            {"id": "B", "test": {"shape": "step", "percent": 20}},
        ],
        "numbers": [1, 2],
        "by_colour": {"red": 1},
        "pair": {"low": 1, "high": 2},
        "limit": {"shape": "limit", "below": 1.5},
        "either": "text",
        "mixed": {"below": 2.0},
        "anything": [1, "two"],
        "two": "b",
    }
    assert read(mapping) == (
        Everything(
            port=1,
            spare=3,
            rows=(
                Row("A", Limit(88.0, (Colour.RED, Colour.BLUE))),
                Row("B", Step(20)),
            ),
            numbers=[1, 2],
            by_colour={Colour.RED: 1},
            pair=Pair(1, 2),
            limit=Limit(1.5),
            either="text",
            mixed=Limit(2.0),
            anything=[1, "two"],
            two="b",
        ),
        [],
    )


def test_all_faults_are_named_at_once_with_their_places() -> None:
    """Faults in every corner of one file are all found in one reading."""
    mapping = {
        "prot": 1,
        "name": 5,
        "spare": -1,
        "rows": [
            {"id": "A", "test": {"shape": "limit", "below": "x", "colours": ["green"]}},
            {"test": {"shape": "stp", "percent": 20}},
            {"id": "C", "test": {"percent": 20}},
            "D",
            {"id": "E", "test": {"shape": [1]}},
        ],
        "numbers": [1, "two", 3],
        "by_colour": {"green": 1, "red": "x"},
        "pair": {"low": 3, "high": 2},
        "limit": {"shape": "step", "below": 1},
        "either": 1.5,
        "mixed": 7,
        "two": "c",
        "zzz": 1,
    }
    assert read(mapping) == (
        None,
        [
            "x.toml: prot: unknown key; did you mean 'port'?",
            "x.toml: name: expected str, got 5; write a text",
            "x.toml: spare: -1 is too small; write a whole number from 0",
            "x.toml: rows[0 A].test.below: expected number, got 'x'; write a number",
            "x.toml: rows[0 A].test.colours[0]: got 'green'; write one of red, blue",
            "x.toml: rows[1].test.shape: got 'stp'; did you mean 'step'?",
            "x.toml: rows[1].id: is missing; write a text",
            "x.toml: rows[2 C].test.shape: is missing; write one of limit, step",
            "x.toml: rows[3]: expected a table, got 'D'; write a table of keys",
            "x.toml: rows[4 E].test.shape: got [1]; write one of limit, step",
            "x.toml: numbers[1]: expected int, got 'two'; write a whole number",
            "x.toml: numbers: has 3 items; write a list of 1 to 2 items",
            "x.toml: by_colour.green: got 'green'; write one of red, blue",
            "x.toml: by_colour.red: expected int, got 'x'; write a whole number",
            "x.toml: pair: low 3 is above high 2; correct these keys together",
            "x.toml: limit.shape: got 'step'; write 'limit'",
            "x.toml: either: got 1.5; write a whole number or a text",
            "x.toml: mixed: got 7; write a table of keys or a text",
            "x.toml: two: got 'c'; write one of a, b",
            f"x.toml: zzz: unknown key; known keys: {', '.join(Everything.__struct_fields__)}",
            "x.toml: port: is missing; write a port between 1 and 65535",
        ],
    )


@pytest.mark.parametrize(
    ("mapping", "fault"),
    [
        ([], "x.toml: expected a table, got []; write a table of keys"),
        (
            {"port": 1, "rows": 5},
            "x.toml: rows: expected a list, got 5; write a list",
        ),
        (
            {"port": 1, "numbers": []},
            "x.toml: numbers: has 0 items; write a list of 1 to 2 items",
        ),
        (
            {"port": 1, "by_colour": 5},
            "x.toml: by_colour: expected a table, got 5; write a table of keys",
        ),
        (
            {"port": 0},
            "x.toml: port: 0 is too small; write a port between 1 and 65535",
        ),
        (
            {"port": 70000, "pair": None},
            "x.toml: port: 70000 is too large; write a port between 1 and 65535",
        ),
    ],
)
def test_one_fault(mapping: Any, fault: str) -> None:
    """A fault on its own is one line and nothing is made."""
    assert read(mapping) == (None, [fault])


class Note(Struct, frozen=True):
    """Advice that was given to the whole of a choice."""

    port: Annotated[int | None, Meta(description="a port or nothing")] = None
    empty: "Nothing | None" = None


class Nothing(Struct, frozen=True):
    """A table without keys."""


def test_advice_of_an_optional_value_is_kept() -> None:
    """A description on `X | None` is the advice for X."""
    assert read({"port": "x", "empty": {"a": 1}}, Note) == (
        None,
        [
            "x.toml: port: expected int, got 'x'; write a port or nothing",
            "x.toml: empty.a: unknown key; known keys: none",
        ],
    )


def test_toml_that_is_no_toml_is_a_fault() -> None:
    """A broken file is one fault with its line; nothing is raised."""
    faults = Faults()
    made = [
        read_toml("a = 1", "x.toml", faults),
        read_toml("a = ", "x.toml", faults),
        read_toml("a = " + "[" * 5000, "y.toml", faults),
        read_toml("a = " + "9" * 5000, "z.toml", faults),
    ]
    assert made == [{"a": 1}, None, None, None]
    assert [fault.split(":")[0] for fault in faults] == ["x.toml", "y.toml", "z.toml"]
    assert faults[:2] == [
        "x.toml: is not TOML: Invalid value (at end of document); correct that line",
        "y.toml: is nested too deeply; write fewer brackets in brackets",
    ]


def test_an_error_holds_all_faults() -> None:
    """The message shows every fault on a line of its own."""
    error = FaultsError(["a: b; c", "d: e; f"])
    assert (error.faults, str(error)) == (("a: b; c", "d: e; f"), "a: b; c\nd: e; f")


ANY_TOML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Everything.__struct_fields__, ANY_TOML)))
def test_any_mapping_is_taken_whole_or_named(mapping: dict[str, Any]) -> None:
    """Either there is a value and no fault, or no value and at least one fault; nothing raises."""
    value, faults = read(mapping)
    assert (value is None) == bool(faults)
