"""The parent of the hub and the broker: small, without an event loop, hard to break.

It listens to the hub's beats, and when they stop while a session is open it sounds the failure
tone, pages from its frozen copy of the contacts, and starts the hub again; `watch` decides when.
It opens no network port, reads no record and knows nothing of alarms. Standard library only: it
must run on when anything that was installed beside it is broken.

    sys.exit(Supervisor(["vigil-hub"], state_dir, broker=("iotcore", ("127.0.0.1", 1883))).run())
"""

import os
import selectors
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple

from alerts.beat import BEAT_FD
from alerts.child import Child, end_orphan, remember
from alerts.frozen import Frozen
from alerts.heartbeat import MAX_LINE_BYTES, Heartbeat, HeartbeatError, decode
from alerts.keeper import Keeper
from alerts.pager import PageWays, send_pages
from alerts.service import Service
from alerts.siren import Siren
from alerts.watch import Act, Beaten, Ended, News, State, begin, step

__all__ = ["Helper", "Supervisor", "say"]

_LOOK_S: Final = 0.2
_EOF_GRACE_S: Final = 1.0
_STOP_S: Final = 10.0
_TELL_S: Final = 1.0
_KILLED_S: Final = 2.0
_NOT_STARTED: Final = 127


class Helper(NamedTuple):
    """The embedded broker: what starts it, and where it answers."""

    command: Sequence[str]
    address: tuple[str, int] | None = None


def say(line: str) -> None:
    """Write one line for a person to standard error; nobody reading is no reason to stop."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"vigil supervisor: {line}\n")
        sys.stderr.flush()


class Supervisor:
    """Runs the hub until a signal, or until the hub ends by itself without an open session.

    Args:
        hub_command: starts the hub; it finds its pipe by `beat.BEAT_FD`.
        state_dir: a folder for the frozen copy of the contacts.
        broker: the broker to keep running; None when the settings name one of their own.
        ways: how people are paged.
        siren: sounds the failure tone.
    """

    def __init__(
        self,
        hub_command: Sequence[str],
        state_dir: Path,
        broker: Helper | None = None,
        ways: PageWays | None = None,
        siren: Siren | None = None,
    ) -> None:
        self._hub_command = hub_command
        self._ways = ways or PageWays()
        self._siren = siren or Siren()
        self._frozen = Frozen(state_dir / "supervisor.json")
        self._pid_file = state_dir / "hub.pid"
        self._service = Service.from_environ()
        self._broker = broker and Keeper("broker", broker.command, broker.address, say)
        self._selector = selectors.DefaultSelector()
        self._hub: Child | None = None
        self._unstarted = False
        self._pipe: int | None = None
        self._pipe_ended_s: float | None = None
        self._heard = b""
        self._code = 0
        self._stop_signals = 0
        self._told_s = 0.0
        self._turns = 0

    def run(self) -> int:
        """Watch until the end; return the exit code for the whole command."""
        if self._frozen.fault:
            say(self._frozen.fault)
        if (pid := end_orphan(self._pid_file)) is not None:
            say(f"the hub {pid} of an earlier supervisor was still running: ended")
        wake_in, wake_out = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(wake_in, selectors.EVENT_READ)
        before = {number: signal.signal(number, self._on_signal) for number in _STOPPING}
        before_wake = signal.set_wakeup_fd(wake_out, warn_on_full_buffer=False)
        try:
            self._watch_on()
        finally:
            self._stop()
            signal.set_wakeup_fd(before_wake)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.close()
            os.close(wake_in)
            os.close(wake_out)
        # A signal's number as a shell shows it: no exit code is negative.
        return self._code if self._code >= 0 else 128 - self._code

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._stop_signals += 1

    def _watch_on(self) -> None:
        if self._broker:
            self._broker.tend(_now_ms())
        watch, acts = begin(_now_ms(), session_open=self._frozen.beat.session_open)
        self._carry_out(acts)
        while not self._stop_signals and watch.state is not State.FINISHED:
            if self._broker:
                self._broker.tend(_now_ms())
            for news in (*self._listen(), *self._look()):
                before = watch.state
                watch, acts = step(watch, _now_ms(), news)
                self._report(before, watch.state, news)
                self._carry_out(acts)
            self._tell_service(healthy=watch.state is State.HEALTHY)

    def _listen(self) -> list[News]:
        """Wait a moment for beats and return what arrived."""
        for key, _ in self._selector.select(_LOOK_S):
            data = b""
            with suppress(BlockingIOError):
                data = os.read(key.fd, MAX_LINE_BYTES)
            if key.fd == self._pipe:
                if data:
                    return self._take(data)
                self._drop_pipe()
                self._pipe_ended_s = time.monotonic()
        return []

    def _take(self, data: bytes) -> list[News]:
        *lines, self._heard = (self._heard + data).split(b"\n")
        if len(self._heard) > MAX_LINE_BYTES:
            say("the hub's beat is too long: not counted")
            self._heard = b""
        news: list[News] = []
        for line in lines:
            try:
                beat = decode(line)
            except HeartbeatError as error:
                say(f"{error}: not counted")
                continue
            self._keep(beat)
            news.append(Beaten(beat.session_open))
        return news

    def _keep(self, beat: Heartbeat) -> None:
        fault = self._frozen.fault
        self._frozen.keep(beat)
        if self._frozen.fault and self._frozen.fault != fault:
            say(self._frozen.fault)

    def _look(self) -> list[News]:
        """See whether the hub has ended; time passes in any case."""
        if self._hub is None:
            if not self._unstarted:
                return [None]
            self._unstarted, self._code = False, _NOT_STARTED
            return [Ended(_NOT_STARTED)]
        code = self._hub.ended()
        ended_s = self._pipe_ended_s
        if code is None and ended_s is not None and time.monotonic() - ended_s > _EOF_GRACE_S:
            say("the hub has closed its pipe and goes on: ended")
            self._hub.kill()
        if code is None:
            return [None]
        self._hub = None
        self._drop_pipe()
        self._code = code
        return [Ended(code)]

    def _carry_out(self, acts: Sequence[Act]) -> None:
        for act in acts:
            if act is Act.START:
                self._start()
            elif act is Act.KILL and self._hub:
                self._hub.kill()
            elif act is Act.SOUND:
                self._siren.start()
            elif act is Act.QUIET:
                self._siren.stop()
                self._turns = 0
            elif act is Act.PAGE:
                self._page()

    def _start(self) -> None:
        read_end, write_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(read_end, False)
        try:
            environ = os.environ | {BEAT_FD: str(write_end)}
            self._hub = Child(self._hub_command, environ, pass_fds=(write_end,))
        except OSError as error:
            say(f"the hub cannot be started: {error}")
            self._unstarted = True
            os.close(read_end)
        else:
            self._pipe, self._heard, self._pipe_ended_s = read_end, b"", None
            self._selector.register(read_end, selectors.EVENT_READ)
            remember(self._pid_file, self._hub.pid)
        finally:
            os.close(write_end)

    def _drop_pipe(self) -> None:
        if self._pipe is not None:
            self._selector.unregister(self._pipe)
            os.close(self._pipe)
            self._pipe = None

    def _page(self) -> None:
        pages = self._frozen.beat.pages
        if not pages:
            say("nobody to page is known: look at the patient now")
        alarm = f"watchdog@{int(time.time() * 1000)}"
        send_pages(pages, alarm, say, self._ways, by_all=self._turns > 0)
        self._turns += 1

    def _report(self, before: State, state: State, news: News) -> None:
        if isinstance(news, Ended):
            say(f"the hub has ended ({news.code})")
        elif state is not before and state is not State.STARTING:
            session = "open" if self._frozen.beat.session_open else "none"
            say(f"the hub is {state} (session: {session})")

    def _tell_service(self, *, healthy: bool) -> None:
        if time.monotonic() - self._told_s >= _TELL_S:
            self._told_s = time.monotonic()
            self._service.tell("READY=1\nWATCHDOG=1" if healthy else "WATCHDOG=1")

    def _stop(self) -> None:
        """End the hub gently (10 s, or until a second signal), then the broker."""
        self._service.tell("STOPPING=1")
        if self._hub is not None:
            self._hub.signal(signal.SIGTERM)
            end_s = time.monotonic() + _STOP_S
            while self._hub.ended() is None and time.monotonic() < end_s:
                if self._stop_signals > 1:
                    break
                self._listen()
                self._tell_service(healthy=False)
            if self._hub.ended() is None:
                say("the hub did not stop in time: ended")
            self._hub.kill()
            self._code = self._hub.wait(_KILLED_S) or 0
        self._drop_pipe()
        if self._broker:
            self._broker.stop()
        self._siren.stop()


_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)


def _now_ms() -> int:
    # Not the time since boot: during suspend neither of us runs, and nobody is late for it.
    return time.monotonic_ns() // 1_000_000
