"""The two lists of movers as tables for a terminal, in English or Chinese."""

from collections.abc import Iterator

import polars as pl
from rich.table import Table

from features.feature import Words
from features.movers import FALSE_SHARE, GLORY, STARS, Window

COUNTED = {"orders": Words("Orders", "订单"), "interactions": Words("Interactions", "互动")}
CUSTOMER = Words("Customer", "客户")
SURE = Words("Sure", "确定")
CHANCE = Words("Chance of it without a change", "无变化时的偶然概率")
NOBODY = Words("nobody", "无")


def tables(found: pl.DataFrame, window: Window, currency: str, language: str, top: int) -> Iterator[Table]:
    """Tomorrow's stars, then yesterday's glory: the `top` first of each (see `features.movers`)."""
    for title, direction in ((STARS, "rising"), (GLORY, "falling")):
        yield _table(title, found.filter(pl.col("direction") == direction), window, currency, language, top)


def _table(title: Words, found: pl.DataFrame, window: Window, currency: str, language: str, top: int) -> Table:
    def said(words: Words) -> str:
        return words.zh if language == "zh" else words.en

    table = Table(title=f"{said(title)}: {_summary(found, window, language)}", title_justify="left")
    spend = Words(f"Spend, {currency}", f"采购额（{currency}）")
    for words in (CUSTOMER, COUNTED[window.counted], spend, CHANCE, SURE):
        table.add_column(said(words), justify="left" if words is CUSTOMER else "right")
    for row in found.head(top).iter_rows(named=True):
        table.add_row(
            row["customer_id"],
            f"{row['before']:,} → {row['recent']:,}",
            f"{row['spend_before']:,.0f} → {row['spend_recent']:,.0f}",
            _chance(min(row["evidence"], 1 - row["evidence"])),
            "✓" if row["sure"] else "",
        )
    if not found.height:
        table.add_row(said(NOBODY), "", "", "", "")
    return table


def _summary(found: pl.DataFrame, window: Window, language: str) -> str:
    sure, days, few = int(found["sure"].sum()), window.days, f"{FALSE_SHARE:.0%}"
    if language == "zh":
        return f"近{days}天对比之前{days}天，共{found.height:,}位，其中{sure:,}位确定（至多{few}出于偶然）"
    compared = f"the last {days} days against the {days} before"
    return f"{compared}; {sure:,} of {found.height:,} sure (at most {few} of them by chance)"


def _chance(share: float) -> str:
    return "< 0.01 %" if share < 1e-4 else f"{share:.2%}".replace("%", " %")
