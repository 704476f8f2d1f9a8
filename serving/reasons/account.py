"""The account of a score: its base, its groups and their features, which add up as numbers and as printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.groups import GROUPS
from serving.numerals import Language
from serving.reasons.facts import Moment, Teller
from serving.reasons.parts import Reason, ReasonGroup, Reasons
from serving.reasons.sentences import Grammar, grammar_of
from serving.reasons.shelf import Shelf, shelf_of
from serving.recommendation import Breakdown
from serving.rounding import apportion
from training.bundle import Bundle
from training.explanation import Explanation

Floats = NDArray[np.float64]

EACH_GROUP = 3
"""(ours) How many features of a group are told at most."""

LEAST_SHARE = 0.05
"""(ours) A contribution smaller than this share of the score's largest is left to the rest of its group."""


@dataclass(frozen=True)
class Accountant:
    """Accounts for the scores of one bundle as of a moment, in one language; `level_names` are the texts behind
    the hashes of the levels of categories."""

    bundle: Bundle
    language: Language
    level_names: Mapping[int, str]
    moment: Moment

    @classmethod
    def at(cls, cutoff: int, bundle: Bundle, language: Language, level_names: Mapping[int, str]) -> "Accountant":
        """For a cutoff in µs UTC."""
        return cls(bundle, language, level_names, Moment(cutoff, bundle.spec.time_zone))

    def reasons(self, target: str, score: float, explanation: Explanation, features: Floats, row: int) -> Reasons:
        """How the score of row `row` of (n, f) features came about."""
        shelf, grammar = shelf_of(self.bundle, self.language), grammar_of(target, self.bundle.currency, self.language)
        each, base, whole = explanation.contributions[row], float(explanation.base_value[row]), grammar.figures.whole
        shares = shares_of(each, shelf)
        score_units = whole.units(score)
        base_units = whole.units(base) if shares else score_units
        units = apportion([share.contribution * whole.scale for share in shares], score_units - base_units)
        telling = _Telling(self, shelf, grammar, features[row])
        return Reasons(
            base_value=base,
            base_shown=whole.told(base_units),
            score_shown=whole.told(score_units),
            unit=unit_of(target, self.bundle),
            text=grammar.opening(base_units, score_units),
            groups=tuple(telling.group(share, shown) for share, shown in zip(shares, units, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """What one group contributes: in all, by each of the columns that are told, and by the others together."""

    group: int
    contribution: float
    columns: tuple[int, ...]
    parts: tuple[float, ...]
    rest: float | None


def shares_of(contributions: Floats, shelf: Shelf) -> list[Share]:
    """The groups that contribute anything, by falling size; equal sizes in the order of the groups.

    `contributions` has shape (f,). The told columns of a group are its largest, by falling size.
    """
    sums = np.bincount(shelf.groups, contributions, len(GROUPS)).tolist()
    moving = np.bincount(shelf.groups, contributions != 0.0, len(GROUPS)).tolist()
    told = _told(np.abs(contributions), shelf.group_of)
    return [
        _share(group, sums[group], told.get(group, ()), contributions, int(moving[group]))
        for group in sorted(range(len(sums)), key=lambda group: -abs(sums[group]))
        if sums[group]
    ]


def _told(contributions: Floats, group_of: Sequence[int]) -> dict[int, list[int]]:
    """The columns worth a sentence, group by group."""
    sizes = np.abs(contributions)
    large = np.flatnonzero((sizes > 0.0) & (sizes >= LEAST_SHARE * sizes.max()))
    told: dict[int, list[int]] = {}
    for column in large[np.argsort(-sizes[large], kind="stable")].tolist():
        columns = told.setdefault(group_of[column], [])
        if len(columns) < EACH_GROUP:
            columns.append(column)
    return told


def _share(group: int, whole: float, columns: Sequence[int], each: Floats, moving: int) -> Share:
    parts = tuple(float(each[column]) for column in columns)
    return Share(group, whole, tuple(columns), parts, whole - sum(parts) if moving > len(parts) else None)


@dataclass(frozen=True, slots=True)
class _Telling:
    """The telling of one customer's account; `values` are the customer's features, shape (f,)."""

    accountant: Accountant
    shelf: Shelf
    grammar: Grammar
    values: Floats

    def group(self, share: Share, units: int) -> ReasonGroup:
        """One group, printed as so many units."""
        numerals = self.grammar.figures.share
        parts = share.parts if share.rest is None else (*share.parts, share.rest)
        shown = apportion([part * numerals.scale for part in parts], units)
        tellers = [self.shelf.teller(column, self.accountant.level_names) for column in share.columns]
        values = [float(self.values[column]) for column in share.columns]
        facts = [teller.fact(value, self.accountant.moment) for teller, value in zip(tellers, values, strict=True)]
        title, (figure, effect) = self.shelf.titles[share.group], self.grammar.share(units)
        return ReasonGroup(
            group=GROUPS[share.group].name,
            title=title,
            contribution=share.contribution,
            shown=figure,
            text=self.grammar.group(title, units, effect, self._strongest(share, facts)),
            features=tuple(map(self._reason, tellers, values, share.parts, shown, facts)),
            rest=share.rest or 0.0,
            rest_shown=numerals.signed(0 if share.rest is None else shown[-1]),
        )

    def _reason(self, teller: Teller, value: float, part: float, units: int, fact: str) -> Reason:
        shown, effect = self.grammar.share(units)
        return Reason(
            feature=teller.name,
            value=teller.told(value),
            typical=teller.typical_told,
            unit=teller.unit,
            contribution=part,
            shown=shown,
            fact=fact,
            text=self.grammar.reason(fact, effect),
        )

    def _strongest(self, share: Share, facts: Sequence[str]) -> list[str]:
        """The strongest fact that went the way of the whole group, and the next one of another kind."""
        agreeing = [place for place, part in enumerate(share.parts) if part * share.contribution > 0]
        if not agreeing:
            return []
        first, *others = agreeing
        kinds = [self.shelf.kinds[column] for column in share.columns]
        second = next((place for place in others if kinds[place] != kinds[first]), None)
        return [facts[first]] if second is None else [facts[first], facts[second]]


def breakdown(target: str, explanation: Explanation, row: int, bundle: Bundle) -> Breakdown:
    """All contributions to one row's score, which add up."""
    return Breakdown(
        unit=unit_of(target, bundle),
        base_value=float(explanation.base_value[row]),
        contributions=explanation.contributions[row],
        score=float(explanation.score[row]),
        features=bundle.spec.names,
    )


def unit_of(target: str, bundle: Bundle) -> str:
    """The unit of a score and of its contributions: a currency, or "probability"."""
    return bundle.currency if target == "lifetime_value" else "probability"
