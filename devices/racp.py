"""The record access control point (2A52): asking a device for what it has stored.

Operations: 1 report, 2 delete, 3 abort, 4 count, 5 the count, 6 the answer. Layout: Bluetooth SIG,
GATT Specification Supplement, Record Access Control Point.

The hub asks for no record: a cuff sends its memory by itself when it is subscribed to, and what it
sends is kept and never judged as live. Nothing is ever deleted. The codec is here for whoever reads
a device's memory out with a tool.

>>> decode_racp(bytes.fromhex("06000106")).answer
<Answer.NO_RECORDS: 6>
"""

from enum import IntEnum

from msgspec import Struct

from devices.gatt_bytes import Cursor, bad_frame, u16

__all__ = ["ABORT", "COUNT_ALL", "REPORT_ALL", "Answer", "Op", "Racp", "decode_racp", "encode_racp"]


class Op(IntEnum):
    """What is asked or answered."""

    REPORT = 1
    DELETE = 2
    ABORT = 3
    COUNT = 4
    NUMBER = 5
    RESPONSE = 6


class Answer(IntEnum):
    """What became of an operation."""

    SUCCESS = 1
    NOT_SUPPORTED = 2
    INVALID_OPERATOR = 3
    OPERATOR_NOT_SUPPORTED = 4
    INVALID_OPERAND = 5
    NO_RECORDS = 6
    ABORT_UNSUCCESSFUL = 7
    NOT_COMPLETED = 8
    OPERAND_NOT_SUPPORTED = 9


class Racp(Struct, frozen=True):
    """One message either way. `count` belongs to NUMBER; `asked` and `answer` to RESPONSE."""

    op: Op
    operator: int = 0
    count: int | None = None
    asked: int | None = None
    answer: Answer | None = None
    operand: bytes = b""


_ALL = 1
REPORT_ALL = Racp(Op.REPORT, _ALL)
COUNT_ALL = Racp(Op.COUNT, _ALL)
ABORT = Racp(Op.ABORT)


def decode_racp(data: bytes) -> Racp:
    """Return one message.

    Raises:
        Malformed: reason `frame`: too short, too long, or a number without a meaning.
    """
    cursor = Cursor(data, "2A52")
    code = cursor.u8("operation")
    operator = cursor.u8("operator")
    if code not in tuple(Op):
        raise bad_frame(f"2A52: operation {code} has no meaning ({data.hex()})")
    op = Op(code)
    if op is Op.NUMBER:
        found = Racp(op, operator, count=cursor.u16("number of records"))
    elif op is Op.RESPONSE:
        asked, answer = cursor.u8("asked operation"), cursor.u8("answer")
        if answer not in tuple(Answer):
            raise bad_frame(f"2A52: answer {answer} has no meaning ({data.hex()})")
        found = Racp(op, operator, asked=asked, answer=Answer(answer))
    else:
        found = Racp(op, operator, operand=cursor.rest())
    cursor.end()
    return found


def encode_racp(said: Racp) -> bytes:
    """Return the bytes of one message."""
    out = bytes((said.op, said.operator))
    if said.count is not None:
        return out + u16(said.count)
    if said.asked is not None and said.answer is not None:
        return out + bytes((said.asked, said.answer))
    return out + said.operand
