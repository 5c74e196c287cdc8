"""Make the pictures of the pages: `make pictures`, or `python -m simulators.pictures [FOLDER]`.

Sessions are simulated to a moment, the hub's own pages are served with them, and a browser takes
the pictures. Hub time stands still, so that the same code gives the same pictures but for the
letters that a machine has. The browser, a port and the folder are the outside things; playwright
and a Chromium are needed, which only those have who test the pages.
"""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from alerts.condition import Priority
from alerts.contact import Role
from monitor.feed_door import read_pages
from monitor.feed_words import Heartbeat, SessionLine, SnapshotSent, Welcome, encode
from monitor.pages import FEED, answer
from monitor.texts_dir import read_texts
from simulators.pictures.moments import (
    Moment,
    after_dose,
    alarmed,
    asked,
    shifted,
    silent,
    until,
)
from simulators.worlds.crew import generator, read_all, shipped_plan

_ROOT = Path(__file__).parent.parent.parent
_FOLDER = _ROOT / "docs" / "pictures"
_NOW_MS = 20_000_000
_BEAT_S = 1.0
_NAMES = ("chromium", "chromium-browser", "google-chrome")

# The wall: a scenario and its moment for each tile, in their places.
_WALL: tuple[tuple[str, Moment], ...] = (
    ("uneventful_normal", after_dose(92)),
    ("bp_rise_moderate", alarmed(Priority.MEDIUM, 20)),
    ("apnoea_obese", alarmed(Priority.HIGH, 9)),
    ("uneventful_heavy", after_dose(24)),
    ("quiet_normal", after_dose(55)),
    ("finger_off_seen", silent(46)),
    ("slow_desat_opioid", alarmed(Priority.HIGH, 30, accepted=True)),
    ("uneventful_class_b", after_dose(118)),
)
_PHONE = (390, 844)
_SCREEN = (1440, 900)

_Shot = tuple[str, str, Role, tuple[int, int], tuple[tuple[str, Moment], ...]]
_SHOTS: tuple[_Shot, ...] = (
    ("wall", "/", Role.PHYSICIAN, _SCREEN, _WALL),
    ("session", "/session.html#s=s0", Role.PHYSICIAN, _SCREEN, (_WALL[2],)),
    ("companion_ok", "/companion.html", Role.COMPANION, _PHONE, (_WALL[4],)),
    ("companion_high", "/companion.html", Role.COMPANION, _PHONE, (_WALL[2],)),
    ("companion_stale", "/companion.html", Role.COMPANION, _PHONE, (_WALL[5],)),
    ("patient", "/patient.html", Role.PATIENT, _PHONE, (("uneventful_normal", asked()),)),
)


class _Still:
    """A feed that tells sessions as they stood at their moments, and beats."""

    def __init__(self) -> None:
        self.role = Role.VIEWER
        self.sessions: list[SnapshotSent] = []
        self._pages = read_pages(_ROOT / "monitor" / "web", None, read_texts())

    def door(self, _: ServerConnection, request: Request) -> Response | None:
        """Serve the pages."""
        if request.path == FEED:
            return None
        found = answer(request.method, request.path, self._pages)
        return Response(found.status, found.reason, Headers(found.headers), found.body)

    async def client(self, client: ServerConnection) -> None:
        """Tell one page everything, and go on beating."""
        with contextlib.suppress(ConnectionClosed):
            await client.recv()
            await client.send(encode(self._welcome()).decode())
            for told in self.sessions:
                await client.send(encode(told).decode())
            while True:
                beat = Heartbeat(now_ms=_NOW_MS, recording=True, record_fault="", sessions={})
                await client.send(encode(beat).decode())
                await asyncio.sleep(_BEAT_S)

    def _welcome(self) -> Welcome:
        people = {one["role"]: one for one in self.sessions[0].state["people"]}
        me = people.get(self.role.value, {"id": "screen", "name": "Screen"})
        return Welcome(
            person=me["id"],
            name=me["name"],
            role=self.role,
            hub="pictures",
            now_ms=_NOW_MS,
            speed=1.0,
            sessions=[
                SessionLine(
                    session=told.session,
                    patient=told.session,
                    name=told.state["patient_name"],
                    mode=told.state["mode"],
                    phase=told.state["phase"],
                )
                for told in self.sessions
            ],
            secure=True,
        )


def _sessions(tiles: tuple[tuple[str, Moment], ...]) -> list[SnapshotSent]:
    """Simulate each session to its moment."""
    scenarios, plan, texts = read_all(), shipped_plan(), read_texts()
    found = []
    for at, (name, moment) in enumerate(tiles):
        told = until(scenarios[name], moment, generator(name, 0), plan, texts)
        shown = "Alex" if len(tiles) == 1 else f"P-{1041 + at}"
        found.append(shifted(told, _NOW_MS, f"s{at}", shown))
    return found


@contextlib.asynccontextmanager
async def _serving(still: _Still) -> AsyncIterator[int]:
    async with serve(still.client, "127.0.0.1", 0, process_request=still.door) as server:
        yield next(iter(server.sockets)).getsockname()[1]
        server.close(close_connections=True)


async def _take(folder: Path, wanted: Mapping[str, _Shot]) -> None:
    from playwright.async_api import async_playwright  # noqa: PLC0415 - only here, only for tests

    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        sys.exit(f"no browser is installed: install one of {', '.join(_NAMES)}")
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    still = _Still()
    async with _serving(still) as port, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=args)
        for name, (_, address, role, (width, height), tiles) in wanted.items():
            still.role, still.sessions = role, await asyncio.to_thread(_sessions, tiles)
            context = await browser.new_context(
                viewport={"width": width, "height": height}, reduced_motion="reduce"
            )
            page = await context.new_page()
            link, _, rest = address.partition("#")
            await page.goto(f"http://127.0.0.1:{port}{link}#t=picture{rest and f'&{rest}'}")
            await page.wait_for_selector(f"body[data-record='{still.sessions[0].seq}']")
            await page.wait_for_timeout(400)
            await page.screenshot(path=folder / f"{name}.png")
            await context.close()
            size = (folder / f"{name}.png").stat().st_size
            sys.stdout.write(f"{name}.png: {size // 1000} kB\n")
        await browser.close()


def main(arguments: list[str]) -> None:
    """Take all pictures, or only those whose names are given after the folder."""
    folder = Path(arguments[0]) if arguments else _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    names = arguments[1:] or [shot[0] for shot in _SHOTS]
    asyncio.run(_take(folder, {shot[0]: shot for shot in _SHOTS if shot[0] in names}))


if __name__ == "__main__":
    main(sys.argv[1:])
