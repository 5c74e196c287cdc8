"""Who watches this hub from outside: builds the hub's side of it from the settings.

A piece of the wiring. Without `[watch]` the sessions are told that nobody was ever asked, so that
the gate names it; with it the lease and the check run beside the loop. It decides nothing.

    await watch_from_outside(hub, parts, config, base)      -> what to call at the end
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from alerts.deadman import Deadman, DeadmanSettings
from alerts.lease import MIN_SECRET_CHARS
from alerts.record_heads import RecordHead, mark_of
from alerts.secret_file import SecretError, read_secret
from monitor.config import Config
from monitor.holding import holding_of
from monitor.hub import Hub
from monitor.parts import Parts
from monitor.watch_config import NO_WATCH, WATCHED, is_open_http

__all__ = ["watch_from_outside"]

log = structlog.get_logger("vigil.watch")


def watch_from_outside(
    hub: Hub, parts: Parts, config: Config, base: Path
) -> Callable[[], Awaitable[None]] | None:
    """Start the lease and the check; return what ends them in order, None when there is none.

    Raises:
        SecretError, OSError: a file that `[watch]` names cannot be used.
    """
    watch = config.watch
    # What stood before a restart and is not asked for any more; the rest ends when it is confirmed.
    asked = {"lease": watch.url, "ping": watch.ping_url_file, NO_WATCH: watch.is_off}
    for name in WATCHED:
        if not asked[name.rpartition(":")[2]]:
            hub.condition(name, present=False, detail="the settings have changed")
    if watch.is_off:
        detail = "nobody outside watches this hub: no [watch] in its settings"
        log.warning("no watch", why=detail)
        hub.condition(NO_WATCH, present=True, detail=detail)
        return None
    if is_open_http(watch.url):
        log.warning("leases can be read on the way", url=watch.url, do="use https")

    def say(name: str, present: bool, detail: str) -> None:
        hub.condition(name, present=present, detail=detail)

    def heads() -> tuple[RecordHead, ...]:
        return tuple(
            RecordHead(mark_of(session), n, head.hex())
            for session, (n, head) in hub.store.heads().items()
            if n
        )

    deadman = Deadman(_settings(config, base), lambda: holding_of(hub.ward), say, heads)
    parts.go(deadman.run(), "watch")
    return deadman.leave


def _settings(config: Config, base: Path) -> DeadmanSettings:
    watch = config.watch
    secret = read_secret(base / watch.secret_file) if watch.url else ""
    if watch.url and len(secret) < MIN_SECRET_CHARS:
        raise SecretError(
            f"the secret's file {base / watch.secret_file} holds fewer than {MIN_SECRET_CHARS}"
            " characters: write a longer one to it and to the watcher's"
        )
    return DeadmanSettings(
        hub=watch.hub,
        name=config.hub.name,
        url=watch.url,
        secret=secret,
        ping_url=read_secret(base / watch.ping_url_file) if watch.ping_url_file else "",
        ca_file=str(base / watch.ca_file) if watch.ca_file else "",
    )
