"""The policies that can be chosen: what each looks at, how it learns from a book, and the rule that it becomes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from data.settings.book import Book
from data.settings.tiers.section import Tiers
from features.feature import Words
from features.spec import FeatureSpec
from serving.errors import PlanError
from serving.tiers import hybrid, profit, scorecard
from serving.tiers.hybrid import HybridRule, learn_hybrid
from serving.tiers.indexed import learn_cuts, percent_of
from serving.tiers.inputs import CHURN, CURRENT, ORDERS, POTENTIAL, RECENCY, SPEND, TENURE, TREND, VALUE, Columns, Input
from serving.tiers.lifecycle import learn_lifecycle, lifecycle
from serving.tiers.matrix import learn_matrix, matrix
from serving.tiers.percentile import LEVELS, Percentile, learn_pyramid
from serving.tiers.rfm import learn_rfm7, learn_rfm8, rfm7, rfm8
from serving.tiers.rule import Rule
from serving.tiers.scorecard import ScorecardRule, learn_scorecard
from serving.tiers.stability import Past, Stability


@dataclass(frozen=True)
class Ground:
    """What a policy learns from: the book, the columns, shape (n,), of all its customers, and the tiers they had before
    the `cutoff` (µs UTC)."""

    book: Book
    columns: Columns
    spec: FeatureSpec
    past: Past
    cutoff: int

    @property
    def tiers(self) -> Tiers:
        """The settings of the policies."""
        return self.book.tiers


@dataclass(frozen=True)
class Policy:
    """`looks_at` are the inputs that `learn` needs of the whole book, `sources` what the settings add to them; `rule`
    turns what was learnt into a rule."""

    name: str
    title: Words
    looks_at: tuple[Input, ...]
    learn: Callable[[Ground], dict[str, Any]]
    rule: Callable[[Mapping[str, Any]], Rule]
    sources: Callable[[Tiers, FeatureSpec], Iterable[str]] | None = None

    def columns(self, tiers: Tiers, spec: FeatureSpec) -> tuple[str, ...]:
        """The names of the columns to learn from; PlanError for one that the book does not have."""
        named = [each.name for each in self.looks_at]
        return tuple(dict.fromkeys([*named, *(self.sources(tiers, spec) if self.sources else ())]))


POLICIES = (
    Policy(
        "value_percentile",
        Words("percentiles of expected value", "预计价值百分位"),
        (VALUE,),
        lambda ground: learn_cuts(ground.columns[VALUE.name], percent_of(ground.tiers.value_percentile)),
        lambda learnt: Percentile(learnt, VALUE),
    ),
    Policy(
        "rfm7",
        Words("foreign-trade RFM matrix", "外贸RFM矩阵"),
        (RECENCY, ORDERS, SPEND),
        lambda ground: learn_rfm7(ground.tiers.rfm7, ground.columns),
        rfm7,
    ),
    Policy(
        "rfm8",
        Words("eight RFM classes", "RFM八类"),
        (RECENCY, ORDERS, SPEND),
        lambda ground: learn_rfm8(ground.tiers.rfm8, ground.columns),
        rfm8,
    ),
    Policy(
        "pyramid",
        Words("customer pyramid", "客户金字塔"),
        (CURRENT,),
        lambda ground: learn_pyramid(ground.tiers.pyramid, ground.columns),
        lambda learnt: Percentile(learnt, CURRENT, LEVELS),
    ),
    Policy(
        "matrix",
        Words("B2B matrix", "B2B客户矩阵"),
        (CURRENT, POTENTIAL, ORDERS),
        lambda ground: learn_matrix(ground.tiers.matrix, ground.columns),
        matrix,
    ),
    Policy(
        "lifecycle",
        Words("customer lifecycle", "客户生命周期"),
        (ORDERS, TENURE, RECENCY, TREND),
        lambda ground: learn_lifecycle(ground.tiers.lifecycle),
        lifecycle,
    ),
    Policy(
        "scorecard",
        Words("weighted scorecard", "自定义多维度加权模型"),
        (),
        lambda ground: learn_scorecard(ground.tiers.scorecard, ground.columns, ground.spec),
        ScorecardRule,
        lambda tiers, spec: scorecard.sources(tiers.scorecard, spec).values(),
    ),
    Policy(
        "hybrid",
        Words("value by attributes", "混合分类"),
        (VALUE,),
        lambda ground: learn_hybrid(ground.tiers.hybrid, ground.columns, ground.spec),
        HybridRule,
        lambda tiers, spec: hybrid.sources(tiers.hybrid, spec).values(),
    ),
    Policy(
        "expected_profit",
        Words("expected profit under capacity", "产能约束下的预期利润"),
        (VALUE, CHURN),
        lambda ground: profit.learn(
            ground.tiers.expected_profit,
            ground.book.value,
            ground.columns,
            Stability.of(ground.tiers.stability.model_dump()),
            ground.past,
            ground.cutoff,
        ),
        profit.ProfitRule,
        lambda tiers, spec: profit.sources(tiers.expected_profit, spec),
    ),
)


def policy_of(name: str) -> Policy:
    """The policy of a name; PlanError for a name that this version does not know."""
    for policy in POLICIES:
        if policy.name == name:
            return policy
    known = ", ".join(policy.name for policy in POLICIES)
    raise PlanError(f'policy "{name}": expected one of {known}')
