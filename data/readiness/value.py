"""What value means in a book, in words, and where its money may mean something else than the book says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from data.errors import did_you_mean
from data.readiness.money import Money
from data.settings.book import Book
from data.settings.margin import Margin

SHOWN = 4  # rates in one sentence
MANY = 0.5  # the share of returns with a positive margin that looks like a sign turned the wrong way

Words = Callable[[str], Mapping[int, str]]


def value_in_words(book: Book) -> str:
    """What is counted as value: `value: margin of 35 % of purchases, less that of returns`."""
    if book.value == "gross":
        return "value: purchases; returns are not taken off"
    whole = "purchases, less returns" if book.value == "net" else f"margin of {_margin(book)}, less that of returns"
    costs = ", ".join(f"{type_} {_money(cost, book)}" for type_, cost in book.service_cost.items())
    return f"value: {whole}{f', and less the service cost of each {costs}' if costs else ''}"


def _margin(book: Book) -> str:
    rates = _rates(book.margin) if book.margin else ""
    if not book.maps_margin:
        return f"{rates} of purchases"
    return f"purchases as told by each{f', or {rates} of its amount' if rates else ''}"


def _rates(margin: Margin) -> str:
    told = [f"{_percent(rate)} ({category})" for category, rate in margin.rates.items()]
    if not told:
        return _percent(margin.rate)
    more = [f"{len(told) - SHOWN} more rates"] if len(told) > SHOWN else []
    return ", ".join([*told[:SHOWN], *more, f"{_percent(margin.rate)} (all other categories)"])


def _percent(rate: float) -> str:
    return f"{100 * rate:g} %"


def _money(money: float, book: Book) -> str:
    return f"{money:,.{book.minor_digits}f} {book.currency}"


def value_hints(book: Book, money: Money, words: Words) -> Iterator[str]:
    """One text for each thing about value that the book's settings may put right; `words` are those of a store."""
    if book.value == "gross":
        yield from _returns_left_out(book, money)
    if book.value != "margin":
        yield from _margins_left_out(book)
        return
    if book.maps_margin:
        yield from _without_margin(book, money)
        yield from _turned_signs(money)
    elif book.margin and book.margin.rates:
        yield from _without_category_rate(book, book.margin, money)
    if book.margin:
        yield from _rates_in_vain(book.margin, money, words)


def _returns_left_out(book: Book, money: Money) -> Iterator[str]:
    if money.returns:
        lost = _money(-money.returned / 10.0**book.minor_digits, book)
        yield f'value is gross: {money.returns:,} returns of {lost} are not taken off; value = "net" does that'


def _margins_left_out(book: Book) -> Iterator[str]:
    if book.maps_margin:
        yield f'value is {book.value}: the margins of the sources are not counted; value = "margin" does that'


def _without_margin(book: Book, money: Money) -> Iterator[str]:
    bought, returned = money.purchases_without_margin, money.returns_without_margin
    if not bought and not returned:
        return
    told = f"{bought:,} purchases and {returned:,} returns have no margin"
    if book.margin is None:
        yield f"{told}: they count with a margin of 0; set rate in [margin] to count a share of their amounts"
    else:
        yield f"{told}: they count at {_rates(book.margin)} of their amounts"


def _turned_signs(money: Money) -> Iterator[str]:
    if money.returns_with_gain > MANY * money.returns_with_margin:
        yield (
            f"{money.returns_with_gain:,} returns have a positive margin, which adds to value instead of taking it "
            'back: in a source of returns, set margin = { column = "...", negate = true }'
        )


def _without_category_rate(book: Book, margin: Margin, money: Money) -> Iterator[str]:
    parts = (
        (money.bought_without_category, "has no category"),
        (money.bought_without_rate, "is of categories that margin.rates does not name"),
    )
    for part, why in parts:
        if part > 0 and money.bought > 0:
            share, told = part / money.bought, _money(part / 10.0**book.minor_digits, book)
            yield f"{share:.1%} of the purchase money ({told}) {why}: counted at the rate {margin.rate:g}"


def _rates_in_vain(margin: Margin, money: Money, words: Words) -> Iterator[str]:
    for category in margin.rates:
        if category not in money.rated:
            meant = did_you_mean(category, words("category").values())
            yield f'margin.rates: no purchase has the category "{category}"{meant}'
