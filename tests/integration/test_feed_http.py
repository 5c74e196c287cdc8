"""What the port answers to a browser and to a monitor: pages, health, figures, and plain noes."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.datastructures import Headers
from websockets.http11 import Request

from monitor.feed_door import Door, DoorRules, read_pages
from monitor.hub import Hub
from tests.integration.feed_screen import open_port, port_of, screen, token_for
from tests.integration.hub_house import RunningHub, house

pytestmark = pytest.mark.integration


async def get(hub: RunningHub, path: str, method: str = "GET") -> httpx.Response:
    """Ask a running hub."""
    async with httpx.AsyncClient() as client:
        return await client.request(method, f"http://127.0.0.1:{port_of(hub)}{path}")


async def test_health_and_figures_of_a_running_hub(tmp_path: Path) -> None:
    """Health is JSON; figures are what Prometheus reads, and name no person and no session."""
    async with house(tmp_path) as hub:
        hub.patient(plan="default")
        open_port(hub)
        await hub.start()
        await hub.open("secret-session")
        async with screen(hub, await token_for(hub, "physician")) as one:
            await one.order("secret-session", "help")
            await one.order("secret-session", "fly")
            health, head = await get(hub, "/healthz"), await get(hub, "/healthz", "HEAD")
            figures = await get(hub, "/metrics")
        told = health.json()
        assert (health.status_code, head.status_code, head.content) == (200, 200, b"")
        assert told.pop("beat_age_s") < 2
        assert told == {"ok": True, "recording": True, "record_fault": "", "sessions": 1}
        families = {family.name: family for family in text_string_to_metric_families(figures.text)}
        values = {
            (sample.name, *sample.labels.values()): sample.value
            for family in families.values()
            for sample in family.samples
        }
        assert values["vigil_records",] == len(hub.records("secret-session"))
        assert {name: values[name,] for name in ("vigil_recording", "vigil_sessions_open")} == {
            "vigil_recording": 1,
            "vigil_sessions_open": 1,
        }
        assert values["vigil_feed_clients",] == 1
        assert values["vigil_alarms_open", "high"] == 1
        assert values["vigil_refused_total", "feed: not allowed"] == 1
        assert [name for name in families if not name.startswith("vigil_")] == []
        assert "secret" not in figures.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/%2e%2e/config.toml", 404),
        ("HEAD", "/nothing", 404),
        ("GET", "/?x", 400),
        ("GET", "/ws", 426),
        ("HEAD", "/ws", 426),
        ("GET", "/ws?t=x", 400),
        ("DELETE", "/", 405),
        ("DELETE", "/healthz", 405),
    ],
)
async def test_noes_are_plain(tmp_path: Path, method: str, path: str, status: int) -> None:
    """Each has the guards of a page and says in a line what is wrong."""
    hub, door = idle(tmp_path)
    got = door._answer(peer("127.0.0.1"), Request(path, Headers(), method))
    assert got is not None
    headers = dict(got.headers)
    assert (got.status, headers["Content-Type"], hub.counts) == (
        status,
        "text/plain; charset=utf-8",
        {},
    )
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")


def test_figures_are_for_this_machine_only(tmp_path: Path) -> None:
    """Every other peer, and one without an address, is told so."""
    _, door = idle(tmp_path)
    asked = Request("/metrics", Headers())
    peers = ("127.0.0.1", "::1", "::1%lo", "192.168.1.9", "fe80::1", "unix")
    answers = [door._answer(peer(address), asked) for address in peers]
    answers.append(door._answer(peer(None), asked))
    assert [answer.status for answer in answers if answer] == [200] * 3 + [403] * 4


def test_a_hub_that_cannot_record_is_not_healthy(tmp_path: Path) -> None:
    """The status says it too, for monitors that read nothing else; so does a feed that stands."""
    hub, door = idle(tmp_path)
    asked = Request("/healthz", Headers())
    good = door._answer(peer("127.0.0.1"), asked)
    hub.record_fault = "disk full"
    failing = door._answer(peer("127.0.0.1"), asked)
    hub.record_fault = ""
    door._figures = lambda: {"beat_age_seconds": ("", 5.5)}
    stands = door._answer(peer("127.0.0.1"), asked)
    assert [answer and answer.status for answer in (good, failing, stands)] == [200, 503, 503]
    assert failing is not None
    assert b'"record_fault": "disk full"' in failing.body


def test_pages_are_read_once_and_only_known_kinds(tmp_path: Path) -> None:
    """A page in a folder has its path; the index is `/` too; a key beside it is not served."""
    (tmp_path / "web" / "js").mkdir(parents=True)
    for name in ("index.html", "js/a.js", "hub.key", "notes.md"):
        (tmp_path / "web" / name).write_text(name)
    (tmp_path / "ca.crt").write_text("public")
    pages = read_pages(tmp_path / "web", tmp_path / "ca.crt")
    assert {path: page.body.decode() for path, page in pages.items()} == {
        "/": "index.html",
        "/index.html": "index.html",
        "/js/a.js": "js/a.js",
        "/vigil-ca.crt": "public",
    }
    assert read_pages(tmp_path / "none", tmp_path / "none.crt") == {}


def idle(folder: Path) -> tuple[Hub, Door]:
    """A hub that does nothing, and its door."""
    hub = Hub.__new__(Hub)
    hub.record_fault = ""
    hub.counts = {}
    hub.ward = type("Ward", (), {"beds": {}})()
    figures = {"beat_age_seconds": ("since the last heartbeat", 0.2)}
    rules = DoorRules(frozenset(), 1)
    return hub, Door(hub, read_pages(folder, None), rules, lambda: figures)


def peer(address: str | None) -> Any:
    """Somebody who asks."""
    return Peer(address)


class Peer:
    """A connection of which only the other side's address is asked."""

    def __init__(self, address: str | None) -> None:
        self.remote_address = None if address is None else (address, 1)
