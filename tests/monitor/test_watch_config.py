"""The settings of the watch from outside, on both sides, with every fault named."""

import tomllib

import pytest

from monitor.config import ConfigError, load_config
from monitor.watch_config import WatchConfig, is_loopback, is_open_http
from monitor.watcher_config import (
    HubEntry,
    PersonEntry,
    WatcherError,
    WatcherTable,
    load_watcher,
)
from tests.house import ROOT

HUB = '[[hubs]]\nid = "home"\nsecret_file = "home.secret"\n'


def test_the_watch_is_off_until_an_address_is_given() -> None:
    """Either of the two ways turns it on."""
    texts = ('url = "https://w:1"\nsecret_file = "s"\nca_file = "ca.crt"', 'ping_url_file = "ping"')
    on = [load_config(f"[watch]\n{text}").watch.is_off for text in texts]
    assert (WatchConfig().is_off, on) == (True, [False, False])


def test_what_is_wrong_in_the_hubs_settings_is_named() -> None:
    """A url needs a secret; an authority needs https; a name and an address have their form."""
    with pytest.raises(ConfigError) as caught:
        load_config('[watch]\nurl = "http://w:1"\nca_file = "ca.crt"\n')
    assert caught.value.faults == (
        "config.toml: watch.secret_file: is empty beside a url; name the file of the secret",
        "config.toml: watch.ca_file: is set beside a url without https; write an https url",
    )
    with pytest.raises(ConfigError) as caught:
        load_config('[watch]\nurl = "ftp://w"\nhub = "My Home"\n')
    assert [fault.split(":")[1] for fault in caught.value.faults] == [" watch.url", " watch.hub"]


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("https://10.0.0.2:8790", False),
        ("http://10.0.0.2:8790", True),
        ("http://watcher.example", True),
        ("http://127.0.0.1:8790", False),
        ("http://[::1]:8790", False),
        ("http://localhost:8790", False),
        ("", False),
    ],
)
def test_who_could_read_the_letters(url: str, is_open: bool) -> None:
    """Plain HTTP beyond this machine; of a name but localhost nobody can know."""
    assert is_open_http(url) is is_open


def test_only_this_machine_is_loopback() -> None:
    """Neither an empty host nor all of them."""
    hosts = ("127.0.0.9", "localhost", "0.0.0.0", "", "watcher")  # noqa: S104 - judged, not opened
    assert [is_loopback(host) for host in hosts] == [True, True, False, False, False]


def test_the_watchers_settings_need_a_hub_only() -> None:
    """Everything else has a default that is safe."""
    config = load_watcher(HUB)
    assert (config.watch.host, config.watch.port, config.people) == ("127.0.0.1", 8790, ())


def test_the_shipped_example_shows_every_key_with_its_default() -> None:
    """docs/examples/watch.toml is the documentation of its tables."""
    text = (ROOT / "docs" / "examples" / "watch.toml").read_text("utf-8")
    shown = tomllib.loads(text)
    config = load_watcher(text)
    assert (sorted(shown["watch"]), config.watch) == (
        sorted(WatcherTable.__struct_fields__),
        WatcherTable(),
    )
    assert [sorted(shown[name][0]) for name in ("hubs", "people")] == [
        sorted(HubEntry.__struct_fields__),
        sorted(PersonEntry.__struct_fields__),
    ]
    assert config.ways.names == ("webhook",)


def test_what_is_wrong_in_the_watchers_settings_is_named() -> None:
    """A hub twice, half a certificate; no TOML; no hub, and a person without a way."""
    with pytest.raises(WatcherError) as caught:
        load_watcher(f'{HUB}{HUB}[watch]\ncertificate_file = "w.crt"\n')
    assert [fault.removeprefix("watch.toml: ") for fault in caught.value.faults] == [
        "hubs: home stands twice; name each hub once",
        "watch.key_file: a certificate and its key belong together; name both or neither",
    ]
    with pytest.raises(WatcherError) as caught:
        load_watcher("hubs =")
    assert len(caught.value.faults) == 1
    with pytest.raises(WatcherError) as caught:
        load_watcher('[[people]]\nname = "Ann"\nways = []\n')
    assert [fault.split(":")[1] for fault in caught.value.faults] == [" people[0].ways", " hubs"]
