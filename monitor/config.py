r"""The hub's settings, read from the text of `config.toml`.

A missing key has the default that the shipped file shows; a wrong or unknown one is a fault, and
all faults are named together. Paths stay texts: the wiring resolves them against the file's folder.

This module never opens a file and holds no secret: keys ending in `_file` say where one is.

>>> load_config('[broker]\nmode = "none"').broker.mode
<BrokerMode.NONE: 'none'>
>>> load_config('[broker]\nport = 0')
Traceback (most recent call last):
monitor.config.ConfigError: config.toml: broker.port: 0 is too small; write a port from 1 to 65535
"""

import ipaddress
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from alerts.channel_settings import ChannelSettings
from monitor.channels_config import ChannelsConfig, check_channels, settings_of
from monitor.faults import Faults, FaultsError, convert, read_toml
from monitor.watch_config import WatchConfig, check_watch

__all__ = [
    "AlarmConfig",
    "BluetoothConfig",
    "BrokerConfig",
    "BrokerMode",
    "BrokerProgram",
    "Config",
    "ConfigError",
    "HubConfig",
    "LogConfig",
    "LogFormat",
    "LogLevel",
    "PatientsConfig",
    "PlansConfig",
    "PressureUnit",
    "RecordConfig",
    "RotaConfig",
    "load_config",
]

CONFIG_NAME = "config.toml"

Port = Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")]
WebPort = Annotated[
    int, Meta(ge=0, le=65535, description="a port from 1 to 65535, or 0 for no pages")
]
Origin = Annotated[
    str,
    Meta(
        pattern=r"\Ahttps?://[^/?#\s]+\Z",
        description='the beginning of a web address, like "https://hub.home:8765"',
    ),
]
HubName = Annotated[str, Meta(min_length=1, max_length=60)]
Language = Annotated[
    str, Meta(pattern=r"\A[a-z]{2,3}\Z", description='a language\'s code, like "en"')
]
FilePath = Annotated[
    str, Meta(max_length=4096, description="a path, or nothing between the quotes")
]
Folder = Annotated[str, Meta(min_length=1, max_length=4096, description="a folder's path")]
Host = Annotated[str, Meta(min_length=1, max_length=253, description="a host name or address")]


class ConfigError(FaultsError):
    """The settings cannot be used; `faults` names every reason at once."""


class BrokerMode(StrEnum):
    """Where MQTT comes from."""

    EMBEDDED = "embedded"
    EXTERNAL = "external"
    NONE = "none"


class BrokerProgram(StrEnum):
    """What the embedded broker is; iotcore is always installed, mosquitto is preferred."""

    MOSQUITTO = "mosquitto"
    IOTCORE = "iotcore"


class LogLevel(StrEnum):
    """The least important line that is still written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """Lines for people or for programs."""

    TEXT = "text"
    JSON = "json"


class PressureUnit(StrEnum):
    """In which unit people see and type blood pressures; the record is in mmHg."""

    MMHG = "mmHg"
    KPA = "kPa"


class HubConfig(Struct, frozen=True):
    """[hub]. `inbox_limit` counts events that wait; beyond it the broker is asked to hold back.

    `public_url` is where phones reach the pages; empty: `web_host` and `web_port` say it.
    `language` is one of monitor/texts/; `pressure_unit` is what people see, never what is recorded.
    """

    name: HubName = "Vigil hub"
    data_dir: Folder = "var"
    web_host: Host = "127.0.0.1"
    web_port: WebPort = 8765
    public_url: Annotated[str, Meta(max_length=300)] = ""
    origins: Annotated[tuple[Origin, ...], Meta(max_length=16)] = ()
    max_clients: Annotated[int, Meta(ge=1, le=1_000)] = 256
    tls: bool = False
    max_sessions: Annotated[int, Meta(ge=1, le=16)] = 16
    inbox_limit: Annotated[int, Meta(ge=100, le=100_000)] = 10_000
    language: Language = "en"
    pressure_unit: PressureUnit = PressureUnit.MMHG
    draft_language: bool = False


class BrokerConfig(Struct, frozen=True):
    """[broker]. `host`, `user` and `password_file` matter to an external broker only."""

    mode: BrokerMode = BrokerMode.EMBEDDED
    prefer: BrokerProgram = BrokerProgram.MOSQUITTO
    host: Host = "127.0.0.1"
    port: Port = 18883
    user: Annotated[str, Meta(max_length=200)] = ""
    password_file: FilePath = ""
    keepalive_s: Annotated[int, Meta(ge=5, le=60)] = 10


class RecordConfig(Struct, frozen=True):
    """[record]. Times in milliseconds; `batch_limit` counts records in one commit.

    `keep_days`: how long the record of a closed session is kept; 0: for ever. `key_file`: what new
    records are sealed with; empty: VIGIL_RECORD_PASSPHRASE, or nothing.
    """

    intent_wait_ms: Annotated[int, Meta(ge=0, le=1_000)] = 250
    stall_ms: Annotated[int, Meta(ge=500, le=10_000)] = 1_000
    keep_ms: Annotated[int, Meta(ge=60_000, le=3_600_000)] = 600_000
    batch_limit: Annotated[int, Meta(ge=1, le=4_096)] = 256
    keep_days: Annotated[int, Meta(ge=0, le=36_500)] = 0
    key_file: FilePath = ""


class AlarmConfig(Struct, frozen=True):
    """[alarm]. A webhook past its time has failed: the next way starts at once."""

    speaker: bool = True
    webhook_connect_ms: Annotated[int, Meta(ge=100, le=5_000)] = 2_000
    webhook_total_ms: Annotated[int, Meta(ge=200, le=10_000)] = 4_000
    webhook_token_file: FilePath = ""


class LogConfig(Struct, frozen=True):
    """[log]. For whoever keeps the machine; a session's record is another thing."""

    level: LogLevel = LogLevel.INFO
    format: LogFormat = LogFormat.TEXT


class PatientsConfig(Struct, frozen=True):
    """[patients]. One file a patient."""

    dir: Folder = "patients"


class PlansConfig(Struct, frozen=True):
    """[plans]. Plans beside the shipped ones."""

    dir: Folder = "plans"


class RotaConfig(Struct, frozen=True):
    """[rota]. One file a rota."""

    dir: Folder = "rota"


class BluetoothConfig(Struct, frozen=True):
    """[bluetooth]. `adapter`: BlueZ's name, like "hci0"; empty: the machine's first."""

    enabled: bool = True
    adapter: Annotated[str, Meta(pattern=r"\A(hci[0-9]{1,2})?\Z")] = ""


class Config(Struct, frozen=True):
    """Everything in `config.toml`; `Config()` is the shipped file."""

    hub: HubConfig = HubConfig()
    broker: BrokerConfig = BrokerConfig()
    bluetooth: BluetoothConfig = BluetoothConfig()
    record: RecordConfig = RecordConfig()
    alarm: AlarmConfig = AlarmConfig()
    log: LogConfig = LogConfig()
    patients: PatientsConfig = PatientsConfig()
    plans: PlansConfig = PlansConfig()
    rota: RotaConfig = RotaConfig()
    watch: WatchConfig = WatchConfig()
    channels: ChannelsConfig = ChannelsConfig()

    @property
    def ways(self) -> ChannelSettings:
        """The ways out of the house that these settings name."""
        alarm = self.alarm
        return settings_of(
            self.channels,
            alarm.webhook_connect_ms,
            alarm.webhook_total_ms,
            alarm.webhook_token_file,
        )


def load_config(text: str, where: str = CONFIG_NAME) -> Config:
    """Return the settings in `text`; `where` names the file in messages.

    Raises:
        ConfigError: with one line for every fault.
    """
    faults = Faults()
    mapping = read_toml(text, where, faults)
    config = None if mapping is None else convert(Config, mapping, where, faults)
    if config is not None:
        _check_together(config, where, faults)
    if config is None or faults:
        raise ConfigError(faults)
    return config


def _check_together(config: Config, where: str, faults: Faults) -> None:
    """Note settings that are right one by one and wrong beside each other."""
    check_watch(config.watch, where, faults)
    check_channels(config.channels, where, faults)
    broker = config.broker
    if broker.password_file and not broker.user:
        faults.add(
            f"{where}: broker.user", "is empty beside a password_file", "write the broker's user"
        )
    if broker.mode is BrokerMode.EXTERNAL and not _is_loopback(broker.host) and not broker.user:
        faults.add(
            f"{where}: broker.user",
            f"is empty while the broker {broker.host!r} is on the network",
            "write a user and a password_file",
        )
    if config.alarm.webhook_connect_ms > config.alarm.webhook_total_ms:
        faults.add(
            f"{where}: alarm.webhook_connect_ms",
            "is longer than webhook_total_ms",
            f"write at most {config.alarm.webhook_total_ms}",
        )
    if broker.mode is BrokerMode.EMBEDDED and broker.port == config.hub.web_port:
        faults.add(
            f"{where}: broker.port", "is the port of the pages as well", "write another port"
        )


def _is_loopback(host: str) -> bool:
    """Return whether `host` can only be this machine; of a name but localhost nobody can know."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
