"""The figures of a bridge as they are printed: rounded so that they add up to the last digit."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.bridge.account import ScoreBridge
from serving.figures import Language
from serving.reasons.sentences import Figures, figures_of
from serving.rounding import apportion


@dataclass(frozen=True)
class Shown:
    """A score's bridge in whole units of what is printed: `before` and `steps` add up to `after`."""

    figures: Figures
    before: int
    steps: list[int]
    after: int

    @classmethod
    def of(cls, target: str, score: ScoreBridge, language: Language) -> "Shown | None":
        """None where the score is null at an end."""
        if score.before is None or score.after is None:
            return None
        figures = figures_of(target, score.unit, language)
        before, after = figures.whole.units(score.before), figures.whole.units(score.after)
        moved = [step.difference for step in score.steps]
        return cls(figures, before, shares(figures, after - before, moved), after)


def shares(figures: Figures, total: int, parts: Sequence[float]) -> list[int]:
    """The parts in whole units that add up to the total; nothing stays nothing."""
    moving = [place for place, part in enumerate(parts) if part]
    told = [0] * len(parts)
    if moving:
        units = apportion([parts[place] * figures.share.scale for place in moving], total)
        for place, share in zip(moving, units, strict=True):
            told[place] = share
    return told
