"""Whether the companion is there, as far as their own page and their taps can tell.

"companion gone: no phone heartbeat on the home network and no tap on phone or hub for the stated
time" (`clinical.md` 2.0). An open page is the heartbeat: its link is checked every ten seconds. A
page that cannot keep the screen on may lose its link while the companion sits there, so of it the
hub only asks, and presence is told by the check-ins. A session that never saw a page of the
companion knows nothing of it. No row is judged here.

    page(engine, CompanionPage(at_ms=9_000, online=False))
    chart.companion.gone_ms    -> 9000, until a page or a tap
"""

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from alerts.contact import Role
from monitor.chart import Chart
from monitor.events import CompanionPage, DeliveryAnswered

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["PresenceView", "how", "page", "tapped", "view"]


class PresenceView(Struct, frozen=True):
    """What tells that the companion is there: their `page`, a page that `asks`, or `check_ins`.

    `gone_ms`: since when there is neither page nor tap; None: there is, or nobody can know.
    """

    told_by: str
    gone_ms: int | None


def page(engine: "Engine", event: CompanionPage) -> None:
    """The first page of the companion has come, the last one has gone, or its screen stays on."""
    companion = engine.chart.companion
    companion.online = event.online
    if event.awake is not None:
        companion.awake = event.awake
    if not event.online:
        companion.seen_ms = event.at_ms
    companion.known = True
    engine.refresh(event.at_ms)


def tapped(engine: "Engine", event: Any) -> None:
    """Whatever a companion taps, wherever, they are there: also what is refused then."""
    if isinstance(event, DeliveryAnswered):
        delivery = engine.alarms.post.deliveries.get(event.delivery)
        by = None if delivery is None else delivery.contact
        people = engine.alarms.post.contacts
        is_companion = any(one.id == by and one.role is Role.COMPANION for one in people)
    else:
        is_companion = getattr(event, "role", None) is Role.COMPANION
    companion = engine.chart.companion
    if is_companion and companion.gone_ms is not None:
        companion.seen_ms = event.at_ms
        engine.judge.refresh(event.at_ms)


def how(chart: Chart) -> str:
    """Return what tells presence in this session: the `page`, a page that `asks`, `check_ins`."""
    companion = chart.companion
    if not companion.known:
        return "check_ins"
    return "page" if companion.awake else "asks"


def view(engine: "Engine") -> PresenceView:
    """Return how the session knows of the companion."""
    return PresenceView(how(engine.chart), engine.chart.companion.gone_ms)
