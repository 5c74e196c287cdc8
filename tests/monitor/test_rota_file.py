"""A rota's file is right as a whole, or every reason why not is named."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

import pytest

from alerts.rota_words import Substitute
from monitor.rota_file import RotaFile, RotaFileError, read_rota_file

BERLIN = ZoneInfo("Europe/Berlin")


def zone_of(name: str) -> tzinfo | None:
    """One zone is known."""
    return BERLIN if name == "Europe/Berlin" else None


def faults_of(text: str) -> list[str]:
    """What is wrong with `main.toml`."""
    with pytest.raises(RotaFileError) as caught:
        read_rota_file(text, "main", zone_of)
    return list(caught.value.faults)


def test_a_complete_file() -> None:
    """A substitute's time is in the rota's zone unless it says another offset."""
    text = """
    source = "oncall.ics"
    zone = "Europe/Berlin"
    [people]
    "Dr Lee" = "dr-lee"
    [[substitutes]]
    who = "dr-roy"
    instead_of = "dr-lee"
    from = 1970-01-01T01:00:01
    to = 1970-01-01T00:00:02Z
    reason = "holiday"
    """
    assert read_rota_file(text, "main", zone_of) == RotaFile(
        "oncall.ics",
        "Europe/Berlin",
        BERLIN,
        {"Dr Lee": "dr-lee"},
        (Substitute("dr-roy", 1_000, 2_000, "holiday", "dr-lee"),),
    )


def test_all_faults_are_named() -> None:
    """Missing, unknown and wrong keys at once."""
    text = """
    sauce = "oncall.ics"
    zone = "Europe/Berlin"
    [people]
    "Dr Lee" = "Dr Lee"
    [[substitutes]]
    who = "dr-roy"
    from = 1970-01-01
    to = 1970-01-01T00:00:02Z
    reason = ""
    """
    assert faults_of(text) == [
        "main.toml: sauce: unknown key; did you mean 'source'?",
        (
            "main.toml: people.Dr Lee: 'Dr Lee' does not match"
            " \\A[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}\\Z; write a contact's id"
        ),
        (
            "main.toml: substitutes[0].from: expected date and time,"
            " got datetime.date(1970, 1, 1); write a date and time"
        ),
        "main.toml: substitutes[0].reason: '' is too short; write why, in a few words",
        "main.toml: source: is missing; write the calendar's path or address",
    ]


def test_an_unknown_zone_is_a_fault() -> None:
    """Times without a zone would mean nothing."""
    assert faults_of('source = "a"\nzone = "Mars/Base"') == [
        "main.toml: zone: 'Mars/Base' is unknown; write one like \"Europe/Berlin\""
    ]


def test_a_substitute_ends_after_it_begins() -> None:
    """The number says which one is meant."""
    one = '[[substitutes]]\nwho = "a"\nreason = "x"\nfrom = 2026-01-02T00:00:00\nto = {}\n'
    text = f'source = "a"\nzone = "Europe/Berlin"\n{one.format("2026-01-03T00:00:00")}'
    assert faults_of(text + one.format("2026-01-02T00:00:00")) == [
        "main.toml: substitutes[1].to: is not later than from; write a later time"
    ]


def test_text_that_is_no_toml_is_one_fault() -> None:
    """A broken file is refused with its line."""
    assert [line.startswith("main.toml: is not TOML: ") for line in faults_of("x")] == [True]
