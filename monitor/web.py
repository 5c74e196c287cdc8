"""The pages and the feed as one part of the hub: builds them, opens the port, says when it cannot.

A port that is taken or a certificate that is missing stops no watching: it is said as a fault of
the engine and tried again. With `web_port = 0` nothing is served; people can be invited even so.

    web = Web(hub, config, base, on_news, texts)
    web.feed                       the hub's hands tell it
    web.channel                    the way to people by their open pages
    web.attendance                 which companions have a page open
    await web.run(desk)            until cancelled
"""

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path

import structlog

from alerts.channel import OnNews
from alerts.texts import Texts
from monitor.access import Access
from monitor.attendance import Attendance
from monitor.config import Config
from monitor.desk import Desk, Request
from monitor.feed import Feed
from monitor.feed_desk import FeedDesk
from monitor.feed_door import Door, DoorRules, read_pages
from monitor.feed_server import FeedServer
from monitor.hub import Hub
from monitor.page_channel import PageChannel
from monitor.pages import link_to, origins_of
from monitor.patient import Patient
from monitor.patients_dir import read_patients
from monitor.tls_files import TlsFiles

__all__ = ["Web"]

_AGAIN_S = 5.0
_FAULT = "engine:web"

log = structlog.get_logger("vigil.web")


class Web:
    """What the hub shows to browsers, and whom it lets in."""

    def __init__(self, hub: Hub, config: Config, base: Path, on_news: OnNews, texts: Texts) -> None:
        self._hub = hub
        self._texts = texts
        self._settings = config.hub
        self._data_dir = base / config.hub.data_dir
        self._patients_dir = base / config.patients.dir
        self._tls = TlsFiles.of(self._data_dir)
        self._server: FeedServer | None = None
        self.access = Access(hub.store, self._data_dir, hub.clock, self._patients, self._link)
        self.feed = Feed(hub, self.access, config.hub.name, texts)
        self.channel = PageChannel(self.feed.clients_of, on_news)
        self.attendance = Attendance(hub)

    @property
    def requests(self) -> Mapping[str, Request]:
        """What the control socket may ask here."""
        return {
            "invite": self.access.invite,
            "invites": self.access.invitations,
            "revoke": self.access.revoke,
        }

    async def run(self, desk: Desk) -> None:
        """Open the port, and tell each second who watches what."""
        opening = asyncio.create_task(self._open(FeedDesk(self._hub, desk, self.channel)))
        try:
            await self.feed.run(self._data_dir)
        finally:
            opening.cancel()

    def close(self) -> None:
        """End every connection."""
        if self._server is not None:
            self._server.close()

    async def _open(self, desk: FeedDesk) -> None:
        """Listen as soon as that is possible."""
        settings = self._settings
        if settings.web_port == 0:
            return
        while not self.feed.is_ready:  # noqa: ASYNC110 - read once, at the start
            await asyncio.sleep(0.05)
        rules = DoorRules(
            origins_of(
                settings.web_host,
                settings.web_port,
                tls=settings.tls,
                public_url=settings.public_url,
                more=settings.origins,
            ),
            settings.max_clients,
        )
        ca_file = self._tls.ca if settings.tls else None
        tries = 0
        while True:
            try:
                context = self._context() if settings.tls else None
                pages = read_pages(
                    Path(__file__).parent / "web", ca_file, self._texts, settings.pressure_unit
                )
                door = Door(self._hub, pages, rules, self.feed.figures)
                server = FeedServer(self.feed, desk, door, self.channel, self.attendance)
                port = await server.start(settings.web_host, settings.web_port, context)
                break
            except (OSError, ssl.SSLError) as error:
                tries += 1
                detail = f"the pages cannot be served: {_words(error, settings.web_port)}"
                log.warning("no pages", why=detail)
                if tries > 1:
                    self._hub.condition(_FAULT, present=True, detail=detail)
                await asyncio.sleep(_AGAIN_S)
        self._server = server
        self._hub.condition(_FAULT, present=False, detail="the pages are served")
        log.info("pages", host=settings.web_host, port=port, tls=settings.tls)

    def _context(self) -> ssl.SSLContext:
        if not self._tls.complete:
            raise FileNotFoundError("there is no certificate; make one with `vigil cert`")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self._tls.certificate, self._tls.key)
        return context

    def _patients(self) -> list[Patient]:
        """Every patient that the hub knows, the open sessions' first."""
        watched = [bed.opened.patient for bed in self._hub.ward.beds.values()]
        names = {patient.id for patient in watched}
        return watched + [p for p in read_patients(self._patients_dir) if p.id not in names]

    def _link(self, role: str, token: str) -> str:
        settings = self._settings
        return link_to(
            role,
            token,
            host=settings.web_host,
            port=settings.web_port,
            tls=settings.tls,
            public_url=settings.public_url,
        )


def _words(error: OSError, port: int) -> str:
    if isinstance(error, FileNotFoundError):
        return str(error)
    return f"port {port}: {error.strerror or error}"
