"""Plots as SVG or PNG files, the same to the byte for the same figures. The only module that imports matplotlib.

It is an optional extra (`plots`): nothing that measures needs it, and no display is needed to draw.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tracker.errors import UsageProblem
from tracker.lines import require_writable, unwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tracker.evaluation import CalibrationReport, NoMatch

_KINDS = (".svg", ".png")
_GREY = "0.6"


def require_plots(path: Path, taken: Iterable[Path | None] = ()) -> None:
    """Make sure that a plot can be drawn to this file, before the work that fills it.

    Raises UsageProblem for another kind of file, one of those `taken`, or without matplotlib; UnreadableSource where
    nothing can be written.
    """
    if path.suffix.casefold() not in _KINDS:
        msg = f"--plot {path}: not a kind of file that can be drawn; its name must end in {' or '.join(_KINDS)}"
        raise UsageProblem(msg)
    if find_spec("matplotlib") is None:
        raise UsageProblem(
            "--plot: needs matplotlib; install the extra 'plots', as in: pip install 'claim-tracker[plots]'"
        )
    require_writable(path, taken)


def draw_no_match(found: NoMatch, path: Path) -> None:
    """Draw recall over false alarms, with the product's own threshold. Raises UnreadableSource."""

    def draw(axes: Any) -> None:
        shares = [(0.0, 0.0), *((point.false_alarms, point.recall) for point in found.curve)]
        axes.step([x for x, _ in shares], [y for _, y in shares], where="post", color="C0")
        axes.plot(
            found.own.false_alarms, found.own.recall, "o", color="C1", label=f"own threshold {found.own.threshold:.3f}"
        )
        usual = found.at_rates[found.usual_rate]
        label = f"{usual.recall:.1%} at {found.usual_rate:.0%} false alarms"
        spread = [[max(0.0, usual.recall - found.recall.low)], [max(0.0, found.recall.high - usual.recall)]]
        axes.errorbar([usual.false_alarms], [usual.recall], yerr=spread, fmt="s", color="C2", capsize=3, label=label)
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="answered though the right claims are not in the store")
        axes.set(
            ylabel="right claim first, and answered", title=f"False alarms against recall, {found.queries:,} queries"
        )
        axes.legend(loc="lower right")

    _draw(draw, path)


def draw_reliability(found: CalibrationReport, path: Path) -> None:
    """Draw each bin's share right over its mean probability; they agree on the diagonal. Raises UnreadableSource."""

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], "--", color=_GREY, linewidth=1)
        for name, one, mark in (("first answers", found.first, "o-"), ("first five", found.first_five, "s:")):
            stated, right = [each.probability for each in one.bins], [each.right for each in one.bins]
            axes.plot(stated, right, mark, label=f"{name}: ECE {one.ece:.3f} ({one.answers:,})")
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="mean probability", ylabel="share right")
        axes.set(title=f"Reliability, {found.queries:,} queries asked twice")
        axes.legend(loc="upper left")

    _draw(draw, path)


def _draw(draw: Callable[[Any], None], path: Path) -> None:
    """Draw on a new figure, whatever the user's own settings of matplotlib are, and write it."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["svg.hashsalt"] = "claim-tracker"
        figure = Figure(figsize=(6, 5), dpi=150, layout="constrained")
        axes = figure.add_subplot()
        axes.grid(visible=True, color="0.9")
        axes.set_axisbelow(True)
        draw(axes)
        kind = path.suffix.casefold()[1:]
        try:
            figure.savefig(path, format=kind, metadata={"Date": None} if kind == "svg" else {"Software": None})
        except OSError as error:
            raise unwritable(path, error) from error
