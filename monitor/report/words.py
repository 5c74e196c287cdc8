"""How the report writes numbers and lengths of time: short, exact, and never rounded in favour.

A length of time is cut to whole seconds, a value keeps the hundredths that it was sent with.

>>> duration(91_400), duration(3_720_000), duration(None)
('1 min 31 s', '1 h 2 min', 'not known')
>>> number(9_750), after(-900_000), after(2_460_000)
('97.5', 'T-15', 'T+41')
"""

__all__ = ["after", "cut", "duration", "minutes", "number", "pressure", "share", "times"]

_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000


def duration(ms: int | None, *, at_least: bool = False) -> str:
    """A length of time in at most two units; `at_least`: the clock was unknown in between."""
    if ms is None:
        return "not known"
    if ms >= _HOUR:
        text = _two(ms // _HOUR, "h", ms % _HOUR // _MINUTE, "min")
    elif ms >= _MINUTE:
        text = _two(ms // _MINUTE, "min", ms % _MINUTE // _SECOND, "s")
    else:
        text = f"{ms // _SECOND} s"
    return f"at least {text}" if at_least else text


def minutes(ms: int | None, *, at_least: bool = False) -> str:
    """Whole minutes, cut."""
    if ms is None:
        return "not known"
    return f"{'at least ' if at_least else ''}{ms // _MINUTE} min"


def after(ms: int | None) -> str:
    """Minutes from the first dose, cut towards it: `T+41`; empty without a dose."""
    if ms is None:
        return ""
    return f"T{'-' if ms < 0 else '+'}{abs(ms) // _MINUTE}"


def number(value_x100: int | None) -> str:
    """A value in its own unit."""
    return "-" if value_x100 is None else f"{value_x100 / 100:g}"


def pressure(sbp_x100: int, dbp_x100: int) -> str:
    """Systolic over diastolic, in mmHg."""
    return f"{number(sbp_x100)}/{number(dbp_x100)}"


def cut(text: str, most: int) -> str:
    r"""Text of at most so many characters; what was cut off shows.

    >>> cut("a long note", 6)
    'a lon\u2026'
    """
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "\u2026"


def share(part: int, whole: int) -> str:
    """Per cent with one decimal, cut and never rounded up; of nothing there is no share."""
    if whole <= 0:
        return "not known"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10} %"


def times(count: int, one: str, more: str = "") -> str:
    """A count with its word."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def _two(first: int, first_unit: str, second: int, second_unit: str) -> str:
    return f"{first} {first_unit}" + (f" {second} {second_unit}" if second else "")
