"""Sequences: the last gaps and the last order values, one by one."""

from features.feature import Family, Feature, Words

ORDINALS = (
    ("last", "last", "最近一次"),
    ("second_last", "second last", "倒数第二次"),
    ("third_last", "third last", "倒数第三次"),
)


def gap(name: str, en: str, zh: str) -> Feature:
    """The days between two of the last orders."""
    return Feature(
        f"{name}_gap_days",
        "sequences",
        "days",
        Words(f"Days in the {en} gap between orders", f"{zh}下单间隔的天数"),
        Words(f"The {en} gap between orders was long", f"{zh}下单间隔长"),
        Words(f"The {en} gap between orders was short", f"{zh}下单间隔短"),
    )


def value_ratio(name: str, en: str, zh: str) -> Feature:
    """One of the last order values against the mean of all."""
    return Feature(
        f"{name}_value_ratio",
        "sequences",
        "ratio",
        Words(f"The {en} order against the customer's average order", f"{zh}订单金额相对自身平均"),
        Words(f"The {en} order was large for this customer", f"{zh}订单金额高于自身平均"),
        Words(f"The {en} order was small for this customer", f"{zh}订单金额低于自身平均"),
        turn=1.0,
    )


SEQUENCES = Family(
    "sequences",
    Words("Latest orders", "最近几单"),
    (
        *(gap(*ordinal) for ordinal in ORDINALS),
        Feature(
            "recent_gap_ratio",
            "sequences",
            "ratio",
            Words(
                "The last three gaps between orders against all gaps; means, from four orders on",
                "最近三次下单间隔相对全部间隔（均值之比，至少四笔订单）",
            ),
            Words("The gaps between orders have been growing", "最近几次下单间隔变长"),
            Words("The gaps between orders have been shrinking", "最近几次下单间隔变短"),
            turn=1.0,
        ),
        Feature(
            "last_order_value",
            "sequences",
            "money",
            Words("Value of the last order with a price", "最近一笔有价格订单的金额"),
            Words("The last order was large", "最近一单金额大"),
            Words("The last order was small", "最近一单金额小"),
        ),
        *(value_ratio(*ordinal) for ordinal in ORDINALS),
    ),
)
