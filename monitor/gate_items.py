"""The items of the gate before the dose, as a plan writes them: words, questions, values, proofs.

An item is passed by a person's word, by answers to its questions, by a value together with a word,
or by a proof alone. Values only; what follows is decided in `monitor/protocol.py` and
`monitor/measured.py`.

>>> GateAsk(id="alcohol", words="Any alcohol today?", wrong="stop", good=False).level
0
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

__all__ = ["GateAsk", "GateItem"]

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", description="small letters, digits, _")]
Words = Annotated[str, Meta(min_length=1, max_length=200)]


class GateAsk(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One yes-or-no question of an item. `good`: the answer that speaks for the dose.

    `wrong`: what the other answer does. `level`: from 1 on a level of ideation; a wrong answer up
    to the level of the patient's file is not new.
    """

    id: Id
    words: Words
    wrong: Literal["hold", "stop"]
    good: bool = True
    level: Annotated[int, Meta(ge=0, le=6)] = 0


class GateItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item of the gate before the dose: what must be so, in words for the companion.

    `stop_final`: a stop of it stands for the whole session, and nobody can take it back. `proof`:
    no word passes it, only the rehearsal or the counted sound. `measure`: a word and this value do.
    `ask`: questions; answered well they pass the item, and no word passes it against them.
    `by`: only the person of this role passes it. `only`: it is there for such patients alone.
    `private`: who answered is shown, never what.
    """

    id: Id
    words: Words
    stop_final: bool = False
    proof: Literal["rehearsal", "sound"] | None = None
    measure: Literal["pressure", "pulse", "spo2", "awake", "devices", "glucose"] | None = None
    ask: tuple[GateAsk, ...] = ()
    only: Literal["insulin"] | None = None
    by: Literal["companion"] | None = None
    private: bool = False
