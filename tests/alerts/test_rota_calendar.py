"""An iCalendar becomes spans: rules, exceptions, zones, both nights of the clock change, faults."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import rota_calendar
from alerts.rota_calendar import read_calendar
from alerts.rota_words import RotaError, Span

BERLIN = ZoneInfo("Europe/Berlin")


def ms(text: str) -> int:
    """Wall ms of a time in UTC, written 2026-03-01T20:00."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


FROM, TO = ms("2026-03-01T00:00"), ms("2026-05-01T00:00")


def calendar(*events: str, head: str = "") -> bytes:
    """A calendar of these events; one line a property."""
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{head}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(*events: str, head: str = "", to_ms: int = TO) -> list[Span]:
    """The spans of March and April 2026, in order."""
    spans = read_calendar(calendar(*events, head=head), "r.ics", BERLIN, FROM, to_ms)
    return sorted(spans, key=lambda span: (span.from_ms, span.to_ms))


def times(spans: list[Span]) -> list[tuple[str, str]]:
    """Beginnings and ends in UTC."""
    return [
        tuple(  # type: ignore[misc]
            f"{datetime.fromtimestamp(at / 1000, UTC):%m-%d %H:%M}"
            for at in (span.from_ms, span.to_ms)
        )
        for span in spans
    ]


def faults(*events: str, head: str = "") -> tuple[str, ...]:
    """What is wrong with a calendar of these events."""
    with pytest.raises(RotaError) as caught:
        read(*events, head=head)
    return caught.value.faults


NIGHT = "UID:n\nSUMMARY:Dr Lee\nDTSTART;TZID=Europe/Berlin:{}\nDTEND;TZID=Europe/Berlin:{}"


def test_one_event_is_one_span_with_all_who_are_named() -> None:
    """Summary, attendees (name and address) and the id of our own property."""
    event = (
        "UID:1\nSUMMARY:Night\\, late\nDTSTART:20260310T190000Z\nDTEND:20260311T070000Z\n"
        "ATTENDEE;CN=Dr Lee:MAILTO:lee@clinic.example\nATTENDEE:mailto:roy@clinic.example\n"
        "X-VIGIL-CONTACT:dr-kim"
    )
    assert read(event) == [
        Span(
            ms("2026-03-10T19:00"),
            ms("2026-03-11T07:00"),
            "Night, late",
            ("Dr Lee", "lee@clinic.example", "roy@clinic.example"),
            "dr-kim",
        )
    ]


def test_one_attendee_alone_is_named() -> None:
    """A calendar with one attendee gives no list."""
    event = "UID:1\nDTSTART:20260310T190000Z\nDURATION:PT1H\nATTENDEE:mailto:lee@clinic.example"
    assert read(event) == [
        Span(ms("2026-03-10T19:00"), ms("2026-03-10T20:00"), "", ("lee@clinic.example",))
    ]


def test_a_time_without_a_zone_is_in_the_zone_of_the_rota() -> None:
    """A floating time and a bare date: local midnight to midnight, also for many days."""
    assert times(
        read(
            "UID:1\nDTSTART:20260310T200000\nDTEND:20260311T080000",
            "UID:2\nDTSTART;VALUE=DATE:20260320",
            "UID:3\nDTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330",
        )
    ) == [
        ("03-10 19:00", "03-11 07:00"),
        ("03-19 23:00", "03-20 23:00"),
        ("03-27 23:00", "03-29 22:00"),
    ]


def test_only_what_touches_the_time_that_is_asked_for_is_read() -> None:
    """A shift that began before is there; one that ends at the very beginning is not."""
    assert times(
        read(
            "UID:1\nDTSTART:20260220T000000Z\nDTEND:20260301T000001Z",
            "UID:2\nDTSTART:20260228T000000Z\nDTEND:20260301T000000Z",
            "UID:3\nDTSTART:20260501T000000Z\nDTEND:20260501T010000Z",
        )
    ) == [("02-20 00:00", "03-01 00:00")]


def test_a_nightly_shift_keeps_its_clock_times_when_the_clock_goes_forward() -> None:
    """20:00 to 08:00 over midnight; the night of 29 March 2026 lasts 11 hours."""
    event = NIGHT.format("20260327T200000", "20260328T080000") + "\nRRULE:FREQ=DAILY;COUNT=3"
    assert times(read(event)) == [
        ("03-27 19:00", "03-28 07:00"),
        ("03-28 19:00", "03-29 06:00"),
        ("03-29 18:00", "03-30 06:00"),
    ]


def test_a_nightly_shift_keeps_its_clock_times_when_the_clock_goes_back() -> None:
    """The night of 25 October 2026 lasts 13 hours."""
    event = NIGHT.format("20261024T200000", "20261025T080000")
    spans = read_calendar(
        calendar(event), "r.ics", BERLIN, ms("2026-10-01T00:00"), ms("2026-11-01T00:00")
    )
    assert times(list(spans)) == [("10-24 18:00", "10-25 07:00")]


ZONE = """BEGIN:VTIMEZONE
TZID:{}
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Clinic time"])
def test_a_time_that_the_clock_skips_or_has_twice_is_read_as_the_standard_says(zone: str) -> None:
    """02:30 in spring is 03:30; 02:30 in autumn is the first. The calendar's own zone as well."""
    found = read_calendar(
        calendar(
            f"UID:1\nDTSTART;TZID={zone}:20260329T023000\nDTEND;TZID={zone}:20260329T060000",
            f"UID:2\nDTSTART;TZID={zone}:20261025T023000\nDTEND;TZID={zone}:20261025T060000",
            head=ZONE.format(zone),
        ),
        "r.ics",
        ZoneInfo("America/New_York"),
        FROM,
        ms("2026-12-01T00:00"),
    )
    assert times(list(found)) == [("03-29 01:30", "03-29 04:00"), ("10-25 00:30", "10-25 05:00")]


def test_a_zone_of_the_calendar_s_own_follows_its_own_definition() -> None:
    """A definition that was corrected under the same name counts at once."""
    event = "UID:1\nDTSTART;TZID=Here:20260310T200000\nDTEND;TZID=Here:20260311T080000"
    before = read(event, head=ZONE.format("Here"))
    after = read(event, head=ZONE.format("Here").replace("+0100", "+0300"))
    assert [times(before), times(after)] == [
        [("03-10 19:00", "03-11 07:00")],
        [("03-10 17:00", "03-11 05:00")],
    ]


def test_a_zone_by_another_maker_s_name_is_known() -> None:
    """Windows names, and names with a maker before them."""
    assert times(
        read(
            "UID:1\nDTSTART;TZID=W. Europe Standard Time:20260310T200000\nDURATION:PT1H",
            "UID:2\nDTSTART;TZID=/maker.example/Europe/Berlin:20260311T200000\nDURATION:PT1H",
        )
    ) == [("03-10 19:00", "03-10 20:00"), ("03-11 19:00", "03-11 20:00")]


def test_a_weekly_rule_ends_with_its_until() -> None:
    """UNTIL in UTC, in local time and as a bare date: the last day is in."""
    start = "DTSTART;TZID=Europe/Berlin:20260302T200000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    expected = [
        ("03-02 19:00", "03-02 20:00"),
        ("03-09 19:00", "03-09 20:00"),
    ]
    for until in ("20260309T190000Z", "20260309T200000", "20260309"):
        assert times(read(f"UID:1\n{start};UNTIL={until}")) == expected
    assert times(read(f"UID:1\n{start};UNTIL=20260309T185959Z")) == expected[:1]


def test_a_rule_of_bare_dates_ends_with_its_until() -> None:
    """All-day shifts, also when UNTIL has a time."""
    start = "UID:1\nDTSTART;VALUE=DATE:20260302\nRRULE:FREQ=DAILY"
    expected = [("03-01 23:00", "03-02 23:00"), ("03-02 23:00", "03-03 23:00")]
    for until in ("20260303", "20260303T120000Z"):
        assert times(read(f"{start};UNTIL={until}")) == expected


def test_a_rule_without_an_end_goes_on_to_the_end_of_the_time() -> None:
    """Also all-day, and one that never matches ends the search."""
    days = read("UID:1\nDTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY")
    assert (len(days), times(days[-1:])) == (62, [("04-30 22:00", "05-01 22:00")])
    never = (
        "UID:1\nDTSTART:20260302T200000\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    )
    assert read(never) == read("UID:1\nDTSTART:20260302T200000\nDURATION:PT1H")


def test_a_day_can_be_left_out_and_another_added() -> None:
    """EXDATE as times in two lines, in another zone and as a date; RDATE as time and as period."""
    event = NIGHT.format("20260302T200000", "20260302T210000") + (
        "\nRRULE:FREQ=DAILY;COUNT=5"
        "\nEXDATE;TZID=Europe/Berlin:20260303T200000"
        "\nEXDATE:20260304T190000Z"
        "\nEXDATE;VALUE=DATE:20260305"
        "\nRDATE;TZID=Europe/Berlin:20260401T200000"
        "\nRDATE;VALUE=PERIOD:20260402T180000Z/PT2H,20260403T180000Z/20260403T210000Z"
    )
    assert times(read(event)) == [
        ("03-02 19:00", "03-02 20:00"),
        ("03-06 19:00", "03-06 20:00"),
        ("04-01 18:00", "04-01 19:00"),
        ("04-02 18:00", "04-02 20:00"),
        ("04-03 18:00", "04-03 21:00"),
    ]


def test_one_shift_of_a_rule_can_be_moved_given_away_or_cancelled() -> None:
    """RECURRENCE-ID names the shift; the others stay as they were."""
    rule = (
        "UID:r\nSUMMARY:Dr Lee\nDTSTART:20260302T190000Z\nDTEND:20260302T200000Z\n"
        "RRULE:FREQ=DAILY;COUNT=4"
    )
    moved = (
        "UID:r\nSUMMARY:Dr Roy\nRECURRENCE-ID:20260303T190000Z\n"
        "DTSTART:20260303T210000Z\nDURATION:PT1H"
    )
    cancelled = (
        "UID:r\nSUMMARY:Dr Lee\nRECURRENCE-ID:20260304T190000Z\nSTATUS:CANCELLED\n"
        "DTSTART:20260304T190000Z\nDTEND:20260304T200000Z"
    )
    spans = read(rule, moved, cancelled)
    assert (times(spans), [span.title for span in spans]) == (
        [
            ("03-02 19:00", "03-02 20:00"),
            ("03-03 21:00", "03-03 22:00"),
            ("03-05 19:00", "03-05 20:00"),
        ],
        ["Dr Lee", "Dr Roy", "Dr Lee"],
    )


def test_a_title_is_one_short_line() -> None:
    """It may stand in a record and on a screen."""
    spans = read(f"UID:1\nDTSTART:20260310T190000Z\nDURATION:PT1H\nSUMMARY:a\\n b{'c' * 80}")
    assert [span.title for span in spans] == [f"a b{'c' * 54}..."]


ONE_HOUR = "DTSTART:20260310T190000Z\nDURATION:PT1H"


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (f"SUMMARY:x\n{ONE_HOUR}", "has no UID"),
        ("UID:1\nSUMMARY:x", "has no DTSTART"),
        (
            "UID:1\nSUMMARY:x\nDTSTART:soon",
            "DTSTART cannot be read (Expected datetime, date, or time. Got: 'soon')",
        ),
        ("UID:1\nSUMMARY:x\nDTSTART:20260310T190000Z", "ends before it begins, or at once"),
        (
            "UID:1\nSUMMARY:x\nDTSTART:20260310T190000Z\nDTEND:20260310T180000Z",
            "ends before it begins, or at once",
        ),
        (
            "UID:1\nSUMMARY:x\nDTSTART:20260310T190000Z\nDTEND;VALUE=DATE:20260311",
            "mixes a date and a time in DTSTART and DTEND",
        ),
        (f"UID:1\nSUMMARY:x\n{ONE_HOUR}\nDTEND:20260310T200000Z", "has both DTEND and DURATION"),
        (f"UID:1\nSUMMARY:x\n{ONE_HOUR}\nDTSTART:20260310T190000Z", "has DTSTART twice"),
        (
            "UID:1\nSUMMARY:x\nDTSTART;TZID=Mars/Base:20260310T190000\nDURATION:PT1H",
            "DTSTART names the unknown time zone 'Mars/Base'",
        ),
        (
            f"UID:1\nSUMMARY:x\n{ONE_HOUR}\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20260320T000000Z",
            "has both UNTIL and COUNT in its rule",
        ),
        (
            f"UID:1\nSUMMARY:x\n{ONE_HOUR}\nRRULE:FREQ=SOMETIMES",
            "RRULE cannot be read (Expected frequency, got: SOMETIMES)",
        ),
        (
            "UID:1\nSUMMARY:x\nDTSTART:20260310T190000Z\nDTEND;VALUE=PERIOD:20260310T190000Z/PT1H",
            "DTEND is no date or time",
        ),
        (f"UID:1\nSUMMARY:x\n{ONE_HOUR}\nEXDATE:PT1H", "EXDATE is no date or time"),
        ("UID:1\nSUMMARY:x\nDTSTART:20260310T190000Z\nDURATION:20260310T200000Z", None),
    ],
)
def test_a_fault_of_an_event_is_named(event: str, what: str | None) -> None:
    """Which event, what is wrong with it, and what to do."""
    found = faults(event)
    assert all(line.startswith("r.ics: event 'x': ") for line in found), found
    assert all(line.endswith("; correct the event or write it anew") for line in found), found
    if what is not None:
        assert found == (f"r.ics: event 'x': {what}; correct the event or write it anew",)


def test_all_faults_are_named_at_once_and_no_part_is_used() -> None:
    """Two events with one UID, and one without a beginning."""
    assert faults(f"UID:1\n{ONE_HOUR}", f"UID:1\nSUMMARY:b\n{ONE_HOUR}", "UID:2\nSUMMARY:c") == (
        "r.ics: event 'b': has the UID of another event; correct the event or write it anew",
        "r.ics: event 'c': has no DTSTART; correct the event or write it anew",
    )


def test_after_twenty_faults_only_their_number_is_said() -> None:
    """A message has an end."""
    found = faults(*("UID:1" for _ in range(30)))
    assert (len(found), found[-1]) == (21, "and 10 more faults; correct these first")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "cannot be read as a calendar (Found no components"),
        (b"\xff\xfe", "cannot be read as a calendar ("),
        (b"BEGIN:VTODO\r\nEND:VTODO\r\n", "is a VTODO, not a calendar; export it anew"),
        (calendar() + calendar(), "cannot be read as a calendar (Found multiple components"),
        (calendar(head="GARBAGE\n"), "cannot be read as a calendar ("),
    ],
)
def test_what_is_no_calendar_is_refused(data: bytes, what: str) -> None:
    """Whatever the text, the fault says where, what, and what to do."""
    with pytest.raises(RotaError) as caught:
        read_calendar(data, "r.ics", BERLIN, FROM, TO)
    assert [line.startswith(f"r.ics: {what}") for line in caught.value.faults] == [True]


def test_a_calendar_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, events, rules and shifts; each bound is named."""
    ruled = "UID:{}\nDTSTART;VALUE=DATE:20260302\nRRULE:FREQ=DAILY"
    data = calendar(ruled.format(1), ruled.format(2))

    def refusal(name: str, bound: int) -> tuple[str, ...]:
        with monkeypatch.context() as patched:
            patched.setattr(rota_calendar, name, bound)
            with pytest.raises(RotaError) as caught:
                read_calendar(data, "r.ics", BERLIN, FROM, TO)
            return caught.value.faults

    assert refusal("MAX_BYTES", 100) == (
        f"r.ics: has {len(data)} bytes, more than 100; keep the rota alone in it",
    )
    assert refusal("MAX_EVENTS", 1) == ("r.ics: has 2 events, more than 1; remove old ones",)
    assert refusal("MAX_RULES", 1) == (
        "r.ics: has 2 recurring rules, more than 1; remove old ones",
    )
    assert refusal("MAX_RULE_DAYS", 2 * 60 - 1) == (
        "r.ics: has rules that began too long ago; give them a later DTSTART",
    )
    assert refusal("MAX_OCCURRENCES", 50) == (f"r.ics: {rota_calendar._TOO_MANY}",)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "freq=hourly",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMINUTE=1",
        "FREQ=MIN\n UTELY",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "BYSETPOS=9;FREQ=WEEKLY;COUNT=3",
    ],
)
def test_a_rule_that_would_never_end_is_refused_before_it_is_read(rule: str) -> None:
    """Also when the line is folded, and in a zone's own definition."""
    shown = rule.replace("\n ", "")
    why = (
        f"r.ics: has the rule {shown}, which recurs within a day or may never match;"
        " write it as a plain daily, weekly, monthly or yearly rule"
    )
    assert faults(f"UID:1\n{ONE_HOUR}\nRRULE:{rule}") == (why,)


def test_a_rule_of_a_million_letters_is_refused_at_once() -> None:
    """No search runs over it."""
    assert [line[:60] for line in faults(f"UID:1\n{ONE_HOUR}\nRRULE:{'B' * 900_000}")] == [
        f"r.ics: has the rule {'B' * 40}"
    ]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused_and_raise_nothing_else(data: bytes) -> None:
    """Whatever a server sends, there is one kind of error with one line a fault."""
    try:
        read_calendar(data, "r.ics", BERLIN, FROM, TO)
    except RotaError as error:
        named = error.faults
    else:
        named = ("none",)
    assert named


GOOD = calendar(
    NIGHT.format("20260302T200000", "20260303T080000")
    + "\nRRULE:FREQ=WEEKLY;UNTIL=20260401T000000Z\nEXDATE;TZID=Europe/Berlin:20260309T200000",
    "UID:n\nRECURRENCE-ID;TZID=Europe/Berlin:20260316T200000\nDTSTART:20260316T200000\nDURATION:P1D",
    head=ZONE.format("Clinic"),
)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, len(GOOD) - 1),
    st.integers(0, 12),
    st.one_of(st.binary(max_size=6), st.sampled_from([b"Z", b"0", b";", b":", b"\r\n", b"99999"])),
)
def test_a_damaged_calendar_is_read_or_refused(at: int, cut: int, put: bytes) -> None:
    """A piece replaced by another one: spans in order, or named faults, and nothing else."""
    data = GOOD[:at] + put + GOOD[at + cut :]
    try:
        spans = read_calendar(data, "r.ics", BERLIN, FROM, TO)
    except RotaError as error:
        named = error.faults
    else:
        named = ("none",)
        assert all(span.to_ms > FROM and span.from_ms < TO for span in spans)
    assert named
