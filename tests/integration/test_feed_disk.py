"""While the disk is full, screens go on and each of them says that nothing is recorded."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.integration.feed_screen import open_port, screen, token_for
from tests.integration.hub_house import OXIMETER, reading
from tests.integration.test_hub_disk import on_a_small_disk

pytestmark = pytest.mark.integration


@pytest.mark.skipif(os.geteuid() != 0, reason="needs hardware: a disk of its own, mounted by root")
async def test_screens_go_on_while_nothing_is_recorded(tmp_path: Path) -> None:
    """Deltas come without a commit, heartbeat, state and replies say so; later all is well again.

    An invitation that is made meanwhile is told as not recorded, and works.
    """
    async with on_a_small_disk(tmp_path) as (hub, disk):
        assert hub.broker is not None
        hub.patient()
        open_port(hub)
        await hub.start()
        await hub.open()
        token = await token_for(hub, "physician")
        async with hub.broker.client("oximeter") as oximeter, screen(hub, token) as one:
            beat = await one.hear("heartbeat")
            assert (beat["recording"], beat["record_fault"]) == (True, "")
            for seq in range(300):
                disk.fill()
                await oximeter.publish(
                    f"vigil/v1/reading/{OXIMETER}", reading(seq, 97 - seq % 2), qos=1
                )
                await asyncio.sleep(0.02)
            beat = await one.until(lambda m: m["type"] == "heartbeat" and not m["recording"])
            assert "hub.db" in beat["record_fault"] or "s1.db" in beat["record_fault"]
            await one.until(lambda _: one.states["s1"]["recording"] is False)
            noted = await one.order("s1", "annotate", text="still watched")
            assert (noted["ok"], noted["recorded"]) == (True, False)
            await oximeter.publish(f"vigil/v1/reading/{OXIMETER}", reading(900, 88), qos=1)
            await one.until(lambda _: one.states["s1"]["values"]["spo2"]["value_x100"] == 8800)
            late = await hub.ask("invite", person="companion")
            assert (late["ok"], late["recorded"]) == (True, False)
            async with screen(hub, late["token"]) as other:
                await other.hear("snapshot")
            disk.free()
            await one.until(lambda m: m["type"] == "heartbeat" and m["recording"], 20)
            await one.until(lambda _: one.states["s1"]["recording"] is True)
            noted = await one.order("s1", "annotate", text="recorded again")
            assert (noted["ok"], noted["recorded"]) == (True, True)
            assert one.seqs["s1"] <= len(hub.records())
