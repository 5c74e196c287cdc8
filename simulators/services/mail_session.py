"""One conversation with a mail server, line by line, as RFC 5321 has it; no socket in it.

It is strict about order and syntax, because a client that a lenient server lets through fails at a
strict one: what is out of order is answered with 503 and kept in `unexpected`. A server's refusals
are given by verb, so that a test says `{"RCPT": "550 5.1.1 unknown"}`. RFC 3207 (STARTTLS) and
RFC 4954 (AUTH) in the parts that a hub uses.

>>> session = MailSession(Rules())
>>> session.line(b"EHLO [127.0.0.1]")[-1]
'250 SIZE 1000000'
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

__all__ = ["PASSWORD", "USER", "Mail", "MailSession", "Next", "Rules"]

USER: Final = "hub"
PASSWORD: Final = "fake-mail-password"  # noqa: S105 - opens nothing

_MAIL: Final = re.compile(r"FROM:<([^<>\s]+)>( SIZE=\d+)?", re.IGNORECASE)
_RCPT: Final = re.compile(r"TO:<([^<>\s]+)>", re.IGNORECASE)
_OUT_OF_ORDER: Final = "503 5.5.1 bad sequence of commands"


class Next(StrEnum):
    """What the connection does after a reply."""

    COMMAND = "command"
    DATA = "data"
    TLS = "tls"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a server offers and refuses.

    `starttls` and `login` are offered in the answer to EHLO; with `login` nobody sends mail before
    it. `replies` are given to a verb instead of its own (`GREETING` and `CONTENT` are verbs too).
    """

    starttls: bool = False
    login: bool = False
    replies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that was taken."""

    sender: str
    to: tuple[str, ...]
    content: bytes
    private: bool


class MailSession:
    """One client's conversation.

    Attributes:
        next: what the connection does after the last reply.
        mails: what was taken; `unexpected` is what no client may say.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._greeted = self._private = self._known = False
        self._sender = ""
        self._to: list[str] = []
        self.next = Next.COMMAND
        self.mails: list[Mail] = []
        self.unexpected: list[str] = []

    def greeting(self) -> list[str]:
        """Return the lines with which the server begins."""
        return [self._rules.replies.get("GREETING", "220 mail.test ready")]

    def secured(self) -> None:
        """Everything before the upgrade is forgotten (RFC 3207 section 4.2)."""
        self._private, self._greeted, self._known = True, False, False
        self.next = Next.COMMAND

    def line(self, line: bytes) -> list[str]:
        """Answer one command."""
        verb, _, rest = line.decode("ascii", "replace").partition(" ")
        verb = verb.upper()
        self.next = Next.CLOSE if verb == "QUIT" else Next.COMMAND
        if verb in self._rules.replies:
            return [self._rules.replies[verb]]
        if verb == "QUIT":
            return ["221 2.0.0 bye"]
        if verb == "EHLO":
            return self._hello()
        if not self._greeted:
            return self._refuse(line, _OUT_OF_ORDER)
        commands = {
            "STARTTLS": self._starttls,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._reset,
        }
        if verb not in commands:
            return self._refuse(line, "500 5.5.2 unknown command")
        return [commands[verb](rest)]

    def content(self, content: bytes) -> list[str]:
        """Take what came between DATA and the lone dot, with the dots already taken off."""
        self.next = Next.COMMAND
        if "CONTENT" in self._rules.replies:
            return [self._rules.replies["CONTENT"]]
        self.mails.append(Mail(self._sender, tuple(self._to), content, self._private))
        self._reset("")
        return ["250 2.0.0 taken"]

    def _hello(self) -> list[str]:
        self._greeted = True
        offers = ["mail.test"]
        if self._rules.starttls and not self._private:
            offers.append("STARTTLS")
        if self._rules.login:
            offers.append("AUTH PLAIN")
        offers.append("SIZE 1000000")
        return [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]

    def _starttls(self, _: str) -> str:
        if not self._rules.starttls or self._private:
            return self._refuse(b"STARTTLS", "502 5.5.1 not offered")[0]
        self.next = Next.TLS
        return "220 2.0.0 go ahead"

    def _auth(self, rest: str) -> str:
        mechanism, _, given = rest.partition(" ")
        if not self._rules.login or mechanism.upper() != "PLAIN" or not given:
            return self._refuse(b"AUTH", "504 5.5.4 not offered")[0]
        try:
            said = base64.b64decode(given, validate=True)
        except binascii.Error:
            return self._refuse(b"AUTH", "501 5.5.2 cannot decode")[0]
        self._known = said == f"\0{USER}\0{PASSWORD}".encode()
        return "235 2.7.0 welcome" if self._known else "535 5.7.8 not known"

    def _mail(self, rest: str) -> str:
        said = _MAIL.fullmatch(rest)
        if said is None or self._sender or (self._rules.login and not self._known):
            return self._refuse(b"MAIL", _OUT_OF_ORDER)[0]
        self._sender = said[1]
        return "250 2.1.0 ok"

    def _rcpt(self, rest: str) -> str:
        said = _RCPT.fullmatch(rest)
        if said is None or not self._sender:
            return self._refuse(b"RCPT", _OUT_OF_ORDER)[0]
        self._to.append(said[1])
        return "250 2.1.5 ok"

    def _data(self, _: str) -> str:
        if not self._to:
            return self._refuse(b"DATA", _OUT_OF_ORDER)[0]
        self.next = Next.DATA
        return "354 end with a dot"

    def _reset(self, _: str) -> str:
        self._sender, self._to = "", []
        return "250 2.0.0 ok"

    def _refuse(self, line: bytes, reply: str) -> list[str]:
        self.unexpected.append(f"{line[:40]!r}: {reply}")
        return [reply]
