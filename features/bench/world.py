"""Random histories of every role, as large as a benchmark asks for."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.events import PAYMENT, RETURN, ROLES
from data.hashing import Hashes, stable_hash
from data.histories.histories import EVENT_ARRAYS, Histories
from data.settings.book import Book

DAY = 86_400_000_000
HOUR = DAY // 24
FIRST_DAY, DAYS = 18_628, 730  # from 2021-01-01 on
LAST_INSTANT = (FIRST_DAY + DAYS) * DAY - 1
CUTOFFS = tuple(LAST_INSTANT - 30 * DAY * step for step in range(6))
EVENTS_A_CUSTOMER = 100
SHARES = (0.40, 0.02, 0.05, 0.06, 0.05, 0.03, 0.15, 0.06, 0.08, 0.05, 0.02, 0.02, 0.01)  # in the order of ROLES
LINES_AN_ORDER = 3
WORDS = {
    "type": ROLES,
    "product": tuple(f"product {number}" for number in range(500)),
    "category": tuple(f"category {number}" for number in range(12)),
    "channel": tuple(f"channel {number}" for number in range(5)),
    "contact": tuple(f"contact {number}" for number in range(4)),
}
BOOK = Book.model_validate(
    {
        "name": "bench",
        "currency": "EUR",
        "time_zone": "UTC",
        "roles": {role: role for role in ROLES},
        "sources": (
            {"name": "all", "path": "all.csv", "columns": {"customer_id": "who", "time": "at", "type": "what"}},
        ),
        "signal_set": "trade",
    }
)


def customer_names(events: int) -> list[str]:
    """The customers of about so many events."""
    return [f"c{number:08}" for number in range(max(1, events // EVENTS_A_CUSTOMER))]


@cache
def hashes_of(column: str) -> Hashes:
    """uint64[words]: the hashes of the words of a column."""
    return stable_hash(WORDS[column])


def random_histories(customer_ids: Sequence[str], seed: int) -> Histories:
    """Histories of 100 events each on average, over two years, in UTC."""
    random = np.random.default_rng(seed)
    lengths = random.poisson(EVENTS_A_CUSTOMER, len(customer_ids))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    count = int(offsets[-1])
    time = FIRST_DAY * DAY + random.integers(0, DAYS * 24, count) * HOUR
    role = random.choice(len(ROLES), count, p=SHARES).astype(np.int8)
    rows = np.lexsort((role, time, np.repeat(np.arange(len(lengths)), lengths)))
    time, role = time[rows], role[rows]
    is_line = role <= RETURN
    days_late = random.integers(-5, 20, count)
    texts = {name: hashes_of(name)[random.integers(0, len(words), count)] for name, words in WORDS.items()}
    return Histories(
        customer_ids=customer_ids,
        offsets=offsets,
        time=time,
        known_time=time.copy(),
        day=(time // DAY).astype(np.int32),
        role=role,
        order=np.where(is_line, np.arange(count) // LINES_AN_ORDER, -1).astype(np.int32),
        amount=np.where(is_line, random.integers(100, 1_000_000, count) * np.where(role == RETURN, -1, 1), 0),
        priced=is_line,
        margin=np.zeros(count, np.int64),
        margined=np.zeros(count, np.bool_),
        quantity=np.where(role == PAYMENT, days_late, random.integers(1, 20, count)).astype(np.float64),
        **{**texts, "type": hashes_of("type")[role]},
        profile={},
    )


def table_of(histories: Histories) -> pl.DataFrame:
    """The same events as a table: `customer` counts from 0, `amount` is in minor units, null where there is none."""
    plain = {"micros": "time", "known": "known_time"}
    columns = ("day", "role", "type", "order", "quantity", "product", "category", "channel", "contact")
    return pl.DataFrame(
        {
            "customer": np.repeat(np.arange(len(histories), dtype=np.int32), np.diff(histories.offsets)),
            **{name: getattr(histories, column) for name, column in plain.items()},
            **{name: getattr(histories, name) for name in columns},
            "amount": pl.Series(histories.amount).set(pl.Series(~histories.priced), None),
        }
    )


def histories_of(table: pl.DataFrame, customers: int) -> Histories:
    """The inverse of `table_of`."""
    lengths = np.bincount(table["customer"].to_numpy(), minlength=customers)
    names = {"time": "micros", "known_time": "known"}
    columns = [name for name in EVENT_ARRAYS if name not in ("amount", "priced", "margin", "margined")]
    arrays: dict[str, NDArray[Any]] = {name: table[names.get(name, name)].to_numpy() for name in columns}
    return Histories(
        customer_ids=[f"{number:08}" for number in range(customers)],
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        amount=table["amount"].fill_null(0).to_numpy(),
        priced=table["amount"].is_not_null().to_numpy(),
        margin=np.zeros(table.height, np.int64),
        margined=np.zeros(table.height, np.bool_),
        **arrays,
        profile={},
    )


def words_of(histories: Histories, number: int) -> pl.DataFrame:
    """What the hashes stand for, and a key for every event of bucket `number`."""
    said: dict[str, pl.Series] = {}
    for name, words in WORDS.items():
        ascending = np.argsort(hashes_of(name))
        places = np.searchsorted(hashes_of(name)[ascending], getattr(histories, name))
        said[name] = pl.Series(words)[ascending][places]
    row = pl.Series(np.arange(histories.events)).cast(pl.String)
    order = pl.Series(histories.order).cast(pl.String).set(pl.Series(histories.order < 0), None)
    attributes = '{"contact":"' + said["contact"] + '"}'
    source = pl.repeat("all", histories.events, eager=True)
    return pl.DataFrame(
        {**said, "attributes": attributes, "order_id": order, "source": source, "key": f"{number}-" + row}
    )
