"""The supervisor's memory on disk: the last thing the hub said that matters after a power cut.

Whether a session was open and whom to page is kept in one small file, replaced as a whole and
readable for its owner only. A file that cannot be read is told and counts as an open session with
nobody to page: not knowing is never read as "no session". Standard library only; it never decides.

    frozen = Frozen(state_dir / "supervisor.json")
    frozen.keep(beat)
"""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from alerts.heartbeat import Heartbeat, HeartbeatError, decode, encode

__all__ = ["Frozen"]


class Frozen:
    """The last beat's session and pages; `fault` says why they could not be read or kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.fault = ""
        self._beat = self._load()

    @property
    def beat(self) -> Heartbeat:
        """The last beat that was kept, or one without a session on a fresh machine."""
        return self._beat

    def keep(self, beat: Heartbeat) -> None:
        """Keep a beat; the disk is touched only when its session or pages differ."""
        before, self._beat = self._beat, beat
        if self.fault or (before.session_open, before.pages) != (beat.session_open, beat.pages):
            self._save()

    def _load(self) -> Heartbeat:
        try:
            return decode(self._path.read_bytes())
        except FileNotFoundError:
            return Heartbeat(session_open=False)
        except (OSError, HeartbeatError) as error:
            self.fault = f"{self._path} cannot be read, a session counts as open: {error}"
            return Heartbeat(session_open=True)

    def _save(self) -> None:
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb"
            ) as file:
                file.write(encode(replace(self._beat, record=0, next_deadline_ms=None)))
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            # A full disk must not stop the watch; the beat is in memory and tried again.
            self.fault = f"{self._path} cannot be written: {error}"
            with suppress(OSError):
                new.unlink()
        else:
            self.fault = ""
