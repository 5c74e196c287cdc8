"""What a page asks for once, and the answer: lines of before, the plan in force, the sheet.

What is asked for once is not in the state that every screen gets each second, because it is long or
not for everybody. A question changes nothing and is no order.

>>> Ask("q1", "s1", "past", 200).before
200
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from devices.topic import Name
from monitor.plan_views import RuleView
from monitor.sheet_views import SheetView

__all__ = ["Ask", "Told"]

LineNumber = Annotated[int, Meta(ge=0, le=2**53)]
Line = Annotated[dict[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/Line"})]


class Ask(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="ask"):
    """Ask for `past` lines before line `before`, the `plan` in force, or the ambulance's `sheet`.

    The sheet is for the companion, the physician and the backup; `ref` comes back in the answer.
    """

    ref: Annotated[str, Meta(max_length=64)]
    session: Name
    what: Literal["past", "plan", "sheet"]
    before: LineNumber = 0


class Told(Struct, frozen=True, kw_only=True, tag_field="type", tag="told"):
    """The answer to a question; an `error` when it may not be asked, or the session is not there.

    Up to 200 `lines`, oldest first, from line `first_line` on; before line 0, or where they are no
    longer kept, there are none.
    """

    ref: str
    error: str | UnsetType = UNSET
    first_line: int | UnsetType = UNSET
    lines: list[Line] | UnsetType = UNSET
    rules: tuple[RuleView, ...] | UnsetType = UNSET
    sheet: SheetView | UnsetType = UNSET
