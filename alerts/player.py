"""Plays one WAV file from memory with a program, and says why when it could not be heard.

Nothing of it needs a disk: a full one must not silence an alarm. The program is `aplay` or whatever
takes a WAV file from its standard input. It chooses no sound and tries nothing twice.

    why = await play(("aplay", "-q", "-"), content, limit_s=8.0)      # "" when it was played
"""

import asyncio
import os
from collections.abc import Sequence
from typing import BinaryIO, Final

__all__ = ["COMMAND", "in_memory", "play", "run_program"]

COMMAND: Final = ("aplay", "-q", "-")
# A process that a broken sound driver holds dies of no signal: it is left behind, and told.
_LAST_WAIT_S: Final = 1.0
_MOST_REASON_CHARS: Final = 200


def in_memory(content: bytes) -> BinaryIO:
    """Return a file for a program's ends that needs no disk."""
    file = os.fdopen(os.memfd_create("vigil-sound", os.MFD_CLOEXEC), "w+b", buffering=0)
    file.write(content)
    file.seek(0)
    return file


async def play(command: Sequence[str], content: bytes, limit_s: float) -> str:
    """Play a WAV file; return why it could not be heard, or nothing.

    Args:
        command: a program that plays a WAV file from its standard input.
        content: the file.
        limit_s: how long the program may take.
    """
    package = "the package alsa-utils" if command[0] == COMMAND[0] else "it"
    with in_memory(content) as sound:
        return await run_program(command, sound, None, limit_s, f"install {package}")


async def run_program(
    command: Sequence[str], given: BinaryIO, made: BinaryIO | None, limit_s: float, remedy: str
) -> str:
    """Run a program from one file to another; return why it failed, or nothing.

    Args:
        command: the program and its arguments; no shell reads them.
        given: its standard input.
        made: takes its standard output; None throws it away.
        limit_s: how long it may take; then it is killed.
        remedy: what to do when it is not there.
    """
    name = command[0]
    with in_memory(b"") as said:
        try:
            player = await asyncio.create_subprocess_exec(
                *command,
                stdin=given,
                stdout=made or asyncio.subprocess.DEVNULL,
                stderr=said,
            )
        except FileNotFoundError:
            return f"{name} is not installed: {remedy}"
        except OSError as error:
            return f"{name} cannot be started: {os.strerror(error.errno or 0)}"
        try:
            async with asyncio.timeout(limit_s):
                code = await player.wait()
        except TimeoutError:
            why = f"{name} did not end within {limit_s:.1f} s"
            return f"{why}: is the sound device in use?" if made is None else why
        finally:
            if player.returncode is None:
                await _end(player)
        if code:
            lines = os.pread(said.fileno(), 4096, 0).decode("utf-8", "replace").splitlines()
            why = lines[-1][:_MOST_REASON_CHARS] if lines else "no reason"
            return f"{name} failed ({code}): {why}"
    return ""


async def _end(player: asyncio.subprocess.Process) -> None:
    """Kill a program, and wait for its end no longer than a new alarm may wait for its sound."""
    player.kill()
    try:
        async with asyncio.timeout(_LAST_WAIT_S):
            await player.wait()
    except TimeoutError:
        return  # told by its caller as a program that did not end, or nobody waits for it
