"""Nobody can be known by a deidentified export, in whatever format, and one key hides alike."""

import json
import re
import types
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest
from msgspec import Struct

from devices.checkin import CheckIn
from monitor.events import SessionOpened
from monitor.export.csv_rows import csv_text
from monitor.export.deidentify import Mask, closed_words
from monitor.export.deidentify_policy import (
    HUB_TIMES,
    LENGTHS,
    TEXTS,
    WALL_TIMES,
    WHOLLY_OUT,
    Policy,
    policy_of,
)
from monitor.export.fhir_bundle import bundle_text
from monitor.export.json_lines import json_lines
from monitor.export.pcd04 import pcd04_text
from monitor.export.story import read_story
from monitor.journal import Record, decode, encode
from monitor.patient import Health, Patient
from monitor.plan import Plan
from tests.canonical import records
from tests.export_scene import OPENED, scene

KEY = b"k" * 32


def parts_of(hint: Any) -> Iterator[Any]:
    """Yield the plain types that a hint mentions."""
    if get_origin(hint) is Annotated:
        yield from parts_of(get_args(hint)[0])
    elif get_origin(hint) is not Literal and get_args(hint):
        for arg in get_args(hint):
            yield from parts_of(arg)
    else:
        yield hint


def structs_of(root: type[Struct]) -> list[type[Struct]]:
    """Return every Struct that a record can hold; what a plan holds is another matter."""
    found, waiting = [], [root]
    while waiting:
        kind = waiting.pop()
        if kind in found or kind is Plan or kind.__name__ in WHOLLY_OUT:
            continue
        found.append(kind)
        for hint in get_type_hints(kind, include_extras=True).values():
            waiting += [p for p in parts_of(hint) if isinstance(p, type) and issubclass(p, Struct)]
    return found


def fields_of(kind: type) -> list[tuple[str, str]]:
    """Return (thing, field) of every field of this plain type."""
    return [
        (struct.__name__, field)
        for struct in structs_of(Record)
        for field, hint in get_type_hints(struct, include_extras=True).items()
        if kind in parts_of(hint)
    ]


def test_every_text_of_a_record_has_its_line() -> None:
    """A new text field must be decided upon here; no field that is gone would still be told."""
    texts = fields_of(str)
    undecided = [
        (thing, field)
        for thing, field in texts
        if f"{thing}.{field}" not in TEXTS and field not in TEXTS
    ]
    known = {field for _, field in texts} | {f"{thing}.{field}" for thing, field in texts}
    told = {name for name, policy in TEXTS.items() if policy is not Policy.OUT}
    assert (undecided, sorted(told - known)) == ([], [])


def test_every_time_of_a_record_is_of_one_kind() -> None:
    """A new time must be a hub time, a date or a length."""
    times = {field for _, field in fields_of(int) if field.endswith("_ms")}
    assert sorted(times - HUB_TIMES - WALL_TIMES - LENGTHS) == []


def test_codes_are_kept_and_only_codes() -> None:
    """What somebody may have written is never called a code."""
    codes = {field for thing, field in fields_of(str) if policy_of(thing, field) is Policy.CODE}
    assert sorted(codes) == [
        "before", "channel", "family", "item", "metric", "model", "phase", "purpose", "question",
        "row", "software", "state", "step", "what",
    ]  # fmt: skip


def made(hint: Any, salt: str, name: str) -> Any:
    """Return a value of a type in which every free text holds the salt."""
    kinds = [one for one in parts_of(hint) if one is not types.NoneType]
    if get_origin(hint) is tuple:
        return (made(get_args(hint)[0], salt, name),)
    for kind in kinds:
        if kind is CheckIn:
            return CheckIn.parse("W4 B0")
        if kind is Plan:
            return OPENED.plan
        if isinstance(kind, type) and issubclass(kind, Struct):
            return filled(kind, salt)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return next(iter(kind))
    if get_origin(kinds[0]) is Literal:
        return get_args(kinds[0])[0]
    if kinds[0] in (bool, int, float):
        return kinds[0](least_of(hint))
    return f"{salt} {name}"


def least_of(hint: Any) -> int:
    """Return the smallest number that a type allows."""
    if get_origin(hint) is Annotated:
        return next((one.ge for one in get_args(hint)[1:] if one.ge is not None), 1)
    return max((least_of(one) for one in get_args(hint)), default=1)


def filled(kind: type[Struct], salt: str) -> Any:
    """Return a Struct with every field filled."""
    hints = get_type_hints(kind, include_extras=True)
    return kind(
        **{
            field: "code"
            if str in parts_of(hint)
            and policy_of(kind.__name__, field) is Policy.CODE
            and field not in closed_words(kind)
            else made(hint, salt, field)
            for field, hint in hints.items()
        }
    )


def test_no_text_that_anybody_may_have_written_is_left() -> None:
    """Each kind of event and of effect, with a mark in every free text, comes out without it."""
    hints = get_type_hints(Record, include_extras=True)
    events = [filled(kind, "SALT") for kind in parts_of(hints["event"])]
    effects = [filled(kind, "SALT") for kind in parts_of(hints["effects"]) if kind is not ...]
    mask = Mask(KEY, "p1", 0)
    records_ = [Record(n, event, (effects[n % len(effects)],)) for n, event in enumerate(events)]
    records_ += [Record(1, events[0], (effect,)) for effect in effects]
    assert b"SALT" in encode(records_[0])
    hidden = [encode(mask.record(one)) for one in records_]
    assert [body for body in hidden if b"SALT" in body] == []


_SALTS = (
    (
        rb'"id":"p1","name":"Alex"',
        b'"id":"qz-patient","name":"Qzalex","emergency_number":"0199"',
    ),
    (rb"\bsam\b", b"qz-sam"),
    (rb"\bSam\b", b"Qzsam"),
    (rb"\bdr-(lee|roy)\b", rb"qz-\1"),
    (rb"\bDr (Lee|Roy)\b", rb"Qz \1"),
    (rb"\+15550100", b"+4999qz"),
    (rb"lee-topic", b"qz-topic"),
    (rb'"id":"(oximeter|cuff)"', rb'"id":"qz-\1","address":"AA:QZ:11"'),
    (rb'"device":"(oximeter|cuff)"', rb'"device":"qz-\1"'),
    (rb'"session":"s1"', b'"session":"qz-s1"'),
    (rb'"by":"p1"', b'"by":"qz-patient"'),
)


@cache
def salted(name: str) -> tuple[Record, ...]:
    """Return a session whose people, places and devices have names that nothing else has."""
    text = b"\n".join(encode(one) for one in records(name))
    for old, new in _SALTS:
        text = re.sub(old, new, text)
    return tuple(decode(line) for line in text.splitlines())


@pytest.mark.parametrize("name", ["fall", "pressure"])
def test_no_format_tells_a_name_an_address_or_a_date(name: str) -> None:
    """Whole sessions with salted names: no salt and no day of the session in any format; without
    the mask every format tells them.
    """
    whole = salted(name)
    opened = whole[0].event
    assert isinstance(opened, SessionOpened)
    mask = Mask(KEY, opened.patient.id, opened.at_ms)
    hidden = [mask.record(one) for one in whole]
    texts = []
    for kept in (hidden, whole):
        story = read_story(kept)
        texts.append(
            (
                bundle_text(story),
                pcd04_text(story),
                csv_text(story),
                json_lines(kept).decode(),
            )
        )
    marks = re.compile(r"qz|0199|2026-?09-?2|\b1790\d{9}\b", re.IGNORECASE)
    assert [marks.findall(text) for text in texts[0]] == [[]] * 4
    assert [bool(marks.search(text)) for text in texts[1]] == [True] * 4


def test_one_key_hides_one_name_alike_and_another_key_otherwise() -> None:
    """The same person is the same hash in every session under one key, never under two."""
    one, again, other = Mask(KEY, "p1", 0), Mask(KEY, "p1", 9), Mask(b"o" * 32, "p1", 0)
    assert one.name("person", "sam") == again.name("person", "sam") != other.name("person", "sam")
    assert one.name("person", "sam") != one.name("device", "sam")
    assert (one.name("person", ""), one.shift_ms) == ("", again.shift_ms)
    assert (-366 * 86_400_000 < one.shift_ms <= -86_400_000, one.shift_ms % 60_000) == (True, 0)


def test_a_short_key_is_refused() -> None:
    """A key that can be guessed hides nobody."""
    with pytest.raises(ValueError, match="the key has 3 bytes"):
        Mask(b"abc", "p1", 0)


def test_times_count_from_the_opening_and_distances_stay() -> None:
    """Hub times begin with 0, dates all move alike, lengths stay as they are."""
    whole = scene()
    mask = Mask(KEY, "p1", OPENED.at_ms)
    hidden = [mask.record(one) for one in whole]
    assert [one.event.at_ms for one in hidden] == [one.event.at_ms - 5_000 for one in whole]
    story = read_story(hidden)
    dates = mask.dates(read_story(whole).dates)
    assert story.opened.wall_ms == 1_700_000_000_000 + mask.shift_ms
    assert story.dates.fhir(1_000) == dates.fhir(1_000)
    assert [dose.ago_ms for dose, _ in story.doses] == [0, 2_000, 0]
    assert list(story.alarms) == [
        f"{one}@20000" for one in ("oxygen", "network", "pressure_high", "sedation", "own")
    ]


@pytest.mark.parametrize(
    ("policy", "text", "left"),
    [
        (Policy.RUNG, "physician+60s", "physician+60s"),
        (Policy.RUNG, "P0", "P0"),
        (Policy.RUNG, "sam", ""),
        (Policy.CONDITION, "rota:physician", "rota:physician"),
        (Policy.SAID, "no reading", "said"),
        (Policy.SAID, "", ""),
        (Policy.OUT, "anything", ""),
        (Policy.ALARM, "oxygen@7000", "oxygen@2000"),
    ],
)
def test_what_is_left_of_a_text(policy: Policy, text: str, left: str) -> None:
    """Closed words stay, free ones go."""
    assert Mask(KEY, "p1", 5_000).text(policy, text) == left


def test_what_looks_like_no_code_becomes_a_hash() -> None:
    """A condition or an alarm of a strange form is not told."""
    mask = Mask(KEY, "p1", 0)
    condition, alarm = mask.text(Policy.CONDITION, "link:Ann"), mask.text(Policy.ALARM, "Ann@x")
    assert (condition.startswith("condition-"), alarm.startswith("alarm-")) == (True, True)


def test_the_oldest_are_ninety_and_no_zone_is_told() -> None:
    """An age over 89 and the zone of a device's clock would tell who and where."""
    old = msgspec.structs.replace(OPENED.patient, health=Health(age_years=104))
    device = msgspec.structs.replace(old.devices[0], utc_offset_min=60)
    opened = msgspec.structs.replace(
        OPENED, patient=msgspec.structs.replace(old, devices=(device,))
    )
    hidden = Mask(KEY, "p1", 0).record(Record(1, opened)).event
    assert isinstance(hidden, SessionOpened)
    assert (hidden.patient.health.age_years, hidden.patient.devices[0].utc_offset_min) == (90, None)
    young = Mask(KEY, "p1", 0).struct(Patient("p", "n", health=Health(age_years=40)))
    assert young.health.age_years == 40


def test_a_plan_keeps_its_numbers_and_loses_its_words() -> None:
    """Rows, limits and delays stay; who signed, and every sentence, does not."""
    plan = msgspec.structs.replace(OPENED.plan, signed_by="Dr Qz", name="for Qz")
    hidden = Mask(KEY, "p1", 0).struct(plan)
    assert (hidden.name, hidden.signed_by) == ("-", "-")
    assert [row.id for row in hidden.rows] == [row.id for row in plan.rows]
    assert {row.label for row in hidden.rows} == {"-"}
    assert hidden.ladder == plan.ladder
    criteria = [json.loads(msgspec.json.encode(row)).get("criteria") for row in (*plan.rows,)]
    assert [json.loads(msgspec.json.encode(row)).get("criteria") for row in hidden.rows] == criteria


class Ambulance(Struct):
    """A thing of the name that is left out wholly."""

    address: str


class Home(Struct):
    """A thing that holds one."""

    place: Ambulance | None


def test_what_an_ambulance_must_know_is_left_out_wholly() -> None:
    """Address, key and medicines of a home are not even there without their words."""
    assert Mask(KEY, "p1", 0).struct(Home(Ambulance("12 Mill Lane"))) == Home(None)
