"""Texts with a NUL character, which PostgreSQL cannot keep: no row and no event with one becomes part of a book."""

from __future__ import annotations

import polars as pl

from data.events import Event

NUL = "\0"
_PLAIN = ("customer_id", "type", "product", "category", "channel", "order_id", "key")
_IN_JSON = r"(?:^|[^\\])(?:\\\\)*\\u0000"  # an escaped backslash may stand before a plain "u0000"


def holds_nul(name: str) -> str:
    """Why a row or an event is unusable whose field of this name holds one."""
    return f"{name} holds a NUL character"


def nul_reason() -> pl.Expr:
    """The first text field of the events of a frame that holds one, as a reason; null where none does."""
    plain = [pl.when(in_text(pl.col(name))).then(pl.lit(holds_nul(name))) for name in _PLAIN]
    attributes = pl.when(pl.col("attributes").str.contains(_IN_JSON)).then(pl.lit(holds_nul("attributes")))
    return pl.coalesce(*plain, attributes)


def in_text(text: pl.Expr) -> pl.Expr:
    """Which of the texts hold one."""
    return text.str.contains(NUL, literal=True)


def nul_problem(event: Event) -> str | None:
    """The same of one event."""
    for name in _PLAIN:
        if NUL in (getattr(event, name) or ""):
            return holds_nul(name)
    told = event.attributes or {}
    return holds_nul("attributes") if any(NUL in text for pair in told.items() for text in pair) else None
