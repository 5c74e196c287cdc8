"""The files of a demonstration are ones that the hub accepts."""

from alerts.contact import Role
from devices.observation import Mode
from monitor.config import AlarmConfig, BrokerConfig, HubConfig, load_config
from monitor.patients import read_patient
from simulators.demo_files import PATIENT_ID, config_text, patient_text
from simulators.world import COMPANION, CUFF, OXIMETER, PHYSICIAN


def test_the_settings_load() -> None:
    """An embedded broker on the given port, sound as asked, all else as shipped."""
    config = load_config(config_text(broker_port=20001, web_port=20002, speaker=False))
    assert (config.hub, config.broker, config.alarm) == (
        HubConfig(name="Vigil demonstration", web_port=20002),
        BrokerConfig(port=20001),
        AlarmConfig(speaker=False),
    )


def test_sound_can_be_asked_for() -> None:
    """With a person at the terminal the room may hear the alarms."""
    assert load_config(config_text(broker_port=1, web_port=2, speaker=True)).alarm.speaker


def test_a_patient_whose_devices_are_reached_by_bluetooth() -> None:
    """Each has its address and a standard model."""
    addresses = ("C0:00:00:00:00:01", "C0:00:00:00:00:02")
    devices = read_patient(patient_text(addresses), PATIENT_ID).patient.devices
    assert [(one.address, one.model) for one in devices] == [
        (addresses[0], "standard-oximeter"),
        (addresses[1], "standard-cuff"),
    ]


def test_the_patient_is_the_one_of_the_simulated_world() -> None:
    """Mode demo; devices and people have the names under which the world sends."""
    enrolment = read_patient(patient_text(), PATIENT_ID)
    contacts = {contact.role: contact.id for contact in enrolment.patient.contacts}
    assert (
        enrolment.mode,
        [device.id for device in enrolment.patient.devices],
        contacts[Role.COMPANION],
        contacts[Role.PHYSICIAN],
    ) == (Mode.DEMO, [OXIMETER, CUFF], COMPANION, PHYSICIAN)
