"""Asks the watcher outside how far it knows a hub's records, for `vigil verify --watcher`.

One signed letter, one signed answer that repeats the letter's own word: an answer to an older
question, or one of a stranger on the line, is refused. Judges no record.

    heads = ask_heads("https://watcher.example:8790", "home", secret)     -> {mark: RecordHead}
"""

import secrets
import ssl
from typing import Final

import httpx
import msgspec

from alerts.lease import is_signed, sign
from alerts.record_heads import (
    ASK,
    ASK_PATH,
    TOLD,
    HeadsAsked,
    HeadsError,
    RecordHead,
    read_told,
)

__all__ = ["ask_heads"]

_TOTAL_S: Final = 10.0
_MAX_ANSWER_BYTES: Final = 256 * 1024


def ask_heads(url: str, hub: str, secret: bytes, ca_file: str = "") -> dict[str, RecordHead]:
    """Return what the watcher knows, by mark.

    Raises:
        HeadsError: there is no answer, or none that proves itself; the message says why.
        OSError: `ca_file` cannot be read.
    """
    asked = HeadsAsked(hub, secrets.token_hex(16))
    body = msgspec.json.encode(asked)
    headers = {"Vigil-Hub": hub, "Vigil-Signature": sign(secret, ASK, body)}
    verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=ca_file) if ca_file else True
    try:
        with httpx.Client(verify=verify, timeout=_TOTAL_S, trust_env=False) as client:
            answer = client.post(url.rstrip("/") + ASK_PATH, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise HeadsError(f"the watcher at {url} gives no answer: {error}") from error
    if answer.status_code != httpx.codes.OK or len(answer.content) > _MAX_ANSWER_BYTES:
        raise HeadsError(
            f"the watcher at {url} refuses (http {answer.status_code}): is it of this version, and"
            " does it know this hub with this secret?"
        )
    signature = answer.headers.get("Vigil-Signature", "")
    if not is_signed(secret, TOLD, answer.content, signature):
        raise HeadsError(f"the answer of {url} is not signed with the secret that the two share")
    told = read_told(answer.content)
    if (told.hub, told.nonce) != (asked.hub, asked.nonce):
        raise HeadsError(f"the answer of {url} belongs to another question")
    return {head.mark: head for head in told.heads}
