"""The chart of docs/scheduling.md: what is found in time, what that costs, and who is looked at how often."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from schedule_year import CLASSES, INTERVALS, LEARNED, Tallies, Tally, together

mpl.rcParams |= {
    "svg.hashsalt": "schedule-year",  # the same ids, and so the same file, each time
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
FIXED_COLOUR, LEARNED_COLOUR = "#7a869a", "#c2410c"


def draw(tallies: Tallies, days: int, file: Path) -> None:
    """Write the chart as an SVG file."""
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _found(left, tallies)
    _looks(right, tallies, days)
    figure.savefig(file, metadata={"Date": None})


def _found(axes: Axes, tallies: Tallies) -> None:
    fixed = {name: _point(together(tallies, name)) for name in INTERVALS}
    axes.plot(*zip(*fixed.values(), strict=True), "o-", color=FIXED_COLOUR, label="fixed intervals")
    for name, at in fixed.items():
        offset, side = ((8, -9), "left") if at[1] > 40 else ((-6, 5), "right")  # the free side of the curve
        axes.annotate(
            name, at, xytext=offset, textcoords="offset points", ha=side, color=FIXED_COLOUR, fontsize=9
        )
    learned = _point(together(tallies, LEARNED))
    axes.plot(*learned, "*", markersize=16, color=LEARNED_COLOUR, label="learned")
    axes.annotate(
        "learned",
        learned,
        xytext=(-12, -4),
        textcoords="offset points",
        ha="right",
        color=LEARNED_COLOUR,
        weight="bold",
    )
    axes.set(
        xscale="log",
        xlim=(0.04, 25),
        ylim=(0, 108),
        xlabel="requests for each article found",
        ylabel="% of articles found within 15 minutes",
        title="Found in time, and what it costs",
    )
    axes.xaxis.set_major_formatter("{x:g}")
    axes.grid(alpha=0.25)


def _point(one: Tally) -> tuple[float, float]:
    return one.requests / max(one.found, 1), 100 * one.share(one.soon)


def _looks(axes: Axes, tallies: Tallies, days: int) -> None:
    found = [tallies.get((LEARNED, name), Tally()) for name in CLASSES]
    looks = [one.requests / max(one.sources, 1) / days for one in found]
    bars = axes.bar(list(CLASSES), looks, color=LEARNED_COLOUR, width=0.6)
    axes.bar_label(bars, fmt="%.0f", padding=2)
    axes.axhline(96, color=FIXED_COLOUR, linestyle="--")
    axes.annotate("every 15 minutes", (-0.3, 99), color=FIXED_COLOUR, fontsize=9)
    axes.set(xlabel="articles a day", ylabel="looks a day", title="Where the learned policy looks")
