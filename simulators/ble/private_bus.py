"""A bus of one's own: dbus-daemon as a child, for a fake BlueZ and whoever talks to it.

async with private_bus(folder) as address:
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = address
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

__all__ = ["private_bus"]

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_START_S = 5.0


@asynccontextmanager
async def private_bus(folder: Path) -> AsyncIterator[str]:
    """Run a bus in `folder`; yields its address.

    Raises:
        FileNotFoundError: dbus-daemon is not installed.
        OSError: it did not start.
    """
    program = shutil.which("dbus-daemon")
    if program is None:
        raise FileNotFoundError("dbus-daemon is not installed: apt install dbus-daemon")
    socket, config = folder / "bus", folder / "bus.conf"
    config.write_text(_CONFIG.format(socket=socket), "utf-8")
    process = await asyncio.create_subprocess_exec(
        program,
        f"--config-file={config}",
        "--nofork",
        "--nopidfile",
        "--print-address",
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is None:
            raise OSError("dbus-daemon has no output")
        async with asyncio.timeout(_START_S):
            line = await process.stdout.readline()
        if not line:
            raise OSError("dbus-daemon did not start")
        yield line.decode().strip()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
