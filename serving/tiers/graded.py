"""Policies that grade each input by thresholds and look the class up in a table of all grades."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from features.feature import Words
from serving.tiers.inputs import Columns, Floats, Input
from serving.tiers.ladder import NAMES, TIERS
from serving.tiers.rule import ClassOfRule, Places, Rule, neighbour, number
from serving.tiers.speech import Speech
from serving.tiers.verdict import Condition, Criterion, Neighbour

LOW_HIGH = (Words("low", "低"), Words("high", "高"))
LOW_MID_HIGH = (Words("low", "低"), Words("mid", "中"), Words("high", "高"))

GRADED = Words("{title}: {value} ({grade})", "{title}：{value}（{grade}）")
AT_LEAST = Words("{title} at least {value}", "{title}不少于 {value}")
AT_MOST = Words("{title} at most {value}", "{title}不超过 {value}")
BELOW = Words("{title} below {value}", "{title}低于 {value}")
ABOVE = Words("{title} above {value}", "{title}超过 {value}")
NOW = Words(" (now {value})", "（现为 {value}）")
AND = Words(" and ", "，且")
UP = Words("{tier} takes: {conditions}", "升为{tier}需要：{conditions}")
DOWN = Words("{tier} follows from: {conditions}", "以下情况将降为{tier}：{conditions}")

Grades = tuple[int, ...]


@dataclass(frozen=True)
class Grading:
    """How an input is graded: 0 for the lowest, one more from each of the `cuts` on, the best last.

    A cut of None is never reached. `words` name the grades. Where less is better, a value reaches a cut from above.
    """

    input: Input
    cuts: tuple[float | None, ...]
    words: tuple[Words, ...]

    def grades(self, values: Floats) -> Places:
        """The grade of every value, shape (n,); nan is the lowest."""
        grades = np.zeros(len(values), dtype=np.int64)
        for grade, cut in enumerate(self.cuts, start=1):
            if cut is not None:
                grades = np.where(values >= cut if self.input.rises else values <= cut, grade, grades)
        return grades

    @property
    def reachable(self) -> tuple[int, ...]:
        """The grades that some value has."""
        return (0, *(grade for grade, cut in enumerate(self.cuts, start=1) if cut is not None))


class GradedRule(Rule):
    """Grades by thresholds, classes by a table of shape (grades of the first input, grades of the second, …)."""

    def __init__(self, gradings: Sequence[Grading], classes: Sequence[ClassOfRule], table: NDArray[np.int64]) -> None:
        self._gradings, self.classes, self._table = tuple(gradings), tuple(classes), table
        self._place_of_class = np.array([each.place for each in classes])

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(grading.input for grading in self._gradings)

    def grades_of(self, columns: Columns) -> tuple[Places, ...]:
        """The grades of every customer, shape (n,), by input."""
        return tuple(grading.grades(columns[grading.input.name]) for grading in self._gradings)

    def classes_of(self, columns: Columns) -> Places:
        return np.asarray(self._table[self.grades_of(columns)])

    def places(self, columns: Columns) -> Places:
        return np.asarray(self._place_of_class[self.classes_of(columns)])

    def criteria(self, row: Columns, place: int, speech: Speech) -> tuple[Criterion, ...]:  # noqa: ARG002
        return tuple(
            self._criterion(grading, grade, row, speech)
            for grading, grade in zip(self._gradings, self._grades(row), strict=True)
        )

    def neighbours(self, row: Columns, place: int, speech: Speech) -> tuple[Neighbour | None, Neighbour | None]:
        own = self._grades(row)
        up, down = (self._nearest(own, place, step) for step in (-1, 1))
        return (
            self._neighbour(own, up, row, speech, UP) if up else None,
            self._neighbour(own, down, row, speech, DOWN) if down else None,
        )

    def _grades(self, row: Columns) -> Grades:
        return tuple(int(grading.grades(row[grading.input.name])[0]) for grading in self._gradings)

    def _place(self, grades: Grades) -> int:
        return int(self._place_of_class[self._table[grades]])

    def _nearest(self, own: Grades, place: int, step: int) -> Grades | None:
        """The grades that lead to the nearest tier in a direction (−1: up) by the fewest and smallest changes."""
        better = step < 0
        choices = [
            [grade for grade in grading.reachable if (grade >= mine if better else grade <= mine)]
            for grading, mine in zip(self._gradings, own, strict=True)
        ]
        found = [grades for grades in product(*choices) if step * (self._place(grades) - place) > 0]
        return min(found, key=lambda grades: (*_effort(own, grades), step * self._place(grades)), default=None)

    def _criterion(self, grading: Grading, grade: int, row: Columns, speech: Speech) -> Criterion:
        value, each = number(row, grading.input.name), grading.input
        title, named = speech.titled(each.words), speech.said(grading.words[grade])
        text = speech.said(GRADED, title=title, value=speech.told(value, each.unit), grade=named)
        return Criterion(each.name, title, value, each.unit, grading.words[grade].en, text)

    def _neighbour(self, own: Grades, other: Grades, row: Columns, speech: Speech, words: Words) -> Neighbour:
        conditions = list(self._conditions(own, other, row, speech))
        place = self._place(other)
        told = speech.said(AND).join(text for _, text in conditions)
        text = speech.said(words, tier=speech.said(NAMES[TIERS[place]]), conditions=told)
        return neighbour(place, [condition for condition, _ in conditions], text)

    def _conditions(self, own: Grades, other: Grades, row: Columns, speech: Speech) -> Iterator[tuple[Condition, str]]:
        for grading, mine, wanted in zip(self._gradings, own, other, strict=True):
            if mine != wanted:
                # upwards the wanted grade's own cut, downwards that of the lowest grade to be lost
                lost = min((g for g in grading.reachable if g > wanted), default=mine)
                cut = grading.cuts[(wanted if wanted > mine else lost) - 1]
                assert cut is not None
                yield _condition(grading.input, cut, row, speech, better=wanted > mine)


def _effort(own: Grades, other: Grades) -> tuple[int, int]:
    moves = [abs(mine - theirs) for mine, theirs in zip(own, other, strict=True)]
    return sum(move > 0 for move in moves), sum(moves)


def _condition(each: Input, cut: float, row: Columns, speech: Speech, *, better: bool) -> tuple[Condition, str]:
    value, title = number(row, each.name), speech.titled(each.words)
    words = (AT_LEAST if better else BELOW) if each.rises else (AT_MOST if better else ABOVE)
    now = "" if value is None else speech.said(NOW, value=speech.told(value, each.unit))
    difference = None if value is None else abs(cut - value)
    text = speech.said(words, title=title, value=speech.told(cut, each.unit)) + now
    return Condition(each.name, title, cut, difference, each.unit), text


def table_of(shape: Sequence[int], class_of: Callable[[Grades], int]) -> NDArray[np.int64]:
    """The class of every combination of grades."""
    table = np.empty(shape, dtype=np.int64)
    for grades in product(*map(range, shape)):
        table[grades] = class_of(grades)
    return table
