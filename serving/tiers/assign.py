"""The second half of a policy: from a plan and a customer to a tier, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from data.clock import isoformat
from features.feature import Words
from serving.figures import Language
from serving.ledger.override import Override
from serving.ledger.previous import Previous
from serving.plan import Plan
from serving.tiers.inputs import Columns, Floats, columns_of
from serving.tiers.ladder import NAMES, TIERS
from serving.tiers.rule import Places
from serving.tiers.speech import Speech
from serving.tiers.stability import Past, Stability
from serving.tiers.verdict import CustomerClass, Neighbour, SetByHand, Tier
from training.bundle import Bundle, Scores

PLAIN = Words("{tier} – {criteria}.", "{tier}——{criteria}。")
OF_CLASS = Words("{tier}, {title} – {criteria}.", "{tier}·{title}——{criteria}。")
HELD = Words(
    " Kept at {tier}: the policy alone says {other}, but not surely enough to move the customer.",
    "暂维持{tier}：仅按规则应为{other}，但把握不足，暂不调整。",
)
BY_HAND = Words(
    "{tier}, set by {by} until {until}: {reason}. The policy alone: {why}",
    "{tier}，由{by}人工指定，有效期至 {until}：{reason}。仅按规则：{why}",
)


@dataclass(frozen=True)
class Assignment:
    """The tiers of the customers whose scores and features, rows of shape (n, f), these are, by one plan.

    `previous` and `overrides` are by customer id. Everything is worked out for all at once, and told one by one.
    """

    plan: Plan
    customers: Sequence[str]
    scores: Scores
    features: Floats
    bundle: Bundle
    cutoff: int
    language: Language
    previous: Mapping[str, Previous] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)

    @cached_property
    def columns(self) -> Columns:
        """What the policy looks at."""
        names = [each.name for each in self.plan.rule.inputs]
        return columns_of(names, self.scores, self.features, self.bundle)

    @cached_property
    def by_policy(self) -> Places:
        """The places that the policy alone gives, shape (n,)."""
        return self.plan.rule.places(self.columns)

    @cached_property
    def settled(self) -> Places:
        """The places once the tiers that customers had are minded, shape (n,)."""
        if not self.previous:
            return self.by_policy
        past = Past.of(tuple(self.customers), self.previous)
        return Stability.of(self.plan.stability).settled(
            self.plan.rule, self.columns, past, self.cutoff, self.by_policy
        )

    def name_of(self, row: int) -> str:
        """The name of a customer's tier."""
        override = self.overrides.get(self.customers[row])
        return override.tier if override else TIERS[self.settled[row]]

    def tier(self, row: int) -> Tier:
        """The tier of the customer of a row."""
        rule, speech = self.plan.rule, self._speech
        own = {name: column[row : row + 1] for name, column in self.columns.items()}
        place = int(self.by_policy[row])
        criteria = rule.criteria(own, place, speech)
        override = self.overrides.get(self.customers[row])
        name, by_policy = TIERS[self.settled[row]], TIERS[place]
        up, down = self._neighbours(own, place, TIERS.index(self.name_of(row)))
        named = self._class_of(row)
        words = OF_CLASS if named else PLAIN
        told = speech.joined([criterion.text for criterion in criteria])
        why = _capital(speech.said(words, tier=self._named(by_policy), title=named and named.title, criteria=told))
        if name != by_policy:
            why += speech.said(HELD, tier=self._named(name), other=self._named(by_policy))
        return Tier(
            name=override.tier if override else name,
            policy=self.plan.policy,
            customer_class=named,
            why=self._by_hand(override, why) if override else why,
            criteria=criteria,
            next_up=up,
            next_down=down,
            probabilities=self._chances(row),
            by_policy=by_policy,
            held=name != by_policy,
            override=self._set_by(override) if override else None,
        )

    def _neighbours(self, own: Columns, place: int, assigned: int) -> tuple[Neighbour | None, Neighbour | None]:
        """Those of the tier that was assigned, by the policy: nothing lies between it and what the policy says."""
        up, down = self.plan.rule.neighbours(own, assigned, self._speech)
        return up if assigned <= place else None, down if assigned >= place else None

    @cached_property
    def _speech(self) -> Speech:
        return Speech(self.language, self.plan.currency, self.plan.horizon_days)

    def _named(self, tier: str) -> str:
        return self._speech.said(NAMES[tier])

    @cached_property
    def _classes(self) -> Places | None:
        return self.plan.rule.classes_of(self.columns)

    def _class_of(self, row: int) -> CustomerClass | None:
        if self._classes is None:
            return None
        found = self.plan.rule.classes[int(self._classes[row])]
        return CustomerClass(found.name, self._speech.said(found.title))

    @cached_property
    def _cells(self) -> Places | None:
        return self.plan.chances.cells(self.plan.rule, self.columns, self.by_policy) if self.plan.chances else None

    def _chances(self, row: int) -> dict[str, float] | None:
        if self.plan.chances is None or self._cells is None:
            return None
        return self.plan.chances.chances(int(self._cells[row]))

    def _by_hand(self, override: Override, why: str) -> str:
        until = self._local(override.expires - 1)[:10]
        said = self._speech.said(
            BY_HAND, tier=self._named(override.tier), by=override.by, until=until, reason=override.reason, why=why
        )
        return _capital(said)

    def _set_by(self, override: Override) -> SetByHand:
        starts, expires = self._local(override.starts), self._local(override.expires)
        return SetByHand(override.tier, override.by, override.reason, starts, expires)

    def _local(self, instant: int) -> str:
        return isoformat(instant, self.bundle.spec.time_zone)


def tiers_alone(plan: Plan, scores: Scores, features: Floats, bundle: Bundle) -> tuple[str, ...]:
    """What the policy alone says of customers, rows of shape (n, f), without a past and without anybody's hand."""
    columns = columns_of([each.name for each in plan.rule.inputs], scores, features, bundle)
    return tuple(TIERS[place] for place in plan.rule.places(columns).tolist())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
