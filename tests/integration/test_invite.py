"""`vigil invite` and `vigil cert` as a person uses them, with a hub that serves what they made."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from monitor.tls_files import TlsFiles
from monitor.tls_make import CertificateError, make_tls
from tests.integration.feed_screen import Screen, open_port, screen
from tests.integration.hub_house import house, until

pytestmark = pytest.mark.integration
EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is bound
NOW = datetime(2026, 11, 24, tzinfo=UTC)


async def test_a_person_is_invited_shown_and_revoked(tmp_path: Path) -> None:
    """The link stands on the terminal once; the list shows who is invited and no link."""
    async with house(tmp_path) as hub:
        hub.patient()
        port = open_port(hub)
        await hub.start()
        config = ("--config", str(hub.folder / "config.toml"))
        made = hub.command("invite", "companion", "--hours", "2", *config)
        lines = made.stdout.splitlines()
        assert (made.returncode, made.stderr, len(lines)) == (0, "", 3)
        assert lines[0].startswith("Companion (companion), the session of test, until ")
        link, token = lines[1].split("#t=")
        assert (link, len(token)) == (f"http://127.0.0.1:{port}/companion.html", 43)
        number = lines[2].split()[-1]
        async with screen(hub, token) as one:
            assert one.heard[0]["name"] == "Companion"
        listed = hub.command("invite", "--list", *config)
        assert listed.stdout.startswith(f"{number}  companion  companion  patient test  until ")
        assert token not in listed.stdout
        revoked = hub.command("invite", "--revoke", number, *config)
        assert revoked.stdout == "the link of companion (companion) is revoked\n"
        again = hub.command("invite", "--revoke", number, *config)
        assert (again.returncode, again.stderr) == (
            2,
            "vigil: there is no invitation of this id; `vigil invite --list` shows them\n",
        )
        assert hub.command("invite", "--list", *config).stdout == "nobody is invited\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "name one person, or use --list or --revoke ID"),
        (("ann", "--list"), "name one person, or use --list or --revoke ID"),
        (("kim",), "'kim' is nobody's contact"),
        (("companion", "--hours", "25"), "an invitation lasts up to 24 hours, not 25"),
        (("companion", "--hours", "0"), "an invitation lasts up to 24 hours, not 0"),
        (("kim", "--role", "physician"), "role 'physician' cannot be given"),
        (("companion", "--patient", "kim"), "there is no patient 'kim'"),
    ],
)
async def test_who_cannot_be_invited(tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    """The command says why and what to do, and ends with 2."""
    async with house(tmp_path) as hub:
        hub.patient()
        await hub.start()
        done = hub.command("invite", *words, "--config", str(hub.folder / "config.toml"))
        assert (done.returncode, done.stdout, done.stderr.startswith(f"vigil: {why}")) == (
            2,
            "",
            True,
        )


async def test_requests_that_are_none_are_refused(tmp_path: Path) -> None:
    """The control socket takes no hours that are no number."""
    async with house(tmp_path) as hub:
        hub.patient()
        await hub.start()
        wrong: tuple[object, ...] = ("2", True, None, [])
        replies = [await hub.ask("invite", person="companion", hours=hours) for hours in wrong]
        assert {reply["error"] for reply in replies} == {"hours must be a number"}


async def test_links_outlive_a_restart_and_expired_ones_do_not(tmp_path: Path) -> None:
    """What is on the disk lets in again; what has ended, or cannot be read, is forgotten."""
    async with house(tmp_path) as hub:
        hub.patient()
        open_port(hub)
        await hub.start()
        token = (await hub.ask("invite", person="physician"))["token"]
        await hub.ask("invite", person="companion", hours=0.1 / 3600)
        hub.kill()
        await hub.start()
        await until(lambda: "port=" in hub.log().split("hub runs")[-1], 10)
        listed = (await hub.ask("invites"))["invitations"]
        assert [one["person"] for one in listed] == ["physician"]
        async with screen(hub, token) as one:
            assert one.heard[0]["role"] == "physician"
        assert "an invitation is forgotten" in hub.log()


async def test_a_hub_with_its_own_certificate_is_trusted_by_who_trusts_its_ca(
    tmp_path: Path,
) -> None:
    """Pages and feed come over TLS for each name of the certificate; without the CA nothing."""
    async with house(tmp_path) as hub:
        hub.patient()
        port = open_port(hub)
        hub.settings["hub"] |= {"tls": True, "public_url": f"https://hub.home:{port}"}
        await hub.start()
        await until(lambda: "make one with `vigil cert`" in hub.log(), 10)
        config = ("--config", str(hub.folder / "config.toml"))
        made = hub.command("cert", "--name", "hub.home", *config)
        assert made.stdout.startswith("certificate for hub.home, localhost, 127.0.0.1, ::1, until ")
        assert ("Android" in made.stdout, "iPhone" in made.stdout) == (True, True)
        await until(lambda: "tls=True" in hub.log(), 15)
        files = TlsFiles.of(hub.data_dir)
        trusting = ssl.create_default_context(cafile=str(files.ca))
        async with httpx.AsyncClient(verify=trusting) as client:
            assert (await client.get(f"https://127.0.0.1:{port}/healthz")).json()["ok"]
            served = await client.get(f"https://localhost:{port}/vigil-ca.crt")
            assert served.content == files.ca.read_bytes()
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(f"https://127.0.0.1:{port}/healthz")
        invited = await hub.ask("invite", person="physician")
        assert invited["link"].startswith(f"https://hub.home:{port}/#t=")
        feed = f"wss://127.0.0.1:{port}/ws"
        origin = f"https://hub.home:{port}"
        async with connect(
            feed,
            ssl=trusting,
            server_hostname="hub.home",
            origin=origin,  # type: ignore[arg-type]
        ) as link:
            one = Screen(link)
            await one.say(type="hello", token=invited["token"])
            assert (await one.next())["secure"]
        again = hub.command("cert", *config)
        assert "phones that trust the hub already need nothing new" in again.stdout
        other = hub.command("cert", "--name", "other.home", *config)
        assert (other.returncode, "cannot vouch for other.home" in other.stderr) == (2, True)


def test_keys_are_for_the_hub_alone(tmp_path: Path) -> None:
    """Every file 0600 in a folder 0700; the CA is bound to the names, the rest is refused."""
    files = TlsFiles.of(tmp_path)
    made = make_tls(files, ["HUB.home", "192.168.1.7"], replace_ca=False, now=NOW)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files}
    assert (modes, stat.S_IMODE(files.ca.parent.stat().st_mode)) == ({0o600}, 0o700)
    assert made._replace(fingerprint="") == (
        ("hub.home", "192.168.1.7", "localhost", "127.0.0.1", "::1"),
        "",
        True,
        NOW + timedelta(days=397),
    )
    renewed = make_tls(files, ["192.168.1.7"], replace_ca=False, now=NOW + timedelta(days=300))
    assert (renewed.is_new_ca, renewed.fingerprint) == (False, made.fingerprint)
    with pytest.raises(CertificateError, match=r"cannot vouch for 192\.168\.1\.8; use --new-ca"):
        make_tls(files, ["192.168.1.8"], replace_ca=False, now=NOW)
    replaced = make_tls(files, ["192.168.1.8"], replace_ca=True, now=NOW)
    assert (replaced.is_new_ca, replaced.fingerprint != made.fingerprint) == (True, True)
    assert sorted(path.name for path in files.ca.parent.iterdir()) == [
        "ca.crt",
        "ca.key",
        "hub.crt",
        "hub.key",
    ]


@pytest.mark.parametrize("name", ["a b", "", "hub..home", "höm", "x" * 254, "*.home", "-"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written for it."""
    with pytest.raises(CertificateError, match="is no host name and no address"):
        make_tls(TlsFiles.of(tmp_path), [name], replace_ca=False, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_ca_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """A damaged file, or the key of another CA: the way out is a new one."""
    files, others = TlsFiles.of(tmp_path / "a"), TlsFiles.of(tmp_path / "b")
    for one in (files, others):
        make_tls(one, [], replace_ca=False, now=NOW)
    files.ca_key.write_bytes(others.ca_key.read_bytes())
    with pytest.raises(CertificateError, match="is not the key of"):
        make_tls(files, [], replace_ca=False, now=NOW)
    files.ca.write_text("nonsense")
    with pytest.raises(CertificateError, match="make a new one with --new-ca"):
        make_tls(files, [], replace_ca=False, now=NOW)


@pytest.mark.parametrize(
    ("hub_settings", "said"),
    [
        ({"tls": True}, "config.toml: hub.tls: there is no certificate; make one with"),
        ({"web_host": EVERYWHERE, "web_port": 8765}, "hub.tls is off while the pages are open"),
        ({"web_host": "::", "web_port": 8765}, "hub.tls is off while the pages are open"),
        ({"web_host": "::1", "web_port": 8765}, None),
        ({"web_host": EVERYWHERE, "web_port": 0}, None),
    ],
)
async def test_a_check_tells_what_is_missing_for_phones(
    tmp_path: Path, hub_settings: dict[str, object], said: str | None
) -> None:
    """Certificates that are named and missing are a fault; pages without TLS are noted."""
    async with house(tmp_path) as hub:
        hub.patient()
        hub.settings["hub"] = dict(hub_settings)
        hub._write_config()
        done = hub.command("check", "--config", str(hub.folder / "config.toml"))
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "hub.tls" in line]
        assert (len(lines), all(said in line for line in lines if said)) == (said is not None, True)
