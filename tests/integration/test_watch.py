"""A dead house is noticed outside within 60 s, and a hub that comes back in time is not."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from monitor.events import HubCondition
from tests.integration.hub_house import RunningHub, house, pager, until
from tests.integration.watcher import Wire, watched_by, watcher

pytestmark = pytest.mark.integration

WITHIN_S = 60
FAILURE_S = 10


def show(what: str, seconds: float) -> None:
    """Print one measured time, also when the test passes."""
    sys.stderr.write(f"\n{what}: {seconds:.1f} s\n")


def fake_player(folder: Path) -> str:
    """A PATH whose aplay only notes that it was started."""
    (folder / "bin").mkdir()
    player = folder / "bin" / "aplay"
    player.write_text(f"#!/bin/sh\ncat > /dev/null\ndate +%s.%N >> {folder}/played\n")
    player.chmod(0o755)
    return f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"


def conditions(hub: RunningHub) -> list[tuple[str, bool]]:
    """What the session was told of the watch."""
    told = hub.events(HubCondition)
    return [(one.condition, one.present) for one in told if one.condition.startswith("watch")]


async def test_a_dead_house_is_paged_from_outside_within_60_s_and_once(tmp_path: Path) -> None:
    """Hub and supervisor are killed in one moment; the watcher sounds too, until it is ended."""
    path = fake_player(tmp_path)
    async with (
        watcher(tmp_path / "w", path) as outside,
        house(tmp_path, supervised=True) as hub,
    ):
        with pager() as lee:
            watched_by(hub, outside.url)
            hub.patient(ways={"physician": lee.way})
            await hub.start()
            await hub.open()
            await until(lambda: "home is heard: held, session open (test)" in outside.log(), 5)
            assert not (tmp_path / "played").exists()
            inner = hub.hub_pid()
            died_s = time.monotonic()
            hub.kill()
            os.kill(inner, signal.SIGKILL)
            await until(lambda: bool(lee.got), WITHIN_S)
            took_s = lee.got[0][0] - died_s
            show("outside page after the house died", took_s)
            await asyncio.sleep(3)
            said = [body["alarm"].partition("@")[0] for _, body in lee.got]
            texts = [body["text"] for _, body in lee.got]
            assert said == ["watch:home"]
            assert texts == ["TEST - not a real alarm: Session needs you"]
            assert 15 < took_s < WITHIN_S
            assert (tmp_path / "played").exists()
            assert "home: lapsed, heard" in outside.asked("--status").stdout
            ended = outside.asked("--end", "home", "--by", "Ann")
            assert ended.stdout == "the lease of home is ended\n"
            assert "closed 1" in outside.health()


async def test_a_hub_that_its_supervisor_starts_again_is_not_paged_from_outside(
    tmp_path: Path,
) -> None:
    """Failure tone and the supervisor's own page within 10 s; the lease is held all the time."""
    path = fake_player(tmp_path)
    async with watcher(tmp_path / "w") as outside, house(tmp_path, supervised=True) as hub:
        with pager() as lee:
            watched_by(hub, outside.url)
            hub.environ["PATH"] = path
            hub.patient(ways={"physician": lee.way})
            await hub.start()
            await hub.open()
            await until(lambda: "home is heard: held" in outside.log(), 5)
            await asyncio.sleep(1.5)  # the supervisor has a beat that names whom to page
            died_s, died = time.monotonic(), time.time()
            os.kill(hub.hub_pid(), signal.SIGKILL)
            await until(lambda: bool(lee.got) and (tmp_path / "played").exists(), FAILURE_S)
            paged_s = lee.got[0][0] - died_s
            tone_s = float((tmp_path / "played").read_text().split()[0]) - died
            show("failure tone after the hub died", tone_s)
            show("supervisor's page after the hub died", paged_s)
            assert max(paged_s, tone_s) < FAILURE_S
            await asyncio.sleep(32)
            outside_pages = [b for _, b in lee.got if b["alarm"].startswith("watch:")]
            assert (outside_pages, "SILENT" in outside.log()) == ([], False)
            assert "held 1" in outside.health()


async def test_a_cut_line_is_known_on_both_sides_and_mends(tmp_path: Path) -> None:
    """The house is told that nobody outside sees it; the watcher pages; both end when it is joined.

    What a stranger caught on the line, sent again, and what nobody has signed, renews nothing.
    """
    async with watcher(tmp_path / "w") as outside, house(tmp_path) as hub:
        wire = Wire(outside.port)
        await wire.join()
        with pager() as lee:
            watched_by(hub, wire.url)
            hub.patient(ways={"physician": lee.way})
            await hub.start()
            await hub.open()
            await until(lambda: "home is heard: held" in outside.log(), 5)
            await wire.cut()
            cut_s = time.monotonic()
            for letter in (*wire.said, wire.said[-1].replace(b'"seq":', b'"seq":9')):
                reader, writer = await asyncio.open_connection("127.0.0.1", outside.port)
                writer.write(letter)
                status = (await reader.readline()).split()[1]
                assert status in (b"403", b"409")
                writer.close()
            await until(lambda: ("watch:lease", True) in conditions(hub), 45)
            show("the house knows that nobody outside sees it", time.monotonic() - cut_s)
            await until(lambda: bool(lee.got), WITHIN_S)
            show("outside page after the line was cut", lee.got[0][0] - cut_s)
            assert lee.got[0][0] - cut_s < 45
            await wire.join()
            await until(lambda: "home is held: no more pages" in outside.log(), 15)
            await until(lambda: ("watch:lease", False) in conditions(hub), 5)
            outside_pages = [b for _, b in lee.got if b["alarm"].startswith("watch:")]
            assert len(outside_pages) == 1
            assert "a letter was refused" in outside.log()
        await wire.cut()
