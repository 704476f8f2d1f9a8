"""How a book declares where rows come from and what their columns mean."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import Field, field_serializer, field_validator, model_validator

from data.errors import listed
from data.settings.condition import Filter, TypeRule
from data.settings.declared import SOURCE_NAME, Declared
from data.settings.zones import known_zone

Format = Literal["csv", "parquet", "xlsx", "text"]
Encoding = Literal["utf-8", "gb18030", "latin-1", "cp1252"]
Decimal = Literal[".", ","]
Kind = Literal["category", "number", "date", "text"]
SET_ENCODING = f"set encoding to one of {listed(get_args(Encoding))}"
SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".txt": "text",
}


class Place(Declared):
    """Where rows are: a file beside the book, inside an installed package, searched for, or behind a URL.

    `path` may hold `*`; several paths are all read, except that with `search` they are alternatives and
    the first one found is read. `made_by` is the command that makes the files, told when there are none.
    `decimal` is the mark before the decimals in numbers written as text.
    """

    path: tuple[str, ...] = ()
    package: str | None = None
    search: bool = False
    made_by: str | None = None
    url: str | None = Field(default=None, repr=False)
    query: str | None = None
    format: Format | None = None
    sheets: tuple[str, ...] = ()
    separator: str = Field(default=",", min_length=1, max_length=1)
    header: bool = True
    names: tuple[str, ...] = ()
    encoding: Encoding = "utf-8"
    decimal: Decimal = "."
    directory: Path | None = Field(default=None, exclude=True)

    @field_serializer("url")
    def _without_password(self, url: str | None) -> str | None:
        return url and re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)

    @field_validator("path", mode="before")
    @classmethod
    def _one_path_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if [self.url is not None, bool(self.path), self._is_elsewhere()].count(True) != 1:
            raise ValueError(f"expected either {self._places()}")
        if (self.url is None) != (self.query is None):
            raise ValueError("url and query belong together")
        if self.package and self.search:
            raise ValueError("package and search exclude each other")
        if not self.header and not self.names:
            raise ValueError("header = false needs names, the names of the columns in order")
        return self

    def _is_elsewhere(self) -> bool:
        return False

    def _places(self) -> str:
        return "path or url (with query)"


class Join(Place):
    """A table joined to the source's rows; a row without a match has nothing in the joined columns."""

    on: str
    columns: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _read_like_its_source(self) -> Self:
        if self.decimal != ".":
            raise ValueError("decimal is that of the source that it is joined to; set it there")
        return self


class Amount(Declared):
    """Money from one column or the product of several, with the sign turned if asked."""

    column: str | None = None
    multiply: tuple[str, ...] = ()
    negate: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) == (not self.multiply):
            raise ValueError("expected either column or multiply")
        return self

    @property
    def factors(self) -> tuple[str, ...]:
        return self.multiply or (self.column or "",)


class Delay(Declared):
    """A quantity of days: from one column with a date to another, negative if that is earlier."""

    days_from: str
    days_to: str


class Columns(Declared):
    """Which column of the source each field of the event comes from."""

    customer_id: str
    time: str
    known_time: str | None = None
    type: str | None = None
    amount: Amount | None = None
    margin: Amount | None = None
    quantity: str | Delay | None = None
    product: str | None = None
    category: str | None = None
    channel: str | None = None
    order_id: str | None = None
    attributes: dict[str, str] = Field(default_factory=dict)

    @field_validator("amount", "margin", mode="before")
    @classmethod
    def _column_alone(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value

    @property
    def measures(self) -> tuple[str, ...]:
        """The columns that the quantity is made of."""
        if self.quantity is None:
            return ()
        delay = self.quantity
        return (delay,) if isinstance(delay, str) else (delay.days_from, delay.days_to)


class Source(Place):
    """Rows that become events.

    `keys` name the columns that identify a row; without them its content does, with the number of its
    occurrence within the file. `type`, `product`, `category` and `channel` are constants for all rows.
    """

    name: str = Field(pattern=SOURCE_NAME)
    columns: Columns
    type: str | None = None
    product: str | None = None
    category: str | None = None
    channel: str | None = None
    types: tuple[TypeRule, ...] = ()
    filters: tuple[Filter, ...] = ()
    joins: tuple[Join, ...] = ()
    keys: tuple[str, ...] = ()
    time_format: str | None = None
    time_zone: str | None = None

    _zone = field_validator("time_zone")(known_zone)

    @model_validator(mode="after")
    def _one_origin_each(self) -> Self:
        origins = [self.type is not None, self.columns.type is not None, bool(self.types)]
        if sum(origins) != 1:
            raise ValueError("expected the type from exactly one of type, columns.type, types")
        for field in ("product", "category", "channel"):
            if getattr(self, field) is not None and getattr(self.columns, field) is not None:
                raise ValueError(f"{field} is both a constant and a column")
        return self

    @property
    def stated_types(self) -> tuple[str, ...]:
        """The types this source can deliver, as far as the book states them."""
        return (self.type,) if self.type is not None else tuple(rule.type for rule in self.types)


class ProfileColumn(Declared):
    """One declared property of a customer; it lapses `valid_days` days after it became known, as ratings do."""

    kind: Kind
    column: str | None = None
    valid_days: int | None = Field(default=None, ge=1)


class ProfileSource(Place):
    """Rows that describe customers; each value is known from `known_time` (a column) or `known_from` on.

    Instead of a place of its own it may name the `source` whose rows, as that source reads and filters them,
    describe the customers too. At a cutoff the value known last counts, until it lapses: at the end of the day in
    the column `expires`, or, where a row names none, after the column's `valid_days`. A row says nothing by an
    empty cell.
    """

    name: str = Field(pattern=SOURCE_NAME)
    source: str | None = None
    customer_id: str
    columns: dict[str, ProfileColumn] = Field(min_length=1)
    known_time: str | None = None
    known_from: date | None = None
    expires: str | None = None
    filters: tuple[Filter, ...] = ()
    joins: tuple[Join, ...] = ()
    time_format: str | None = None
    time_zone: str | None = None

    _zone = field_validator("time_zone")(known_zone)

    @field_validator("columns", mode="before")
    @classmethod
    def _kind_alone(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: {"kind": entry} if isinstance(entry, str) else entry for name, entry in value.items()}

    @model_validator(mode="after")
    def _known_somehow(self) -> Self:
        if (self.known_time is None) == (self.known_from is None):
            raise ValueError("expected either known_time (a column) or known_from (a date)")
        own = self.filters or self.joins or self.time_format or self.time_zone or self.decimal != "."
        if self.source is not None and own:
            raise ValueError("filters, joins, decimal, time_format and time_zone are those of the source that it names")
        return self

    def _is_elsewhere(self) -> bool:
        return self.source is not None

    def _places(self) -> str:
        return "path, url (with query), or source"
