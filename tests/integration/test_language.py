"""A hub in another language: its pages speak it, and a draft of it opens no real session."""

from pathlib import Path

import httpx
import pytest

from tests.integration.hub_house import free_port, house

pytestmark = pytest.mark.integration


async def test_a_hub_in_a_draft_language_is_for_demonstrations(tmp_path: Path) -> None:
    """Its pages are in German; a real session is refused with what to write, a test one opens."""
    async with house(tmp_path) as hub:
        port = free_port()
        hub.settings["hub"] = {"web_port": port, "language": "de"}
        hub.patient("ann", mode="real", device="a")
        hub.patient("bob", mode="test", device="b")
        await hub.start()
        refused = await hub.ask("open", patient="ann", session="s1")
        assert not refused["ok"]
        assert refused["error"] == (
            "the words in 'de' are a draft that no clinician has signed: write hub.language ="
            ' "en", or hub.draft_language = true when somebody answers for them'
        )
        assert (await hub.ask("open", patient="bob", session="s2"))["ok"]
        async with httpx.AsyncClient() as client:
            page = (await client.get(f"http://127.0.0.1:{port}/patient.html")).text
            words = (await client.get(f"http://127.0.0.1:{port}/texts_bedside.js")).text
        assert ('<html lang="de">' in page, "Deine Seite" in page, "Ruh dich aus." in words) == (
            True,
            True,
            True,
        )


async def test_a_hub_in_a_language_that_is_not_there_does_not_start(tmp_path: Path) -> None:
    """`vigil check` says it before, and how many sentences a draft lacks."""
    async with house(tmp_path) as hub:
        hub.patient()
        hub.settings["hub"] = {"language": "xx"}
        with pytest.raises(AssertionError):
            await hub.start()
        assert "there are no texts in 'xx'; write one of de, en" in hub.log()
        checked = hub.command("check", "--config", str(hub.folder / "config.toml"))
        assert checked.returncode == 2
        assert "config.toml: hub.language: there are no texts in 'xx'" in checked.stderr
        hub.settings["hub"] = {"language": "de"}
        hub._write_config()
        checked = hub.command("check", "--config", str(hub.folder / "config.toml"))
        assert "sentences are in English still" in checked.stdout + checked.stderr
