"""A companion's page at a running hub: its session hears that it came, and that it went."""

from pathlib import Path

import pytest

from devices.broker import BrokerKind
from monitor.events import CompanionPage
from tests.integration.feed_screen import open_port, screen, token_for
from tests.integration.hub_house import house, until

pytestmark = pytest.mark.integration


async def test_a_page_comes_says_what_it_can_and_goes(tmp_path: Path) -> None:
    """Each is one event of the session that was open, and of the one that opens later."""
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        hub.patient()
        open_port(hub)
        await hub.start()
        doctor, companion = await token_for(hub, "physician"), await token_for(hub, "companion")
        async with screen(hub, doctor) as one, screen(hub, companion) as phone:
            session = (await one.order(None, "open", patient="test"))["session"]
            await until(lambda: len(hub.events(CompanionPage, session)) == 1, 5)
            await phone.say(type="here", awake=True)
            await until(lambda: len(hub.events(CompanionPage, session)) == 2, 5)
        await until(lambda: len(hub.events(CompanionPage, session)) == 3, 5)
        told = [(event.online, event.awake) for event in hub.events(CompanionPage, session)]
        assert told == [(True, None), (True, True), (False, None)]
