"""R28: all alarms can be exported to FHIR and PCD-04; the files are as they were last looked at."""

import pytest

from tests.canonical import SESSIONS
from tests.export_goldens import FOLDER, goldens


@pytest.mark.parametrize("name", SESSIONS)
def test_exports_are_as_they_were_looked_at(name: str) -> None:
    """A change of an export changes a golden file: `python -m tests.export_goldens`, then look."""
    made = goldens(name)
    kept = {file: (FOLDER / file).read_text(encoding="utf-8") for file in made}
    assert made == kept
