"""Reads the recordings that semi-synthetic sessions are made of, and plays such sessions.

The recordings' folder is the outside thing. They are no part of this project (docs/worlds.md names
them): without them nothing is played, and the error says what is missing.

    verdict = semi_one(("semi_uw", 0), Path("../shared/data"))
"""

import gzip
import zlib
from functools import cache
from importlib import resources
from pathlib import Path

from simulators.checkers import checkers
from simulators.semi.kit import Real, outfit_of
from simulators.semi.series import SeriesError, read_pressures, read_records
from simulators.worlds.crew import generator, read_all, shipped_plan
from simulators.worlds.played import Played
from simulators.worlds.scenario import Scenario
from simulators.worlds.score import Verdict, families, judge
from simulators.worlds.script import play

__all__ = ["semi_one", "semi_played", "semi_scenarios"]

_CUFFS = "eicu_nibp_300_stays.csv.gz"
# A record that falls is at rest for so many seconds before and after.
_SETS = {"semi_bidmc": ("bidmc_1hz.csv.gz", 0), "semi_uw": ("uw_varied_fio2.csv.gz", 120)}


def semi_scenarios() -> dict[str, Scenario]:
    """Return the semi-synthetic scenarios by name."""
    return read_all(Path(str(resources.files("simulators.semi").joinpath("scenarios"))))


@cache
def _real(name: str, folder: Path) -> Real:
    oximetry, rest_s = _SETS[name]
    records = read_records(_text(folder / oximetry), oximetry, rest_s)
    stays = read_pressures(_text(folder / _CUFFS), _CUFFS)
    return Real.of(list(records.values()), list(stays.values()))


def _text(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    except FileNotFoundError:
        raise SeriesError(
            f"{path.parent} holds no {path.name}: the recordings are no part of this project,"
            " docs/worlds.md says which are needed"
        ) from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise SeriesError(f"{path} cannot be read: {error}") from None


def semi_played(world: tuple[str, int], folder: Path) -> tuple[Verdict, Played]:
    """Play one semi-synthetic session and judge it.

    Raises:
        SeriesError: the recordings are not there, or nothing in them can be used.
    """
    name, seed = world
    scenario, plan = semi_scenarios()[name], shipped_plan()
    make = outfit_of(_real(name, folder))
    played = play(scenario, seed, generator(name, seed), plan, checkers(plan), outfit=make)
    return judge(scenario, played, families(plan)), played


def semi_one(world: tuple[str, int], folder: Path) -> Verdict:
    """Play one and judge it."""
    return semi_played(world, folder)[0]
