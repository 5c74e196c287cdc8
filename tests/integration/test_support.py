"""`vigil support`: nothing of a patient, a reading or a message gets into the bundle."""

import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from monitor.commands.main import app
from monitor.journal import chain, decode
from monitor.journal_reader import read_records
from monitor.store import Store
from tests.journals import entries, session

ROOT = Path(__file__).parents[2]
# Words of a patient's file that are words of the program as well.
OURS = {"default", "test", "demo", "console", "webhook"}


def vigil(base: Path, *arguments: str | Path) -> Result:
    """Run it in this house."""
    words = [*(str(one) for one in arguments), "--config", str(base / "config.toml")]
    result = CliRunner().invoke(app, ["support", *words])
    assert "Traceback" not in result.output
    return result


def house(base: Path) -> Path:
    """A patient's file, a record, a log that names them, and a secret."""
    (base / "config.toml").write_text('[hub]\nname = "Ann at home"\n', "utf-8")
    (base / "patients").mkdir()
    text = (ROOT / "patients" / "demo.toml").read_text("utf-8")
    (base / "patients" / "demo.toml").write_text(text, "utf-8")
    store = Store(base / "var", chain, print)
    for entry in entries(session()):
        store.append("alex-tuesday", entry.n, entry.body, entry.stamp)
    store.quarantine("vigil/v1/device/ox/reading", "no JSON", b"a secret reading", 1)
    store.close_session("alex-tuesday", 9)
    store.close(30)
    (base / "var" / "sessions" / "broken.db").write_bytes(b"broken")
    lines = [
        {"event": "session open", "level": "info", "timestamp": "2026-01-01T10:00:00Z"}
        | {"session": "alex-tuesday"},
        {"event": "Alex has 85 %", "level": "info", "timestamp": "2026"},
    ]
    (base / "hub.log").write_text("\n".join(map(json.dumps, lines)) + "\nplain words\n", "utf-8")
    return base


def words_of(value: Any) -> Iterator[str]:
    """Every text in a patient's file."""
    if isinstance(value, dict):
        for one in value.values():
            yield from words_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from words_of(one)
    elif isinstance(value, str):
        yield value


def test_no_value_of_a_person_gets_in(tmp_path: Path) -> None:
    """Not a text of the patient's file, not a reading, not a word of a message, not a name."""
    base = house(tmp_path)
    out = base / "bundle.zip"
    result = vigil(base, "--out", out, "--log", base / "hub.log")
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(out) as bundle:
        parts = {name: json.loads(bundle.read(name)) for name in bundle.namelist()}
    values = json.dumps([list(parts.values()), parts["versions.json"]])
    patient = tomllib.loads((base / "patients" / "demo.toml").read_text("utf-8"))
    secret = {word for word in words_of(patient) if len(word) > 2} - OURS
    secret |= {"alex", "Alex", "Ann", "tuesday", "Tuesday", "secret", "85 %", "plain words"}
    records = [decode(body) for _, body, _ in read_records(base / "var/sessions/alex-tuesday.db")]
    reasons = {
        reason for one in records for e in one.effects if (reason := getattr(e, "reason", ""))
    }
    found = {w for w in secret | reasons if re.search(rf"\b{re.escape(w)}\b", values)}
    assert (found, len(reasons) > 0, len(secret) > 10) == (set(), True, True)


def test_what_helps_gets_in(tmp_path: Path) -> None:
    """Versions, settings, counts, sizes, our own sentences; for its owner only, and never twice."""
    base = house(tmp_path)
    out = base / "bundle.zip"
    first = vigil(base, "--out", out, "--log", base / "hub.log")
    again = vigil(base, "--out", out)
    no_log = vigil(base, "--out", base / "b.zip", "--log", base / "none.log")
    with zipfile.ZipFile(out) as bundle:
        parts = {name: json.loads(bundle.read(name)) for name in bundle.namelist()}
    assert (first.exit_code, again.exit_code, no_log.exit_code) == (0, 2, 2)
    assert oct(out.stat().st_mode & 0o777) == "0o600"
    assert sorted(parts) == [
        "check.json",
        "files.json",
        "ledger.json",
        "log.json",
        "records.json",
        "settings.json",
        "versions.json",
    ]
    assert parts["log.json"] == ["2026-01-01T10:00:00Z info session open", "2 lines are not told"]
    assert parts["ledger.json"] == {"closed": 1, "opened": 1}
    record, broken = parts["records.json"]
    assert (record["records"], record["first_fault_at"], broken["unreadable"]) == (
        len(session()),
        None,
        True,
    )
    assert {"vigil", "python", "sqlite", "websockets"} <= set(parts["versions.json"])
    assert parts["settings.json"]["hub.name"] == "set"
