"""Small charts of characters."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

BARS = "▁▂▃▄▅▆▇█"
UNSEEN = "×"


def sparkline(numbers: Sequence[int | None], colour: str = "cyan") -> Text:
    """A bar for each number, as high as the largest allows; none is a dot, what nobody saw a cross."""
    line = Text()
    most = max((number for number in numbers if number), default=1)
    for number in numbers:
        if number is None:
            line.append(UNSEEN, "red")
        elif number == 0:
            line.append("·", "dim")
        else:
            line.append(BARS[min(len(BARS) - 1, len(BARS) * number // (most + 1))], colour)
    return line


def stacked(parts: Sequence[tuple[int, str]], most: int, width: int) -> Text:
    """One bar of several colours, `most` being the full width; whatever is not zero is seen."""
    bar = Text()
    whole = round(width * sum(number for number, _ in parts) / max(most, 1))
    seen = [(number, colour) for number, colour in parts if number]
    spare = max(0, whole - len(seen))  # each has one place, the rest goes by size
    total = sum(number for number, _ in seen)
    done = used = 0
    for number, colour in seen:
        done += number
        length = round(spare * done / total) - used
        used += length
        bar.append("█" * (1 + length), colour)
    return bar
