"""The files of one demonstration: settings and a patient, written fresh for each run.

The patient's mode is `demo`, so that no configuration lets it reach a real person, and its
oximeter has no clock: a demonstration may run faster than any device's clock would.

It writes nothing itself; `hub_process` puts the texts into a folder of their own.

>>> 'name = "Alex"' in patient_text()
True
"""

__all__ = ["LINKS", "PATIENT_ID", "config_text", "patient_text"]

PATIENT_ID = "demo"
LINKS = (
    ("wall", "wall", "viewer"),
    ("companion", "sam", ""),
    ("patient", PATIENT_ID, ""),
    ("physician", "dr-lee", ""),
)
"""Pages to open: what it is, who is invited, and the role of a guest."""


def config_text(*, broker_port: int, web_port: int, speaker: bool) -> str:
    """Return `config.toml` for a hub that starts its own broker on this machine only.

    Folders are relative to the file. Ports are 1..65535.
    """
    return f"""\
[hub]
name = "Vigil demonstration"
data_dir = "var"
web_host = "127.0.0.1"
web_port = {web_port}

[broker]
mode = "embedded"
port = {broker_port}

[alarm]
speaker = {"true" if speaker else "false"}

[log]
level = "warning"

[patients]
dir = "patients"
"""


def patient_text(addresses: tuple[str, str] | None = None) -> str:
    """Return the demonstration's patient file: Alex, two devices, three people on the console.

    `addresses`: of an oximeter and a cuff that are reached by Bluetooth.
    """
    oximeter, cuff = (
        (_reached(addresses[0], "standard-oximeter"), _reached(addresses[1], "standard-cuff"))
        if addresses is not None
        else ("", "")
    )
    return f"""\
[patient]
id = "{PATIENT_ID}"
mode = "demo"
name = "Alex"
plan = "default"

[[devices]]
id = "demo-oximeter"
kind = "oximeter"
interval_ms = 1000
clock = false
{oximeter}
[[devices]]
id = "demo-cuff"
kind = "cuff"
clock = false
{cuff}
[[contacts]]
id = "sam"
role = "companion"
name = "Sam"
ways = [{{ channel = "console" }}]

[[contacts]]
id = "dr-lee"
role = "physician"
name = "Dr Lee"
ways = [{{ channel = "console" }}]

[[contacts]]
id = "dr-roy"
role = "backup"
name = "Dr Roy"
ways = [{{ channel = "console" }}]
"""


def _reached(address: str, model: str) -> str:
    return f'address = "{address}"\nmodel = "{model}"\n'
