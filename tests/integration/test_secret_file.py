"""A secret comes from its file or the environment; a fault names the file, never the secret."""

from pathlib import Path

import pytest

from alerts.channel_settings import SecretPlace
from alerts.secret_file import (
    SecretError,
    address_of,
    file_of,
    read_secret,
    read_secrets,
)

pytestmark = pytest.mark.integration


def why(path: Path) -> str:
    """Return what is said of a file without a usable secret, with its folder left out."""
    with pytest.raises(SecretError) as told:
        read_secret(path)
    return str(told.value).replace(str(path), "FILE")


def test_a_secret_is_one_line_of_visible_ascii(tmp_path: Path) -> None:
    """The line's end is no part of it."""
    path = tmp_path / "token"
    path.write_text("s3cret\n")
    assert read_secret(path) == "s3cret"


def test_a_file_that_holds_no_secret_is_named_and_its_content_is_not(tmp_path: Path) -> None:
    """Missing, empty, with spaces, with lines, too long, or in another alphabet."""
    path = tmp_path / "token"
    missing = why(path)
    told = []
    for content in (b"", b"my secret", b"my\nsecret", b"s" * 5000, b"\xff"):
        path.write_bytes(content)
        told.append(why(path))
    advice = "write one line without spaces to it"
    unsendable = f"the secret's file FILE holds no secret that can be sent: {advice}"
    assert [missing, *told] == [
        "the secret's file FILE cannot be read (No such file or directory): write the secret to it",
        f"the secret's file FILE holds no secret: {advice}",
        unsendable,
        unsendable,
        unsendable,
        "the secret's file FILE cannot be read (it is not ASCII): write the secret to it",
    ]


def test_an_address_is_itself_or_what_its_file_holds(tmp_path: Path) -> None:
    """`file:` is read from the settings' folder; every other address is left as it is."""
    (tmp_path / "topic").write_text("ann-7f3\n")
    assert (
        address_of("https://pager.example/x", tmp_path),
        address_of("file:topic", tmp_path),
        file_of("+15550100", tmp_path),
        file_of("file:topic", tmp_path),
    ) == ("https://pager.example/x", "ann-7f3", None, tmp_path / "topic")


def test_secrets_come_from_files_first_and_from_the_environment_else(tmp_path: Path) -> None:
    """One that nobody needs may be missing."""
    (tmp_path / "t").write_text("from-file")
    places = [
        SecretPlace("twilio", "channels.twilio.token_file", "t", "VIGIL_TWILIO_TOKEN", needed=True),
        SecretPlace("email", "channels.email.password_file", "", "VIGIL_EMAIL", needed=True),
        SecretPlace("ntfy", "channels.ntfy.token_file", "", "VIGIL_NTFY", needed=False),
    ]
    environ = {"VIGIL_TWILIO_TOKEN": "other", "VIGIL_EMAIL": "from-environment\n"}
    assert read_secrets(places, tmp_path, environ) == {
        "twilio": "from-file",
        "email": "from-environment",
    }


def test_every_secret_that_cannot_be_had_is_named_at_once(tmp_path: Path) -> None:
    """A missing file, a missing variable and a wrong variable are three lines."""
    places = [
        SecretPlace("twilio", "a_file", "none", "VIGIL_A", needed=True),
        SecretPlace("email", "b_file", "", "VIGIL_B", needed=True),
        SecretPlace("ntfy", "c_file", "", "VIGIL_C", needed=False),
    ]
    with pytest.raises(SecretError) as told:
        read_secrets(places, tmp_path, {"VIGIL_C": "two words"})
    assert str(told.value).replace(str(tmp_path), "BASE").splitlines() == [
        (
            "a_file: the secret's file BASE/none cannot be read (No such file or directory):"
            " write the secret to it"
        ),
        "b_file: is empty and VIGIL_B is not set: name the file that holds the secret of email",
        "c_file: VIGIL_C holds no secret that can be sent: set it to one line without spaces",
    ]
