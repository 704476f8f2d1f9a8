"""What changed since a day: the bridge as the page prints it."""

from dataclasses import dataclass

from serving.bridge.account import Bridge, ScoreBridge
from serving.bridge.shown import Shown
from serving.bridge.terminal import has_its_place
from serving.bridge.words import day_of
from serving.figures import Language
from serving.pages.drawing.fall import Fall, fall


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way: its title, its printed share, and the groups that moved most."""

    title: str
    shown: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One score's way from then to now, printed so that it adds up, and its bars."""

    name: str
    before: str
    after: str
    steps: tuple[Step, ...]
    fall: Fall


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes since a local day (ISO)."""

    since: str
    summary: tuple[str, ...]
    scores: tuple[Change, ...]
    notes: tuple[str, ...]


GROUPS = 2


def changes(told: Bridge, language: Language) -> Changes:
    """The bridge as it is printed."""
    found = (_change(name, score, told, language) for name, score in told.scores.items())
    return Changes(day_of(told.before.cutoff), told.summary, tuple(each for each in found if each), told.notes)


def _change(name: str, score: ScoreBridge, told: Bridge, language: Language) -> Change | None:
    shown = Shown.of(name, score, language)
    if shown is None or not any(shown.steps) or score.before is None or score.after is None:
        return None
    placed = zip(score.steps, shown.steps, strict=True)
    steps = [(step, share) for step, share in placed if share and has_its_place(step, told)]
    return Change(
        name=name,
        before=shown.figures.whole.told(shown.before),
        after=shown.figures.whole.told(shown.after),
        steps=tuple(
            Step(step.title, shown.figures.share.signed(share), tuple(group.title for group in step.groups[:GROUPS]))
            for step, share in steps
        ),
        fall=fall(score.before, [step.difference for step, _ in steps], score.after),
    )
