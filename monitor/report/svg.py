"""A picture of one session as SVG text: axes, lines of one pixel's lowest and highest, bands.

One `Frame` says which hub times and which values lie where; every part is drawn into it. A column
of pixels shows the lowest, the median and the highest of its samples, so that no dip is smoothed
away; a line is never drawn over time without a valid sample. Text is escaped. No clinical word.

>>> Frame(0, 60_000, 80, 100, 640, 100).x(30_000)
320.0
"""

from collections.abc import Sequence
from html import escape

from msgspec import Struct

__all__ = ["STYLE", "Frame", "column", "line", "rect", "runs", "text"]

Sample = tuple[int, int]

# Inside each picture: what makes a PDF reads no style from outside it.
STYLE = (
    "text{font:8px 'DejaVu Sans','Liberation Sans',Arial,sans-serif;fill:#3b4a59}"
    ".scale{text-anchor:end}.tick{text-anchor:middle}.plate{fill:#fff;opacity:.85}.lane{fill:#16202b;font-size:7.5px}"
    "text.dose{fill:#6d28d9}line.dose{stroke:#6d28d9;stroke-width:1.2}"
    ".frame{fill:none;stroke:#9aa7b4}.grid{stroke:#e1e6eb;stroke-width:.6}"
    ".limit{stroke:#b00020;stroke-dasharray:4 2;stroke-width:.9}"
    ".gap{fill:#c9d1d8}.check{fill:#1d4ed8}.cuff{fill:none;stroke:#16202b;stroke-width:1.1}"
    ".band.high{fill:#f5b5b5}.band.medium{fill:#ffe9a3}.band.low{fill:#dbeff3}"
    ".bar.high{fill:#d40000}.bar.medium{fill:#eab308}.bar.low{fill:#5aa9b8}.latched{opacity:.35}"
    ".answer{stroke:#16202b;stroke-width:1.6}"
    ".spo2{fill:none;stroke:#0e6f84}.spo2-band{fill:#0e6f84;fill-opacity:.3}"
    ".pulse{fill:none;stroke:#15803d}.pulse-band{fill:#15803d;fill-opacity:.3}"
    "line.value{stroke:#0e6f84;stroke-width:1.2}circle.value{fill:#0e6f84}"
    "line.second{stroke:#b45309;stroke-width:1.2}circle.second{fill:#b45309}"
)
"""How the parts of a picture look, by their classes."""


class Frame(Struct, frozen=True):
    """Hub times `from_ms`..`to_ms` over `width`, values `low`..`high` over `height`, in pixels."""

    from_ms: int
    to_ms: int
    low: float
    high: float
    width: int
    height: int

    @property
    def span_ms(self) -> int:
        """How long the frame is; never nothing."""
        return max(1, self.to_ms - self.from_ms)

    def x(self, at_ms: int) -> float:
        """Where a time lies, kept inside the frame."""
        inside_ms = min(max(at_ms, self.from_ms), self.to_ms) - self.from_ms
        return round(inside_ms * self.width / self.span_ms, 1)

    def y(self, value: float) -> float:
        """Where a value lies, kept inside the frame."""
        inside = min(max(value, self.low), self.high) - self.low
        return round(self.height - inside * self.height / (self.high - self.low), 1)


def rect(x: float, y: float, width: float, height: float, name: str, title: str = "") -> str:
    """A filled box of the class `name`; `title` is what a pointer over it reads."""
    inside = f"<title>{escape(title)}</title>" if title else ""
    size = f'x="{x:g}" y="{y:g}" width="{max(width, 0.8):g}" height="{height:g}"'
    return f'<rect {size} class="{name}">{inside}</rect>'


def line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    """A straight line of the class `name`."""
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{name}"/>'


def text(x: float, y: float, words: str, name: str) -> str:
    """Words at a place, escaped."""
    return f'<text x="{x:g}" y="{y:g}" class="{name}">{escape(words)}</text>'


def runs(frame: Frame, samples: Sequence[Sample], hold_ms: int, name: str) -> str:
    """The samples as one band and one line for each stretch without a gap of over `hold_ms`."""
    parts: list[str] = []
    stretch: list[tuple[int, list[int]]] = []
    last_ms: int | None = None
    for at_ms, value in samples:
        if not frame.from_ms <= at_ms <= frame.to_ms:
            continue
        if last_ms is not None and at_ms - last_ms > hold_ms:
            parts.append(_stretch(frame, stretch, name))
            stretch = []
        pixel = (at_ms - frame.from_ms) * frame.width // frame.span_ms
        if not stretch or stretch[-1][0] != pixel:
            stretch.append((pixel, []))
        stretch[-1][1].append(value)
        last_ms = at_ms
    return "".join([*parts, _stretch(frame, stretch, name)])


def column(values: Sequence[int]) -> tuple[int, int, int]:
    """The lowest, the lower median and the highest of one column's values.

    >>> column([97, 88, 96])
    (88, 96, 97)
    """
    ordered = sorted(values)
    return ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1]


def _stretch(frame: Frame, columns: Sequence[tuple[int, list[int]]], name: str) -> str:
    if not columns:
        return ""
    tops, middles, bottoms = [], [], []
    for pixel, values in columns:
        low, middle, high = column(values)
        tops.append(f"{pixel},{frame.y(high / 100):g}")
        middles.append(f"{pixel},{frame.y(middle / 100):g}")
        bottoms.append(f"{pixel},{frame.y(low / 100):g}")
    if len(columns) == 1:
        # A single column would be a line without length.
        middles.append(f"{columns[0][0] + 1},{middles[0].split(',')[1]}")
    area = " ".join([*tops, *reversed(bottoms)])
    return (
        f'<polygon points="{area}" class="{name}-band"/>'
        f'<polyline points="{" ".join(middles)}" class="{name}"/>'
    )
