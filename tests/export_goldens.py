"""The exports of three kept sessions as they were last looked at, for a test to compare.

A long file is kept as its first lines, its size and its SHA-256; the alarms are kept whole.

    python -m tests.export_goldens     writes them anew: look at what changed
"""

import hashlib
import json
from pathlib import Path

from monitor.export.csv_rows import csv_text
from monitor.export.fhir_bundle import bundle, bundle_text
from monitor.export.pcd04 import pcd04_text
from monitor.export.story import read_story
from tests.canonical import SESSIONS, records
from tests.house import ROOT

__all__ = ["FOLDER", "goldens"]

FOLDER = ROOT / "tests" / "goldens" / "export"
_LINES = 40


def goldens(name: str) -> dict[str, str]:
    """Return the files of one session by their names."""
    story = read_story(records(name))
    head = hashlib.sha256(name.encode()).hexdigest()
    whole = bundle_text(story, head)
    seen: dict[str, object] = {}
    for entry in bundle(story, head)["entry"]:
        seen.setdefault(entry["resource"]["resourceType"], entry)
    first = json.dumps(list(seen.values()), indent=1, ensure_ascii=False)
    table = csv_text(story)
    return {
        f"{name}.hl7.txt": pcd04_text(story).replace("\r", "\n"),
        f"{name}.csv": "".join(table.splitlines(keepends=True)[:_LINES]) + _sum(table),
        f"{name}.fhir.txt": f"{first}\n{_sum(whole)}",
    }


def _sum(text: str) -> str:
    data = text.encode()
    return f"# whole: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}\n"


def _write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in SESSIONS:
        for file, text in goldens(name).items():
            (folder / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write(FOLDER)
