"""The settings are safe as shipped, and every fault in them is named at once."""

from pathlib import Path

import pytest

from monitor.config import (
    AlarmConfig,
    BrokerConfig,
    BrokerMode,
    BrokerProgram,
    Config,
    ConfigError,
    HubConfig,
    LogConfig,
    LogFormat,
    LogLevel,
    PatientsConfig,
    PlansConfig,
    RecordConfig,
    load_config,
)

SHIPPED = Path(__file__).parents[2] / "config.toml"


def faults_of(text: str) -> list[str]:
    """Return the faults that reading this text names."""
    with pytest.raises(ConfigError) as caught:
        load_config(text, "c.toml")
    return list(caught.value.faults)


def test_the_shipped_file_is_the_defaults() -> None:
    """config.toml shows exactly what holds without it: nobody outside is reached."""
    assert load_config(SHIPPED.read_text(encoding="utf-8")) == Config()
    assert load_config("") == Config(
        hub=HubConfig("Vigil hub", "var", "127.0.0.1", 8765, "", (), 256, False, 16, 10_000),
        broker=BrokerConfig(
            BrokerMode.EMBEDDED, BrokerProgram.MOSQUITTO, "127.0.0.1", 18883, "", "", 10
        ),
        record=RecordConfig(250, 1_000, 600_000, 256),
        alarm=AlarmConfig(True, 2_000, 4_000, ""),
        log=LogConfig(LogLevel.INFO, LogFormat.TEXT),
        patients=PatientsConfig("patients"),
        plans=PlansConfig("plans"),
    )


def test_every_key_can_be_set() -> None:
    """A key that is written replaces its default and touches no other."""
    text = """
    [broker]
    mode = "external"
    prefer = "iotcore"
    host = "broker.example"
    port = 8883
    user = "vigil"
    password_file = "secrets/broker"
    [log]
    level = "debug"
    format = "json"
    """
    assert load_config(text) == Config(
        broker=BrokerConfig(
            BrokerMode.EXTERNAL,
            BrokerProgram.IOTCORE,
            "broker.example",
            8883,
            "vigil",
            "secrets/broker",
        ),
        log=LogConfig(LogLevel.DEBUG, LogFormat.JSON),
    )


def test_five_faults_are_named_together() -> None:
    """A file with five mistakes is refused once, with all five."""
    text = """
    [hub]
    nmae = "x"
    web_port = 99999
    [broker]
    port = "x"
    mode = "internal"
    [record]
    stall_ms = 1
    """
    assert faults_of(text) == [
        "c.toml: hub.nmae: unknown key; did you mean 'name'?",
        "c.toml: hub.web_port: 99999 is too large; write a port from 1 to 65535, or 0 for no pages",
        "c.toml: broker.port: expected int, got 'x'; write a port from 1 to 65535",
        "c.toml: broker.mode: got 'internal'; write one of embedded, external, none",
        "c.toml: record.stall_ms: 1 is too small; write a whole number from 500 to 10000",
    ]


def test_settings_that_contradict_each_other_are_faults() -> None:
    """Keys that are right alone and wrong together are named together."""
    text = """
    [broker]
    mode = "external"
    host = "10.0.0.5"
    password_file = "p"
    [alarm]
    webhook_connect_ms = 5000
    """
    assert faults_of(text) == [
        "c.toml: broker.user: is empty beside a password_file; write the broker's user",
        (
            "c.toml: broker.user: is empty while the broker '10.0.0.5' is on the network;"
            " write a user and a password_file"
        ),
        "c.toml: alarm.webhook_connect_ms: is longer than webhook_total_ms; write at most 4000",
    ]


def test_the_embedded_broker_has_its_own_port() -> None:
    """The pages and the broker cannot share one port."""
    assert faults_of("[broker]\nport = 8765") == [
        "c.toml: broker.port: is the port of the pages as well; write another port"
    ]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_broker_on_this_machine_needs_no_user(host: str) -> None:
    """Only a broker that others can reach needs a password."""
    text = f'[broker]\nmode = "external"\nhost = "{host}"'
    assert load_config(text).broker == BrokerConfig(BrokerMode.EXTERNAL, host=host)


def test_text_that_is_no_toml_is_one_fault() -> None:
    """A broken file is one fault that names its line."""
    assert faults_of("[hub\n") == [
        (
            "c.toml: is not TOML: Expected ']' at the end of a table declaration (at line 1,"
            " column 5); correct that line"
        )
    ]
