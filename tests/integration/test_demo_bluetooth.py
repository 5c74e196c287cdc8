"""`vigil demo --bluetooth`: a whole hub, whose readings came through bleak and GATT."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "monitor.commands.main", "demo", "--bluetooth")


@contextlib.asynccontextmanager
async def demonstration(*words: str):  # type: ignore[no-untyped-def] # noqa: ANN201
    """Run one, for as long as the block lasts."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *words,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"COLUMNS": "200"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def test_an_oxygen_alarm_comes_from_a_simulated_radio(tmp_path: Path) -> None:
    """The gate passes with its cuff readings, the dose is given, and the fall of SpO2 alarms."""
    del tmp_path
    wanted = ["mmHg", "onset", "SPO2-LOW"]
    async with demonstration("--scenario", "short", "--speed", "10", "--port", "18999") as process:
        async with asyncio.timeout(180):
            while wanted:
                line = (await process.stdout.readline()).decode()
                assert line, f"the demonstration ended before {wanted}"
                wanted = [word for word in wanted if word not in line]


async def test_a_radio_keeps_real_time() -> None:
    """A faster demonstration says why not, and runs none."""
    async with demonstration("--speed", "60") as process:
        told = (await process.stdout.read()).decode()
        assert await process.wait() == 2
    assert "--bluetooth keeps real time" in told
