"""Overrides in words: what was recorded, what was withdrawn, and all of them as a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from data.clock import isoformat
from data.settings.book import Book
from features.feature import Words
from serving.bridge.words import day_of
from serving.figures import Language, money, percent, said
from serving.ledger.entry import Entry, State
from serving.ledger.override import Override
from serving.tiers.ladder import NAMES

GIVEN = Words(
    "Customer {id} is {tier} from {starts} through {until}, decided by {by}: {reason}",
    "客户 {id} 自 {starts} 至 {until}（含当日）定为{tier}，决定人 {by}：{reason}",
)
THEN = Words(
    "The models say now: {tier}{value} expected in the next {days} days{churn}.",
    "模型目前的判断：{tier}未来 {days} 天预计 {value}{churn}。",
)
THEN_TIER = Words("{tier}, ", "{tier}，")
THEN_CHURN = Words(
    ", {chance} likely to buy nothing in the next {days} days", "，未来 {days} 天内不再购买的概率为 {chance}"
)
SUPERSEDES = Words(
    "It goes before {tier} by {by} ({starts} to {until}).", "它优先于由 {by} 决定的{tier}（{starts} 至 {until}）。"
)
RESUMES = Words(
    "It goes before {tier} by {by} ({starts} to {until}), which is in force again once this one ends.",
    "它优先于由 {by} 决定的{tier}（{starts} 至 {until}）；它结束后后者重新生效。",
)
TAKEN = Words(
    "Withdrawn as of {day}: {tier} for customer {id} by {by} ({starts} to {until}).",
    "自 {day} 起撤回：由 {by} 将客户 {id} 定为{tier}（{starts} 至 {until}）。",
)
FROM_NOW = Words("From then on the models decide.", "此后由模型决定。")
NONE = Words(
    "Book {book}: no override is in force or to come on {day}.", "{book}：{day} 没有生效中或将生效的人工定级。"
)
NONE_EVER = Words("Book {book}: nobody has recorded an override.", "{book}：没有任何人工定级记录。")
TITLE = Words("Overrides of {book} as of {day}", "{book} 的人工定级（截至 {day}）")
HEAD = (
    Words("customer", "客户"),
    Words("tier", "等级"),
    Words("by", "决定人"),
    Words("reason", "理由"),
    Words("from", "自"),
    Words("until", "至"),
    Words("state", "状态"),
    Words("the models then", "当时模型判断"),
)
STATES: dict[State, Words] = {
    "in_force": Words("in force", "生效中"),
    "superseded": Words("superseded", "被后者替代"),
    "to_come": Words("to come", "待生效"),
    "expired": Words("expired", "已到期"),
    "withdrawn": Words("withdrawn", "已撤回"),
}
ENDED_BY = Words("{state} as of {day} by {by}: {reason}", "{by} 于 {day} 撤回：{reason}")
CHURN = Words("churn {chance}", "流失 {chance}")


@dataclass(frozen=True)
class Given:
    """An override as it was recorded, and the `others` of the customer that it goes before while it lasts."""

    book: Book
    override: Override
    others: tuple[Override, ...]
    horizons: Mapping[str, int]

    def lines(self, language: Language) -> Iterator[str]:
        """What was recorded, what the models say, and what gives way."""
        one = self.override
        yield said(GIVEN, language).format(id=one.customer_id, reason=one.reason, **_named(one, self.book, language))
        yield _models_say(one, self.book, self.horizons, language)
        for other in self.others:
            words = RESUMES if other.expires > one.expires else SUPERSEDES
            yield said(words, language).format(**_named(other, self.book, language))


@dataclass(frozen=True)
class Taken:
    """The overrides that were withdrawn as of `ends` (µs UTC)."""

    book: Book
    ends: int
    overrides: tuple[Override, ...]

    def lines(self, language: Language) -> Iterator[str]:
        """What was withdrawn, one line each, and what follows."""
        day = _day(self.ends, self.book)
        for one in self.overrides:
            yield said(TAKEN, language).format(day=day, id=one.customer_id, **_named(one, self.book, language))
        yield said(FROM_NOW, language)


@dataclass(frozen=True)
class Listing:
    """Overrides as they stand at a cutoff (µs UTC)."""

    book: Book
    cutoff: int
    entries: tuple[Entry, ...]

    def page(self, language: Language, *, ended: bool) -> Table | Text:
        """The table, or that there is nothing to show."""
        place = {"book": self.book.name, "day": _day(self.cutoff, self.book)}
        if not self.entries:
            return Text(said(NONE_EVER if ended else NONE, language).format(**place))
        table = Table(title=Text(said(TITLE, language).format(**place)), title_justify="left")
        for words in HEAD:
            table.add_column(said(words, language), overflow="fold")
        for entry in self.entries:
            table.add_row(*(Text(cell) for cell in _cells(entry, self.book, language)))
        return table


def _cells(entry: Entry, book: Book, language: Language) -> tuple[str, ...]:
    one = entry.override
    named = _named(one, book, language)
    return (
        one.customer_id,
        named["tier"],
        one.by,
        one.reason,
        named["starts"],
        named["until"],
        _state(entry, book, language),
        _then(one, book, language),
    )


def _state(entry: Entry, book: Book, language: Language) -> str:
    state, end = said(STATES[entry.state], language), entry.withdrawal
    if end is None or entry.state != "withdrawn":
        return state
    return said(ENDED_BY, language).format(state=state, day=_day(end.ends, book), by=end.by, reason=end.reason)


def _then(one: Override, book: Book, language: Language) -> str:
    tier = [] if one.tier_then is None else [_tier(one.tier_then, language)]
    churn = [] if one.churn_then is None else [said(CHURN, language).format(chance=percent(one.churn_then))]
    return "\n".join([*tier, money(one.value_then, book.currency, language), *churn])


def _models_say(one: Override, book: Book, horizons: Mapping[str, int], language: Language) -> str:
    tier = churn = ""
    if one.tier_then is not None:
        tier = said(THEN_TIER, language).format(tier=_tier(one.tier_then, language))
    if one.churn_then is not None:
        chance = percent(one.churn_then)
        churn = said(THEN_CHURN, language).format(chance=chance, days=horizons["churn"])
    value = money(one.value_then, book.currency, language)
    return said(THEN, language).format(tier=tier, value=value, days=horizons["lifetime_value"], churn=churn)


def _named(one: Override, book: Book, language: Language) -> dict[str, str]:
    return {
        "tier": _tier(one.tier, language),
        "by": one.by,
        "starts": _day(one.starts, book),
        "until": _day(one.expires - 1, book),
    }


def _tier(name: str, language: Language) -> str:
    """A tier in words; one that the ladder no longer has keeps its name."""
    return said(NAMES[name], language) if name in NAMES else name


def _day(moment: int, book: Book) -> str:
    return day_of(isoformat(moment, book.time_zone))
