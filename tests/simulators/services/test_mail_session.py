"""The fake mail server holds a client to the order and the syntax of RFC 5321."""

import base64

import pytest

from simulators.services.mail_session import PASSWORD, USER, Mail, MailSession, Next, Rules


def talk(session: MailSession, *commands: str) -> list[str]:
    """Say each command; return the first word of the last line of each reply."""
    return [session.line(command.encode())[-1].split()[0] for command in commands]


LOGIN = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()


def test_a_mail_in_the_right_order_is_taken() -> None:
    """Two recipients, then another mail on the same connection, then the farewell."""
    session = MailSession(Rules())
    said = [*session.greeting(), *talk(session, "EHLO x", "MAIL FROM:<a@b> SIZE=5")]
    said += talk(session, "RCPT TO:<c@d>", "RCPT TO:<e@f>", "DATA")
    states = [session.next]
    said += session.content(b"hello\r\n")
    states.append(session.next)
    said += talk(session, "MAIL FROM:<a@b>", "RSET", "QUIT")
    states.append(session.next)
    assert (said, states, session.mails, session.unexpected) == (
        ["220 mail.test ready", *["250"] * 4, "354", "250 2.0.0 taken", "250", "250", "221"],
        [Next.DATA, Next.COMMAND, Next.CLOSE],
        [Mail("a@b", ("c@d", "e@f"), b"hello\r\n", private=False)],
        [],
    )


@pytest.mark.parametrize(
    ("commands", "replies"),
    [
        (("MAIL FROM:<a@b>",), ["503"]),
        (("EHLO x", "RCPT TO:<a@b>"), ["250", "503"]),
        (("EHLO x", "DATA"), ["250", "503"]),
        (("EHLO x", "MAIL FROM: a@b"), ["250", "503"]),
        (("EHLO x", "MAIL FROM:<a@b>", "MAIL FROM:<a@b>"), ["250", "250", "503"]),
        (("EHLO x", "MAIL FROM:<a@b>", "RCPT TO: c"), ["250", "250", "503"]),
        (("EHLO x", "HELP"), ["250", "500"]),
        (("EHLO x", "STARTTLS"), ["250", "502"]),
        (("EHLO x", "AUTH PLAIN abcd"), ["250", "504"]),
    ],
)
def test_what_is_out_of_order_is_refused_and_kept(
    commands: tuple[str, ...], replies: list[str]
) -> None:
    """The last command of each is one that no client may say there."""
    session = MailSession(Rules())
    assert (talk(session, *commands), len(session.unexpected)) == (replies, 1)


def test_a_login_comes_before_mail() -> None:
    """A wrong password is an answer; what cannot be decoded, or no mechanism, is unexpected."""
    session = MailSession(Rules(login=True))
    wrong = base64.b64encode(b"\0a\0b").decode()
    said = talk(session, "EHLO x", "MAIL FROM:<a@b>", "AUTH PLAIN !", "AUTH LOGIN", "AUTH PLAIN")
    said += talk(session, f"AUTH PLAIN {wrong}", f"AUTH PLAIN {LOGIN}", "MAIL FROM:<a@b>")
    assert (said, len(session.unexpected)) == (
        ["250", "503", "501", "504", "504", "535", "235", "250"],
        4,
    )


def test_an_upgrade_begins_the_conversation_anew() -> None:
    """It is offered once, and what was said before counts no more."""
    session = MailSession(Rules(starttls=True))
    offered = [session.line(b"EHLO x")]
    said = talk(session, "STARTTLS")
    upgrade = session.next
    session.secured()
    offered.append(session.line(b"EHLO x"))
    said += talk(session, "STARTTLS", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA")
    session.content(b"")
    assert (offered, said, upgrade, [mail.private for mail in session.mails]) == (
        [
            ["250-mail.test", "250-STARTTLS", "250 SIZE 1000000"],
            ["250-mail.test", "250 SIZE 1000000"],
        ],
        ["220", "502", "250", "250", "354"],
        Next.TLS,
        [True],
    )


def test_a_refusal_that_is_ordered_takes_the_place_of_the_reply() -> None:
    """By verb, also for the greeting and for what comes after DATA."""
    rules = Rules(replies={"GREETING": "421 no", "RCPT": "550 no", "CONTENT": "452 no"})
    session = MailSession(rules)
    said = [session.greeting()[0].split()[0]]
    said += talk(session, "EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<c@d>")
    said.append(session.content(b"")[0].split()[0])
    assert (said, session.mails) == (["421", "250", "250", "550", "452"], [])
