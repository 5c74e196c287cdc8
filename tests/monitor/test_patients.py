"""A patient's file is right as a whole, or every reason why not is named."""

from pathlib import Path

import pytest

from alerts.contact import Contact, Role, Way
from devices.observation import DeviceKind, Mode
from monitor.ambulance import Ambulance
from monitor.patient import DeviceBinding, Health, OnCall, Patient
from monitor.patients import Enrolment, PatientError, read_patient

DEMO = Path(__file__).parents[2] / "patients" / "demo.toml"

PEOPLE = """
[[contacts]]
id = "c"
role = "companion"
name = "C"
ways = [{ channel = "console" }]
[[contacts]]
id = "p"
role = "physician"
name = "P"
ways = [{ channel = "webhook", address = "http://127.0.0.1:9/x" }]
"""


def head(patient_id: str = "a", mode: str = "demo") -> str:
    """Return the patient's own table."""
    return f'[patient]\nid = "{patient_id}"\nmode = "{mode}"\nname = "A"\nplan = "default"\n'


def faults_of(text: str) -> list[str]:
    """Return the faults that reading `a.toml` names."""
    with pytest.raises(PatientError) as caught:
        read_patient(text, "a")
    return list(caught.value.faults)


def test_the_demo_patient_is_complete() -> None:
    """The shipped patient has both devices and three people, and can open demo sessions only."""
    assert read_patient(DEMO.read_text(encoding="utf-8"), "demo") == Enrolment(
        patient=Patient(
            id="demo",
            name="Alex",
            emergency_number="112",
            athlete=False,
            devices=(
                DeviceBinding("demo-oximeter", DeviceKind.OXIMETER, interval_ms=1000, clock=True),
                DeviceBinding("demo-cuff", DeviceKind.CUFF, same_arm=False),
            ),
            contacts=(
                Contact("sam", Role.COMPANION, "Sam", (Way("console"),)),
                Contact("dr-lee", Role.PHYSICIAN, "Dr Lee", (Way("console"),)),
                Contact("dr-roy", Role.BACKUP, "Dr Roy", (Way("console"),)),
            ),
            ambulance=Ambulance(
                address="12 Mill Lane, Sampletown",
                entry="bell ROSE, second floor, the door opens outwards",
                allergies=("penicillin: rash",),
                medicines=("sertraline 50 mg in the morning",),
                conditions=("depression",),
                dose_mg=300,
            ),
        ),
        plan="default",
        mode=Mode.DEMO,
    )


def test_a_real_patient_may_be_told_by_an_outside_address() -> None:
    """Only a real session's people may be reached away from this machine."""
    text = head(mode="real") + PEOPLE.replace("http://127.0.0.1:9/x", "https://pager.example/x")
    assert read_patient(text, "a").patient.contacts[1].ways == (
        Way("webhook", "https://pager.example/x"),
    )


def test_a_demo_patient_cannot_name_an_outside_address() -> None:
    """A rehearsal's file that names a real person's address is refused before it is used."""
    text = head() + PEOPLE.replace("http://127.0.0.1:9/x", "https://pager.example/x")
    assert faults_of(text) == [
        (
            "a.toml: contacts[p].ways: a demo session may not reach pager.example by webhook:"
            " only this hub itself and loopback; use the console or an address on this machine"
        )
    ]


def test_faults_of_every_field_are_named_together() -> None:
    """Wrong words in every table are named in one reading."""
    text = """
    [patient]
    id = "A b"
    mode = "live"
    name = ""
    plan = "default"
    emergency_number = "call"
    [[devices]]
    id = "x y"
    kind = "ecg"
    interval_ms = 1
    [[contacts]]
    id = "c"
    role = "friend"
    nme = "C"
    """
    assert faults_of(text) == [
        (
            "a.toml: patient.id: 'A b' does not match \\A[a-z0-9][a-z0-9_-]{0,39}\\Z; write 1 to"
            " 40 small letters, digits, - and _, the first a letter or digit"
        ),
        "a.toml: patient.mode: got 'live'; write one of real, demo, test",
        "a.toml: patient.name: '' is too short; write a text of 1 to 60 characters",
        (
            "a.toml: patient.emergency_number: 'call' does not match \\A[0-9+][0-9 ]{1,19}\\Z;"
            " write a telephone number, digits and spaces"
        ),
        (
            "a.toml: devices[0 x y].id: 'x y' does not match \\A[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}\\Z"
            "; write 1 to 64 letters, digits and _ . : - (one level of an MQTT topic)"
        ),
        "a.toml: devices[0 x y].kind: got 'ecg'; write one of oximeter, cuff",
        (
            "a.toml: devices[0 x y].interval_ms: 1 is too small; write a whole number from 100"
            " to 60000"
        ),
        (
            "a.toml: contacts[0 c].role: got 'friend'; write one of patient, companion, physician,"
            " backup, viewer, admin"
        ),
        "a.toml: contacts[0 c].nme: unknown key; did you mean 'name'?",
        "a.toml: contacts[0 c].name: is missing; write a text of 1 to 60 characters",
    ]


def test_people_who_could_never_be_told_are_faults() -> None:
    """No companion, two physicians, no way, an unknown channel, an address that is none."""
    text = (
        head("b")
        + """
    [[devices]]
    id = "d"
    kind = "cuff"
    [[devices]]
    id = "d"
    kind = "cuff"
    [[contacts]]
    id = "p"
    role = "physician"
    name = "P"
    [[contacts]]
    id = "p"
    role = "physician"
    name = "Q"
    ways = [{ channel = "pigeon" }, { channel = "webhook", address = "pager" }]
    [[contacts]]
    id = "v"
    role = "viewer"
    name = "V"
    ways = [{ channel = "webhook", address = "http://[" }]
    """
    )
    assert faults_of(text) == [
        "a.toml: patient.id: is 'b'; write 'a'",
        "a.toml: devices: has 'd' twice; give each its own id",
        "a.toml: contacts: has 'p' twice; give each its own id",
        "a.toml: contacts: has no companion; add one person of that role",
        (
            "a.toml: contacts: has more than one physician; keep one of them, or name the rota"
            " that says whose turn it is as on_call.physician"
        ),
        "a.toml: contacts[p].ways: is empty: P could never be told; add a way",
        (
            "a.toml: contacts[p].ways: has the unknown channel 'pigeon';"
            " write one of console, page, webhook, ntfy, sms, voice, pagerduty, email, apprise"
        ),
        ("a.toml: contacts[p].ways: has 'pager' as a webhook's address; write a URL (https://...)"),
        (
            "a.toml: contacts[v].ways: has 'http://[' as a webhook's address;"
            " write a URL (https://...)"
        ),
    ]


def test_several_physicians_are_right_only_with_a_rota() -> None:
    """A rota says whose turn it is; it is named for its role alone, and never for companions."""
    more = PEOPLE + PEOPLE.replace('"p"', '"q"').replace('"c"', '"d"')
    assert faults_of(f'{head()}[on_call]\nphysician = "main"\n{more}') == [
        "a.toml: contacts: has more than one companion; keep one of them"
    ]
    assert faults_of(f'{head()}[on_call]\nphysician = "../main"\n{PEOPLE}') == [
        (
            "a.toml: on_call.physician: '../main' does not match \\A[a-z0-9][a-z0-9_-]{0,39}\\Z;"
            " write 1 to 40 small letters, digits, - and _, the first a letter or digit"
        )
    ]


@pytest.mark.parametrize(
    ("table", "on_call"),
    [
        ("", OnCall()),
        ('[on_call]\nphysician = "main"', OnCall(physician="main")),
        ('[on_call]\nphysician = "main"\nbackup = "second"', OnCall("main", "second")),
    ],
)
def test_a_session_knows_its_rotas_by_name(table: str, on_call: OnCall) -> None:
    """The names are copied into the session's first record."""
    second = PEOPLE.split("[[contacts]]")[2].replace('"p"', '"q"') if table else ""
    text = f"{head()}{table}\n{PEOPLE}" + (f"[[contacts]]{second}" if second else "")
    assert read_patient(text, "a").patient.on_call == on_call


def test_text_that_is_no_toml_is_one_fault() -> None:
    """A broken file is refused with its line."""
    assert faults_of("x") == [
        (
            "a.toml: is not TOML: Expected '=' after a key in a key/value pair (at end of"
            " document); correct that line"
        )
    ]


def test_a_session_knows_what_makes_rows_of_its_own() -> None:
    """The table `health` is optional and read strictly."""
    text = f"{head()}[health]\ninsulin = true\n{PEOPLE}"
    assert read_patient(text, "a").patient.health == Health(insulin=True)
    assert faults_of(f"{head()}[health]\ninsulin = 1\n{PEOPLE}") != []


def test_what_a_crew_must_know_is_optional_and_needs_an_address() -> None:
    """The table `ambulance` is read strictly; without an address it is worth nothing."""
    table = (
        '[ambulance]\naddress = "12 Mill Lane"\nentry = "bell B"\nallergies = ["latex"]\n'
        'medicines = ["zolpidem (sedative)"]\nconditions = ["asthma"]\ndose_mg = 300\n'
    )
    assert read_patient(f"{head()}{table}{PEOPLE}", "a").patient.ambulance == Ambulance(
        address="12 Mill Lane",
        entry="bell B",
        allergies=("latex",),
        medicines=("zolpidem (sedative)",),
        conditions=("asthma",),
        dose_mg=300,
    )
    assert read_patient(f"{head()}{PEOPLE}", "a").patient.ambulance is None
    for wrong in ('entry = "bell B"', 'address = ""', 'address = "x"\ndose_mg = 0'):
        assert faults_of(f"{head()}[ambulance]\n{wrong}\n{PEOPLE}") != []
