"""The hub's look at a folder of power supplies: conditions that come and go."""

from pathlib import Path
from typing import Any, cast

from monitor.power_watch import PowerWatch, read_supplies


class Told:
    """A hub that keeps what is so."""

    def __init__(self) -> None:
        self.standing: dict[str, str] = {}

    def condition(self, name: str, *, present: bool, detail: str = "") -> None:
        """Take one condition."""
        if present:
            self.standing[name] = detail
        else:
            self.standing.pop(name, None)


def supply(root: Path, name: str, **files: str) -> None:
    """Write the files of one supply."""
    (root / name).mkdir(exist_ok=True)
    for file, text in files.items():
        (root / name / file).write_text(f"{text}\n", encoding="ascii")


def test_the_plug_is_pulled_and_put_back(tmp_path: Path) -> None:
    """On battery, short, nearly empty, and all of it over with the plug."""
    hub = Told()
    watch = PowerWatch(cast("Any", hub), tmp_path)
    supply(tmp_path, "AC", type="Mains", online="0")
    held = []
    for left_s in ("3600", "900", "120"):
        supply(tmp_path, "BAT0", type="Battery", status="Discharging", time_to_empty_now=left_s)
        watch.look(read_supplies(tmp_path))
        held.append(list(hub.standing))
    supply(tmp_path, "AC", online="1")
    watch.look(read_supplies(tmp_path))
    held.append(list(hub.standing))
    assert held == [
        ["power"],
        ["power", "power_short"],
        ["power", "power_short", "power_end"],
        [],
    ]


def test_a_folder_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    """A machine without supplies has power as far as anybody can know; odd files are left out."""
    hub = Told()
    PowerWatch(cast("Any", hub), tmp_path / "none").look(read_supplies(tmp_path / "none"))
    (tmp_path / "file").write_text("x", encoding="ascii")
    assert (hub.standing, read_supplies(tmp_path)) == ({}, [{}])
