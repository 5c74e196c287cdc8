"""The embedded broker's files and start: private, on loopback only, and found when it answers."""

import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices import broker as module
from devices.broker import (
    BrokerError,
    BrokerKind,
    Credentials,
    answers,
    broker_command,
    choose,
    credentials,
    prepare,
)


@pytest.mark.parametrize("kind", list(BrokerKind))
def test_every_file_is_private(kind: BrokerKind, tmp_path: Path) -> None:
    """Folder 0700, files 0600, and nothing half-written stays behind."""
    prepare(kind, tmp_path, 1884)
    prepare(kind, tmp_path, 1884)
    folder = tmp_path / "broker"
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}
    names = {
        BrokerKind.MOSQUITTO: {"mosquitto.conf", "passwords", "acl", "password"},
        BrokerKind.IOTCORE: {"iotcore.toml", "password"},
    }
    assert modes == dict.fromkeys(names[kind], "0o600")
    assert oct(stat.S_IMODE(folder.stat().st_mode)) == "0o700"


def test_the_password_is_made_once_per_installation(tmp_path: Path) -> None:
    """The second call gives the first one's password; another installation has another."""
    first = credentials(tmp_path / "a")
    assert credentials(tmp_path / "a") == first
    assert credentials(tmp_path / "b") != first
    assert (first.user, len(first.password)) == ("vigil", 32)


def test_an_empty_password_is_refused(tmp_path: Path) -> None:
    """An emptied file must not open the broker to everybody."""
    credentials(tmp_path)
    (tmp_path / "broker" / "password").write_text("\n")
    with pytest.raises(BrokerError, match="is empty; delete it"):
        credentials(tmp_path)


def test_mosquitto_is_preferred_and_iotcore_the_other_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With neither installed the error says what to install."""
    monkeypatch.setattr(module, "_mosquitto", lambda: "/usr/sbin/mosquitto")
    assert choose() is BrokerKind.MOSQUITTO
    monkeypatch.setattr(module, "_mosquitto", lambda: None)
    assert choose() is BrokerKind.IOTCORE
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(BrokerError, match="no MQTT broker: install mosquitto"):
        choose()


def test_a_command_line_needs_its_files_and_its_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A broker is never started with a file that is not there, nor a program that is not."""
    conf = tmp_path / "broker" / "mosquitto.conf"
    with pytest.raises(BrokerError, match="is missing; prepare the broker for port 1884 first"):
        broker_command(BrokerKind.MOSQUITTO, tmp_path, 1884)
    prepare(BrokerKind.MOSQUITTO, tmp_path, 1884)
    prepare(BrokerKind.IOTCORE, tmp_path, 1884)
    monkeypatch.setattr(module, "_mosquitto", lambda: "/usr/sbin/mosquitto")
    toml = str(tmp_path / "broker" / "iotcore.toml")
    assert (
        broker_command(BrokerKind.MOSQUITTO, tmp_path, 1884),
        broker_command(BrokerKind.IOTCORE, tmp_path, 1884),
    ) == (
        ["/usr/sbin/mosquitto", "-c", str(conf)],
        [sys.executable, "-P", "-m", "iotcore", "--config", toml, "--log-level", "CRITICAL"],
    )
    monkeypatch.setattr(module, "_mosquitto", lambda: None)
    with pytest.raises(BrokerError, match="mosquitto is not installed"):
        broker_command(BrokerKind.MOSQUITTO, tmp_path, 1884)


@pytest.mark.parametrize("kind", list(BrokerKind))
def test_a_running_broker_lets_in_its_own_user_only(kind: BrokerKind, tmp_path: Path) -> None:
    """The right password is answered; a wrong one, none, and a stopped broker are not."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    prepare(kind, tmp_path, port)
    login = credentials(tmp_path)
    process = subprocess.Popen(
        broker_command(kind, tmp_path, port),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert any(answers("127.0.0.1", port, *login) for _ in range(100) if not _pause(process))
        assert (
            answers("127.0.0.1", port, login.user, "x" * 200),
            answers("127.0.0.1", port, None, None),
        ) == (False, False)
    finally:
        process.kill()
        process.wait()
    assert answers("127.0.0.1", port, *login) is False


def _pause(process: subprocess.Popen[bytes]) -> bool:
    """Wait a twentieth of a second; true when the process ended meanwhile."""
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return False
    return True


@pytest.fixture(params=[b"", b"\x20\x02", b"HTTP", b"\x20\x02\x00\x05", b"\x20\x02\x00\x00"])
def stranger(request: pytest.FixtureRequest) -> Iterator[tuple[int, bytes]]:
    """Something that answers one connection with a few bytes, then closes it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            link, _ = server.accept()
            with link:
                link.recv(1024)
                link.sendall(request.param)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], request.param
        thread.join()


def test_only_an_accepting_connack_is_an_answer(stranger: tuple[int, bytes]) -> None:
    """Silence, half an answer, another protocol and a refusal are all "no"."""
    port, reply = stranger
    expected = reply == b"\x20\x02\x00\x00"
    assert answers("127.0.0.1", port, *Credentials("u", "p" * 150)) is expected
