"""The choice in `vigil pair`: a table of what the scan sees, live on a terminal, and one answer.

Only devices that Vigil can read are listed; the others are counted. Without a terminal each device
is one plain line, once, and the choice is made by --address. The terminal is the outside thing.
"""

import asyncio
import sys
from contextlib import nullcontext

import typer
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from monitor.commands.bluetooth_desk import Desk, DeskError, line
from monitor.commands.patient_file import PatientFile
from monitor.device_choice import Offer, near_words

__all__ = ["choose"]

_LOOK_S = 0.25


async def choose(desk: Desk, file: PatientFile, address: str, seconds: float) -> Offer:
    """Return the device that a person chose.

    Raises:
        DeskError: none was chosen, or the chosen one cannot be had.
    """
    console = Console(highlight=False)
    while True:
        offers = await _look(desk, file, address, seconds, console)
        if address:
            return _checked(_named(desk, offers, address, seconds))
        if not sys.stdin.isatty():
            raise DeskError("there is no terminal to choose on; name one with --address")
        typer.echo("number of the device (Enter: look again, q: leave it): ", nl=False)
        answer = await line()
        if answer in ("q", "Q"):
            raise DeskError("nothing was chosen, nothing was written", code=1)
        if not answer:
            continue
        offer = _answered(offers, answer)
        if offer is None:
            typer.echo(f"there is no {answer!r} in the table")
        elif offer.why_not:
            typer.echo(f"{offer.advert.address} cannot be taken: {offer.why_not}")
        else:
            return offer


async def _look(
    desk: Desk, file: PatientFile, address: str, seconds: float, console: Console
) -> list[Offer]:
    """Look for so long, or until the named device has been seen; return what there is."""
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + seconds
    offers: list[Offer] = []
    said: set[str] = set()
    live = Live(console=console, auto_refresh=False) if console.is_terminal else None
    with live or nullcontext():
        while (left_s := ends_s - loop.time()) > 0:
            offers = desk.sightings.offers(file.bound, file.patient, desk.now_ms())
            if live is not None:
                live.update(_table(offers, desk, left_s), refresh=True)
            else:
                _lines(offers, said)
            if any(one.advert.address == address for one in offers):
                break
            await asyncio.sleep(min(_LOOK_S, left_s))
    news = desk.radio_news
    if news is not None and not news.present:
        raise DeskError(f"Bluetooth has gone: {news.why}")
    return offers


def _table(offers: list[Offer], desk: Desk, left_s: float) -> Table:
    others = f"; {desk.sightings.others} others that Vigil cannot read" * bool(
        desk.sightings.others
    )
    table = Table(title=f"Bluetooth devices, {left_s:.0f} s more{others}", title_justify="left")
    for heading in ("", "model", "name", "address", "signal", "whose"):
        table.add_column(heading)
    for number, one in enumerate(offers, 1):
        advert = one.advert
        whose = one.why_not or (one.bound.words if one.bound else "nobody's yet")
        style = "dim" if one.why_not else ""
        table.add_row(
            str(number),
            one.model.name,
            escape(_name(one)),
            advert.address,
            _signal(one),
            whose,
            style=style,
        )
    return table


def _lines(offers: list[Offer], said: set[str]) -> None:
    """Print each device once."""
    for one in offers:
        if one.advert.address not in said:
            said.add(one.advert.address)
            whose = one.why_not or (one.bound.words if one.bound else "nobody's yet")
            typer.echo(
                f"{one.advert.address}  {one.model.name}  {_name(one)}  {_signal(one)}  {whose}"
            )


def _name(offer: Offer) -> str:
    """A device says its name itself: only what can be printed is."""
    name = offer.advert.name or "(no name)"
    return "".join(one for one in name[:40] if one.isprintable())


def _signal(offer: Offer) -> str:
    dbm = offer.advert.rssi_dbm
    return f"{dbm} dBm, {near_words(dbm)}" if dbm else near_words(dbm)


def _answered(offers: list[Offer], answer: str) -> Offer | None:
    for number, one in enumerate(offers, 1):
        if answer == str(number) or answer.upper() == one.advert.address:
            return one
    return None


def _named(desk: Desk, offers: list[Offer], address: str, seconds: float) -> Offer:
    for one in offers:
        if one.advert.address == address:
            return one
    if desk.sightings.get(address) is not None:
        raise DeskError(f"{address} is none of the devices that Vigil can read: docs/devices.md")
    raise DeskError(
        f"{address} was not seen in {seconds:g} s: switch it on (a cuff to pairing) and bring it"
        " near",
        code=1,
    )


def _checked(offer: Offer) -> Offer:
    if offer.why_not:
        raise DeskError(f"{offer.advert.address} cannot be taken: {offer.why_not}")
    return offer
