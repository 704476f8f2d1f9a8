"""What a customer did, in words: the lines of one order are one entry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from data.clock import instant_of, isoformat
from data.events import Event
from data.settings.book import Book
from features.feature import Words
from serving.figures import Language, money, plain, said

MOST_NAMED = 3
"""Products of an order that are named."""

TITLES: dict[str, Words] = {
    "touch": Words("Contact from us", "我方联系"),
    "response": Words("Response", "客户回应"),
    "visit": Words("Visit to the website", "访问网站"),
    "content": Words("Download or webinar", "下载资料或线上研讨会"),
    "inquiry": Words("Inquiry", "询盘"),
    "meeting": Words("Meeting", "会面"),
    "quote": Words("Quote", "报价"),
    "sample": Words("Sample", "样品"),
    "purchase": Words("Order", "订单"),
    "payment": Words("Payment", "付款"),
    "return": Words("Return", "退货"),
    "support": Words("Support request", "售后请求"),
    "survey": Words("Survey", "问卷"),
}
LINES = Words("{count} lines", "{count} 行")
LATE = Words("{days} days after it was due", "逾期 {days} 天")
EARLY = Words("{days} days before it was due", "提前 {days} 天")
SCORE = Words("score {score}", "评分 {score}")
VIA = Words("via {channel}", "渠道：{channel}")
MORE = Words("{named} and more", "{named} 等")
ENTRY = Words("{title}: {details}", "{title}：{details}")
COMMA = Words(", ", "，")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, at a local ISO time; `place` counts from 1 for the first of all.

    `amount` is the money of its `lines` in the book's currency, null where none has any.
    """

    place: int
    time: str
    type: str
    role: str
    lines: int
    amount: float | None
    order_id: str | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of what happened, the newest first: `total` counts all entries, `before` is what to ask for next (null
    on the last page)."""

    total: int
    entries: tuple[Entry, ...]
    before: int | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "events": [entry.to_dict() for entry in self.entries],
            "before": self.before,
        }


def timeline(
    events: Sequence[Event], cutoff: int, book: Book, *, most: int, before: int | None, language: Language
) -> Timeline:
    """The last `most` entries, before the place `before` (None: the latest), of one customer's events in time order,
    as far as they had happened and were known at `cutoff` (µs UTC)."""
    groups = [tuple(lines) for _, lines in groupby(_known(events, cutoff), key=_together)]
    last = len(groups) if before is None else min(before - 1, len(groups))
    first = max(last - most, 0)
    told = [_entry(place + 1, groups[place], book, language) for place in range(first, last)]
    return Timeline(len(groups), tuple(reversed(told)), first + 1 if first > 0 else None)


def _known(events: Sequence[Event], cutoff: int) -> Iterator[Event]:
    for event in events:
        if instant_of(event.time) <= cutoff and instant_of(event.known_time or event.time) <= cutoff:
            yield event


def _together(event: Event) -> tuple[object, ...]:
    """What the lines of one order share; an event without an order shares its moment."""
    return event.type, event.order_id or event.time


def _entry(place: int, lines: Sequence[Event], book: Book, language: Language) -> Entry:
    first = lines[0]
    amounts = [float(line.amount) for line in lines if line.amount is not None]
    amount = round(sum(amounts), book.minor_digits) if amounts else None
    return Entry(
        place=place,
        time=isoformat(instant_of(first.time), book.time_zone),
        type=first.type,
        role=book.roles[first.type],
        lines=len(lines),
        amount=amount,
        order_id=first.order_id,
        text=_told(lines, amount, book, language),
    )


def _told(lines: Sequence[Event], amount: float | None, book: Book, language: Language) -> str:
    role = book.roles[lines[0].type]
    details = [detail for detail in _details(lines, role, amount, book, language) if detail]
    title = said(TITLES[role], language)
    if not details:
        return title
    return said(ENTRY, language).format(title=title, details=said(COMMA, language).join(details))


def _details(
    lines: Sequence[Event], role: str, amount: float | None, book: Book, language: Language
) -> Iterator[str | None]:
    first = lines[0]
    if amount is not None:
        yield money(amount, book.currency, language)
    if len(lines) > 1:
        yield said(LINES, language).format(count=len(lines))
    if first.quantity is not None and role in ("payment", "survey"):
        yield _quantity(first.quantity, role, language)
    yield _named([line.product or line.category for line in lines], language)
    if first.channel:
        yield said(VIA, language).format(channel=first.channel)


def _quantity(quantity: float, role: str, language: Language) -> str | None:
    if role == "survey":
        return said(SCORE, language).format(score=plain(quantity))
    if not round(quantity):
        return None
    return said(LATE if quantity > 0 else EARLY, language).format(days=plain(abs(quantity)))


def _named(names: Sequence[str | None], language: Language) -> str | None:
    known = list(dict.fromkeys(name for name in names if name))
    shown = said(COMMA, language).join(known[:MOST_NAMED])
    if len(known) > MOST_NAMED:
        return said(MORE, language).format(named=shown)
    return shown or None
