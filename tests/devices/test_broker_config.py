"""The brokers' texts: loopback only, one user, nothing that could break out of a line."""

import tomllib

import pytest

from devices.broker_config import acl_text, iotcore_toml, mosquitto_conf, password_line


def test_mosquitto_listens_on_loopback_and_keeps_what_it_queued() -> None:
    """Every line is a setting of ours; nobody enters without a password."""
    text = mosquitto_conf(port=1884, folder="/data/broker", run_as="vigil")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines == [
        "listener 1884 127.0.0.1",
        "user vigil",
        "allow_anonymous false",
        "password_file /data/broker/passwords",
        "acl_file /data/broker/acl",
        "persistence true",
        "persistence_location /data/broker/",
        "autosave_on_changes true",
        "autosave_interval 1",
        "max_inflight_messages 20",
        "max_queued_messages 100000",
        "max_queued_bytes 67108864",
        "message_size_limit 131072",
        "set_tcp_nodelay true",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "connection_messages false",
    ]


@pytest.mark.parametrize(("folder", "run_as"), [("/a\nb", "vigil"), ("/a", "x\nuser root")])
def test_no_line_break_gets_into_a_file(folder: str, run_as: str) -> None:
    """A folder's name cannot add a setting."""
    with pytest.raises(ValueError, match="no line breaks"):
        mosquitto_conf(port=1, folder=folder, run_as=run_as)


def test_iotcore_listens_on_loopback_with_one_user() -> None:
    """The TOML parses, and holds the window and the password."""
    config = tomllib.loads(iotcore_toml(port=1884, password="a-b_c1"))
    server = config["v4"]["1"]
    assert (server["listen"], server["connections"]["auth"]) == (
        "127.0.0.1:1884",
        {"vigil": "a-b_c1"},
    )
    assert server["connections"]["max_inflight_count"] == 100


def test_iotcore_takes_no_password_that_needs_escaping() -> None:
    """A quote cannot end the string."""
    with pytest.raises(ValueError, match="letters, digits, - and _ only"):
        iotcore_toml(port=1, password='x"')


def test_the_password_is_stored_as_mosquitto_reads_it() -> None:
    """Same password and salt, same line; the password itself is not in it."""
    line = password_line("vigil", "secret", b"0123456789ab")
    head, user_and_rest = line.split("$", 1)[0], line.split("$")
    assert (head, user_and_rest[1:4]) == ("vigil:", ["7", "20000", "MDEyMzQ1Njc4OWFi"])
    assert "secret" not in line


@pytest.mark.parametrize(("user", "salt"), [("a:b", b"0" * 12), ("a\nb", b"0" * 12), ("a", b"0")])
def test_a_user_or_salt_that_breaks_the_line_is_an_error(user: str, salt: bytes) -> None:
    """The password file has one line a user."""
    with pytest.raises(ValueError, match=r"salt has 12 bytes|must not hold a colon"):
        password_line(user, "p", salt)


def test_the_access_list_knows_our_tree_and_discovery() -> None:
    """One user, two branches."""
    assert acl_text() == ("user vigil\ntopic readwrite vigil/#\ntopic readwrite homeassistant/#\n")
