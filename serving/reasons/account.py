"""The account of a score: its base, its groups and their features, which add up as numbers and as printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.groups import GROUPS
from serving.numerals import Language
from serving.reasons.facts import Moment
from serving.reasons.parts import Reason, ReasonGroup, Reasons
from serving.reasons.sentences import Grammar, grammar_of
from serving.reasons.shelf import Shelf, shelf_of
from serving.recommendation import Breakdown
from serving.rounding import apportion
from training.bundle import Bundle
from training.explanation import Explanation

Floats = NDArray[np.float64]

LEAST = float(np.finfo(np.float64).tiny)

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

    def account(self, features: Floats, row: int) -> "Account":
        """That of one customer, row `row` of (n, f) features."""
        return Account(self, shelf_of(self.bundle, self.language), features[row].tolist())


@dataclass(frozen=True, slots=True)
class Account:
    """How one customer's scores came about; `values` are the customer's features. What was seen of a feature is put
    into words once, however many scores it moves."""

    accountant: Accountant
    shelf: Shelf
    values: list[float]
    seen: dict[int, "Seen"] = field(default_factory=dict)

    def reasons(self, target: str, score: float, explanation: Explanation, row: int) -> Reasons:
        """The reasons of a score, explained in row `row`."""
        bundle, language = self.accountant.bundle, self.accountant.language
        grammar = grammar_of(target, bundle.currency, language)
        each, base, whole = explanation.contributions[row], float(explanation.base_value[row]), grammar.figures.whole
        shares = shares_of(each, self.shelf)
        score_units = whole.units(score)
        base_units = whole.units(base) if shares else score_units
        units = apportion([share.contribution * whole.scale for share in shares], score_units - base_units)
        return Reasons(
            base_value=base,
            base_shown=whole.told(base_units),
            score_shown=whole.told(score_units),
            unit=unit_of(target, bundle),
            text=grammar.opening(base_units, score_units),
            groups=tuple([self._group(share, shown, grammar) for share, shown in zip(shares, units, strict=True)]),
        )

    def _group(self, share: "Share", units: int, grammar: Grammar) -> ReasonGroup:
        """One group, printed as so many units."""
        numerals, title = grammar.figures.share, self.shelf.titles[share.group]
        parts = share.parts if share.rest is None else (*share.parts, share.rest)
        each = apportion([part * numerals.scale for part in parts], units)
        shown, effect = grammar.share(units)
        known = self.seen
        seen = [known.get(column) or self._seen(column) for column in share.columns]
        return ReasonGroup(
            GROUPS[share.group].name,
            title,
            share.contribution,
            shown,
            grammar.group(title, units, effect, self._strongest(share, seen)),
            tuple(
                [_reason(one, part, whole, grammar) for one, part, whole in zip(seen, share.parts, each, strict=False)]
            ),
            share.rest or 0.0,
            numerals.signed(0 if share.rest is None else each[-1]),
        )

    def _seen(self, column: int) -> "Seen":
        value = self.values[column]
        teller = self.shelf.teller(column, self.accountant.level_names)
        fact = teller.fact(value, self.accountant.moment)
        found = self.seen[column] = Seen(teller.name, teller.told(value), teller.typical_told, teller.unit, fact)
        return found

    def _strongest(self, share: "Share", seen: Sequence["Seen"]) -> list[str]:
        """The strongest fact that went the way of the whole group, and the next one of another kind."""
        whole = share.contribution
        agreeing = [place for place, part in enumerate(share.parts) if part * whole > 0]
        if not agreeing:
            return []
        kinds, columns, first = self.shelf.kinds, share.columns, agreeing[0]
        for second in agreeing[1:]:
            if kinds[columns[second]] != kinds[columns[first]]:
                return [seen[first].fact, seen[second].fact]
        return [seen[first].fact]


class Seen(NamedTuple):
    """What was seen of one feature: its name, the customer's value and the typical one, their unit, and the fact."""

    feature: str
    value: float | str | None
    typical: float | None
    unit: str
    fact: str


def _reason(seen: Seen, part: float, units: int, grammar: Grammar) -> Reason:
    shown, effect = grammar.share(units)
    return Reason(
        seen.feature, seen.value, seen.typical, seen.unit, part, shown, seen.fact, grammar.reason(seen.fact, effect)
    )


class Share(NamedTuple):
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
    each = contributions.tolist()
    sums = np.bincount(shelf.groups, contributions, len(GROUPS)).tolist()
    moving = np.bincount(shelf.groups, contributions != 0.0, len(GROUPS)).tolist()
    told = _told(contributions, shelf)
    shares = [
        _share(group, whole, told.get(group, ()), each, moving[group]) for group, whole in enumerate(sums) if whole
    ]
    shares.sort(key=lambda share: -abs(share.contribution))
    return shares


def _told(contributions: Floats, shelf: Shelf) -> dict[int, list[int]]:
    """The columns worth a sentence, group by group; learnt patterns, which nobody can act on, for want of others."""
    sizes = np.abs(contributions)
    large = np.flatnonzero(sizes >= max(LEAST_SHARE * sizes.max(), LEAST))
    told: dict[int, list[int]] = {}
    learnt: dict[int, list[int]] = {}
    for column in large[np.argsort(-sizes[large], kind="stable")].tolist():
        columns = (learnt if column in shelf.learnt else told).setdefault(shelf.group_of[column], [])
        if len(columns) < EACH_GROUP:
            columns.append(column)
    return learnt | told


def _share(group: int, whole: float, columns: Sequence[int], each: Sequence[float], moving: float) -> Share:
    parts = tuple([each[column] for column in columns])
    return Share(group, whole, tuple(columns), parts, whole - sum(parts) if moving > len(parts) else None)


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
