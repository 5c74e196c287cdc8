"""Only what is known to be harmless goes to a helper; everything else is counted."""

import json

from monitor.config import Config, load_config
from monitor.journal import ChainFault
from monitor.records.ledger import Line
from monitor.records.support import (
    check_lines,
    ledger_counts,
    log_lines,
    record_facts,
    settings_of,
)


def test_settings_are_numbers_choices_and_whether_a_text_is_set() -> None:
    """No name, no path, no address; every setting by its name."""
    text = (
        '[hub]\nname = "Ann at home"\norigins = ["https://ann.example"]\n[log]\nlevel = "debug"\n'
    )
    found = settings_of(load_config(text))
    assert (found["hub.name"], found["hub.origins"], found["hub.web_port"], found["log.level"]) == (
        "set",
        "set",
        8765,
        "debug",
    )
    assert (found["hub.tls"], found["channels.ntfy.token_file"]) == (False, "")
    assert set(found) == set(settings_of(Config()))


def test_lines_of_the_check_are_counted_by_their_setting() -> None:
    """A line about a patient is another line."""
    lines = ["config.toml: hub.tls: there is no certificate", "patient alex: Ann was never reached"]
    assert check_lines([*lines, lines[1]], {"hub.tls"}) == {"another line": 2, "hub.tls": 1}


def test_of_the_log_our_own_sentences_are_told() -> None:
    """With level and time; fields, other sentences and what is no JSON are not."""
    lines = [
        json.dumps(fields)
        for fields in (
            {"event": "session open", "level": "info", "timestamp": "2026-01-01T00:00:00Z"},
            {"event": "session open", "level": "info", "timestamp": "of Alex"},
            {"event": "session open", "level": "Alex", "timestamp": "2026"},
            {"event": "Alex is well", "level": "info", "timestamp": "2026"},
            ["session open"],
        )
    ]
    assert log_lines([*lines, "no JSON"], {"session open"}) == [
        "2026-01-01T00:00:00Z info session open",
        "- info session open",
        "4 lines are not told",
    ]
    assert (
        log_lines(lines[:1] * 3_000, {"session open"})
        == ["2026-01-01T00:00:00Z info session open"] * 2_000
    )


def test_a_record_is_its_size_and_the_hub_s_own_trouble() -> None:
    """Kinds of events that say how somebody is are counted together only."""
    kinds = ["SessionOpened", "HelpCalled", "MonitorDown", "MonitorDown"]
    facts = record_facts(
        kinds,
        size_bytes=9,
        file_format=2,
        is_open=True,
        is_sealed=False,
        fault=ChainFault(3, "its bytes"),
    )
    assert facts == {
        "records": 4,
        "size_bytes": 9,
        "format": 2,
        "open": True,
        "sealed": False,
        "first_fault_at": 3,
        "trouble": {"MonitorDown": 2},
    }


def test_the_ledger_is_counted() -> None:
    """Not whose record, not by whom."""
    line = Line(wall_ms=1, what="deleted", session="alex", by="Ann")
    assert ledger_counts([line, line]) == {"deleted": 2}
