"""Who gets in and who may do what, at the door of a running hub; no trace of a token is left."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from alerts.contact import Role
from monitor.events import RecordLooked
from monitor.rights import ORDERS, RIGHTS, why_not
from tests.integration.feed_screen import (
    feed_of,
    open_port,
    port_of,
    screen,
    texts_under,
    token_for,
)
from tests.integration.hub_house import RunningHub, house

pytestmark = pytest.mark.integration

# What each order needs to be read at all.
FIELDS: dict[str, dict[str, Any]] = {
    "open": {"patient": "test"},
    "gate": {"item": "awake", "state": "pass"},
    "override": {"item": "awake", "reason": "seen"},
    "dose": {"ago_ms": 0},
    "extra_dose": {"ago_ms": 0},
    "check_in": {"codes": "W5 B0 C0 D0 X0"},
    "correct": {"codes": "W5 B0 C0 D0 X0"},
    "reading": {"sbp": 120, "dbp": 80},
    "cuff_failed": {"reason": "loose"},
    "pulse_count": {"pulse": 70},
    "acknowledge": {"alarm": "panic@1"},
    "accept": {"alarm": "panic@1"},
    "reject": {"alarm": "panic@1"},
    "reset": {"alarm": "panic@1"},
    "tailor": {"row": "SPO2-LOW", "limit": 88, "reason": "usual"},
    "annotate": {"text": "x"},
    "notice": {"what": "bladder"},
    "end_peak": {"reason": "x"},
    "hand_over": {"to": "the ambulance"},
    "heard": {"bursts": 3},
    "end": {"reason": "x"},
}


@pytest_asyncio.fixture
async def hub(tmp_path: Path) -> AsyncIterator[RunningHub]:
    """A hub with two patients, each with an open session."""
    async with house(tmp_path) as one:
        one.patient()
        one.patient("sam", device="sam-oximeter")
        open_port(one)
        await one.start()
        await one.open()
        await one.open("s2", "sam")
        yield one


async def token_of(hub: RunningHub, role: Role) -> str:
    """A token of each role, for patient `test` where the role has one."""
    if role is Role.PATIENT:
        return await token_for(hub, "test", patient="test")
    if role in (Role.VIEWER, Role.ADMIN):
        return await token_for(hub, f"the-{role.value}", role=role.value)
    if role is Role.BACKUP:
        path = hub.folder / "patients" / "test.toml"
        if "dr-roy" not in path.read_text():
            person = 'id = "dr-roy"\nrole = "backup"\nname = "Dr Roy"\n'
            way = 'ways = [{ channel = "console" }]\n'
            path.with_name("later.toml").write_text(
                path.read_text().replace('id = "test"', 'id = "later"', 1)
                + f"[[contacts]]\n{person}{way}"
            )
        return await token_for(hub, "dr-roy", patient="later")
    return await token_for(hub, role.value, patient="test")


REFUSED = [(role, do) for role in Role for do in ORDERS if role not in RIGHTS[do]]


async def test_every_order_is_refused_to_every_role_that_may_not_give_it(hub: RunningHub) -> None:
    """Each pair of the table; the reply says who may, and nothing of it reaches the record."""
    before = len(hub.records())
    got: dict[tuple[Role, str], tuple[bool, str]] = {}
    for role in Role:
        async with screen(hub, await token_of(hub, role)) as one:
            for refused_role, do in REFUSED:
                if refused_role is role:
                    reply = await one.order("s1", do, **FIELDS.get(do, {}))
                    got[role, do] = (reply["ok"], reply["error"])
    assert got == {(role, do): (False, why_not(role, do)) for role, do in REFUSED}
    asked = [
        record
        for record in hub.records()[before:]
        if getattr(record.event, "by", None) is not None
        and not isinstance(record.event, RecordLooked)
    ]
    assert (asked, len(REFUSED) > 60) == ([], True)


@pytest.mark.parametrize("role", Role)
async def test_an_order_that_a_role_may_give_reaches_the_session(
    hub: RunningHub, role: Role
) -> None:
    """It is judged by the session, whatever that says, and never by the table."""
    async with screen(hub, await token_of(hub, role)) as one:
        for do in ORDERS:
            if role in RIGHTS[do] and do not in ("open", "end", "hand_over"):
                reply = await one.order("s1", do, **FIELDS.get(do, {}))
                assert " may not " not in reply.get("error", ""), (do, reply)


async def test_a_companion_sees_and_moves_their_own_session_alone(hub: RunningHub) -> None:
    """Another one's is told of like one that is not there; to ask for it ends the connection."""
    async with screen(hub, await token_of(hub, Role.COMPANION)) as one:
        assert [line["session"] for line in one.heard[0]["sessions"]] == ["s1"]
        await one.hear("heartbeat")
        replies = [await one.order(name, "annotate", text="x") for name in ("s2", "s9", None)]
        assert [reply["error"] for reply in replies] == [
            "no session s2 is open for you",
            "no session s9 is open for you",
            "no session (none named) is open for you",
        ]
        assert {message["session"] for message in one.heard if "session" in message} == {"s1"}
        await one.say(type="resync", session="s2", since=0)
        assert await one.closed() == (4403, "this session is not yours to see")
    async with screen(hub, await token_of(hub, Role.PHYSICIAN)) as one:
        assert [line["session"] for line in one.heard[0]["sessions"]] == ["s1", "s2"]


async def test_a_link_that_has_ended_opens_nothing_more(hub: RunningHub) -> None:
    """Expired, revoked, of a session that is over: who is connected is told, and cannot return."""
    short = await token_for(hub, "physician", patient="test", hours=1.5 / 3600)
    async with screen(hub, short) as one:
        assert await one.closed() == (4401, "this link has ended")
    async with feed_of(hub) as one:
        await one.say(type="hello", token=short)
        assert await one.closed() == (4401, "this link has expired; ask for a new one")
    invited = await hub.ask("invite", person="physician", patient="test")
    async with screen(hub, invited["token"]) as one:
        await one.hear("heartbeat")
        assert (await hub.ask("revoke", id=invited["id"]))["ok"]
        await one.say(type="order", ref="r", session="s1", order={"do": "annotate", "text": "x"})
        code, error = await one.closed()
        assert (code, error.startswith("this link has ended")) == (4401, True)
        assert [message for message in one.heard if message["type"] == "reply"] == []
    async with feed_of(hub) as one:
        await one.say(type="hello", token=invited["token"])
        assert await one.closed() == (
            4401,
            "this link is not known here, or was revoked; ask for a new one",
        )
    companion = await hub.ask("invite", person="companion", patient="test")
    await hub.ask("close", session="s1", by="physician", reason="over")
    listed = (await hub.ask("invites"))["invitations"]
    ends = {one["id"]: one["expires_ms"] - one["made_ms"] for one in listed}
    assert 299_000 < ends[companion["id"]] < 330_000


async def test_only_the_hubs_own_pages_may_speak(hub: RunningHub) -> None:
    """A foreign origin is refused before a token is asked for; no origin is a program."""
    port = port_of(hub)
    for origin, status in (
        ("https://evil.example", 403),
        (f"http://127.0.0.1:{port + 1}", 403),
        ("null", 403),
        (f"http://127.0.0.1:{port}", 101),
        (f"http://localhost:{port}", 101),
        (None, 101),
    ):
        got = 101
        try:
            async with connect(f"ws://127.0.0.1:{port}/ws", origin=origin):  # type: ignore[arg-type]
                pass
        except InvalidStatus as error:
            got = error.response.status_code
        assert (origin, got) == (origin, status)


async def test_a_token_in_an_address_is_refused(hub: RunningHub) -> None:
    """Even the right one: addresses end up in histories."""
    token = await token_of(hub, Role.PHYSICIAN)
    with pytest.raises(InvalidStatus) as caught:
        async with connect(f"ws://127.0.0.1:{port_of(hub)}/ws?token={token}"):
            pass
    assert caught.value.response.status_code == 400


async def test_a_program_may_say_its_token_in_a_header(hub: RunningHub) -> None:
    """With it no hello is needed; a wrong one is refused like any other."""
    token = await token_of(hub, Role.VIEWER)
    async with feed_of(hub, additional_headers={"Authorization": f"Bearer {token}"}) as one:
        assert (await one.next())["type"] == "welcome"
        await one.say(type="hello", token=token)
        assert await one.closed() == (4400, "hello was said already")
    async with feed_of(hub, additional_headers={"Authorization": "Bearer x"}) as one:
        assert (await one.closed())[0] == 4401


MALFORMED: list[tuple[str, str | bytes]] = [
    ("nothing", ""),
    ("no JSON", "{"),
    ("no object", "[]"),
    ("unknown type", '{"type":"fly"}'),
    ("NaN", '{"type":"resync","session":"s1","since":NaN}'),
    ("a long number", '{"type":"resync","session":"s1","since":' + "9" * 400 + "}"),
    ("a key twice", '{"type":"resync","type":"resync","session":"s1","since":1}'),
    ("binary", b'{"type":"resync","session":"s1","since":1}'),
    ("another key", '{"type":"resync","session":"s1","since":1,"role":"admin"}'),
    ("an order without its ref", '{"type":"order","session":"s1","order":{"do":"help"}}'),
]


async def test_what_is_no_message_ends_that_connection_alone(hub: RunningHub) -> None:
    """Each malformed body closes with 4400, a long one with 4413; others hear on."""
    token = await token_of(hub, Role.PHYSICIAN)
    async with screen(hub, token) as watching:
        for name, body in MALFORMED:
            async with screen(hub, token) as one:
                await one.connection.send(body)
                assert (name, (await one.closed())[0]) == (name, 4400)
        for size, code in ((9_000, 4413), (70_000, 1009)):
            async with screen(hub, token) as one:
                await one.connection.send("x" * size)
                assert (size, (await one.closed())[0]) == (size, code)
        watching.heard.clear()
        await watching.hear("heartbeat")


async def test_a_malformed_order_is_answered(hub: RunningHub) -> None:
    """The envelope was right, so the person hears what is wrong and stays connected."""
    async with screen(hub, await token_of(hub, Role.PHYSICIAN)) as one:
        errors = [
            (await one.order("s1", do, **fields))["error"]
            for do, fields in (
                ("fly", {}),
                ("accept", {}),
                ("accept", {"alarm": 5}),
                ("dose", {"ago_ms": 1.5}),
                ("dose", {"ago_ms": 700_000}),
                ("help", {"by": "companion"}),
                ("check_in", {"codes": "W9"}),
                ("open", {"patient": "../config"}),
                ("open", {"patient": "nobody"}),
            )
        ]
        assert [error.split(":")[0][:40] for error in errors] == [
            "there is no order 'fly'; use open, gate,",
            "order accept",
            "order accept",
            "order dose",
            "order dose",
            "order help",
            "order check_in",
            "order open",
            errors[-1][:40],
        ]
        assert "there is no patient 'nobody'" in errors[-1]


async def test_who_says_nothing_is_asked_to_leave(hub: RunningHub) -> None:
    """After 5 s; a first message that is no hello at once."""
    async with feed_of(hub) as silent, feed_of(hub) as rude:
        await rude.say(type="resync", session="s1", since=1)
        assert await rude.closed() == (4400, "the first message must be a hello with your token")
        assert await silent.closed() == (4408, "nobody said hello within 5 s")


async def test_random_bytes_never_stop_the_hub(hub: RunningHub) -> None:
    """Noise as text, as frames and as a whole connection; afterwards all is as before."""
    rng = random.Random(5)  # noqa: S311 - noise, no secret
    token = await token_of(hub, Role.VIEWER)
    for _ in range(60):
        async with feed_of(hub) as one:
            await one.connection.send(rng.randbytes(rng.randrange(200)))
    for _ in range(60):
        async with screen(hub, token) as one:
            text = rng.randbytes(rng.randrange(200)).decode("latin-1")
            await one.connection.send(text)
    for _ in range(60):
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(hub))
        writer.write(rng.randbytes(rng.randrange(1, 400)) + b"\r\n\r\n")
        writer.close()
        await reader.read()
    async with screen(hub, token) as one:
        await one.hear("heartbeat")
    assert "our bug" not in hub.log()


async def test_nothing_of_a_token_is_left_anywhere(hub: RunningHub) -> None:
    """Not in the log at its most talkative, not in any file of the hub, after every use of it."""
    hub.kill()
    hub.settings["log"] = {"level": "debug"}
    await hub.start()
    tokens = [await token_of(hub, role) for role in Role]
    for token in tokens:
        async with screen(hub, token) as one:
            await one.hear("heartbeat")
            await one.connection.send(json.dumps({"type": "hello", "token": token}))
            assert (await one.closed())[0] == 4400
        bearer = {"Authorization": f"Bearer {token}"}
        async with feed_of(hub, additional_headers=bearer) as one:
            await one.hear("welcome")
        async with feed_of(hub) as one:
            await one.connection.send(f'{{"type":"hello","token":"{token}","{token}":1}}')
            assert (await one.closed())[0] == 4400
        async with httpx.AsyncClient() as client:
            await client.get(f"http://127.0.0.1:{port_of(hub)}/?t={token}", headers=bearer)
    assert await hub.stop() == 0
    kept = texts_under(hub.data_dir) | {"log": hub.log_path.read_bytes()}
    found = [
        name
        for name, data in kept.items()
        for token in tokens
        if any(token[at : at + 12].encode() in data for at in range(0, len(token) - 12, 6))
    ]
    assert (found, len(kept) > 3) == ([], True)


async def test_too_many_clients_are_turned_away_and_harm_nobody(hub: RunningHub) -> None:
    """Beyond `max_clients` the answer is 503; who is there stays, and a place left is free."""
    hub.kill()
    hub.settings["hub"]["max_clients"] = 2
    await hub.start()
    token = await token_of(hub, Role.VIEWER)
    async with screen(hub, token) as first:
        async with feed_of(hub):
            with pytest.raises(InvalidStatus) as caught:
                async with feed_of(hub):
                    pass
        await first.hear("heartbeat")
        async with screen(hub, token) as again:
            await again.hear("heartbeat")
    assert caught.value.response.status_code == 503


async def test_connections_that_ask_nothing_cannot_use_up_the_machine(hub: RunningHub) -> None:
    """Beyond 64 more than the feed's clients one is ended at once; the rest goes on as before."""
    hub.kill()
    hub.settings["hub"]["max_clients"] = 2
    await hub.start()
    token = await token_of(hub, Role.VIEWER)
    async with screen(hub, token) as one:
        links = [await asyncio.open_connection("127.0.0.1", port_of(hub)) for _ in range(80)]
        ended = [reader.at_eof() for reader, _ in links]
        async with asyncio.timeout(2):
            while sum(ended) < 15:
                await asyncio.sleep(0.05)
                ended = [reader.at_eof() for reader, _ in links]
        assert (sum(ended), ended[:65], await one.hear("heartbeat") != {}) == (
            15,
            [False] * 65,
            True,
        )
        for _, writer in links:
            writer.close()
    async with screen(hub, token) as again:
        await again.hear("heartbeat")
