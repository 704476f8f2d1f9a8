"""Every feature as a dot: how well it tells an outcome alone, beside what is honest and what is too good."""

from collections.abc import Sequence

from evaluation.audit.wording import OUTCOMES
from evaluation.canvas import FAINT, INK, MARK, MUTED, RULE, WORSE, canvas, svg
from training.audit.outcomes import Kind
from training.audit.scan import STRICT, Scan


def strengths_plot(found: Scan) -> str:
    """A row of dots for every outcome of a target; the best honest feature marked, suspects in their own colour."""
    kinds: Sequence[Kind] = tuple(found.honest)
    suspects = {finding.strength.feature for finding in found.findings}
    figure, axes = canvas(8.0, 0.9 + 0.5 * len(kinds))
    for place, kind in enumerate(reversed(kinds)):
        strengths = [strength for strength in found.strengths if strength.outcome == kind]
        honest = found.honest[kind].figure
        others = [strength.figure for strength in strengths if strength.feature not in suspects]
        named = [strength.figure for strength in strengths if strength.feature in suspects]
        axes.plot(others, [place] * len(others), "o", color=FAINT, alpha=0.45, markersize=5, markeredgewidth=0)
        axes.plot([honest], [place], "|", color=MARK, markersize=19, markeredgewidth=2.4)
        axes.plot([bar_of(honest)], [place], "|", color=INK, markersize=19, markeredgewidth=1)
        axes.plot(named, [place] * len(named), "o", color=WORSE, markersize=7)
    axes.set_yticks(range(len(kinds)), [OUTCOMES[found.target, kind] for kind in reversed(kinds)])
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set(xlim=(0.0 if "money" in kinds else 0.48, 1.02), ylim=(-0.6, len(kinds) - 0.4))
    axes.set_xlabel("AUC of the feature alone" + ("; for money, nGini" if "money" in kinds else ""), color=MUTED)
    return svg(figure, f"features alone for {found.target}")


def bar_of(honest: float) -> float:
    """From where a feature is too good to be true alone, beside an honest one of this figure."""
    return max(STRICT.alone, 1.0 - STRICT.share * (1.0 - honest))
