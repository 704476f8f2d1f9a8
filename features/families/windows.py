"""Windows: orders, purchases and active days of the last days, and sums that fade with time."""

from features.feature import Family, Feature, Words

WINDOWS = (7, 14, 30, 60, 91, 182, 365)
ACTIVE_DAY_WINDOWS = (30, 91, 365)
HALF_LIVES = (30, 120)
SPANS = {30: Words("weeks", "几周"), 120: Words("months", "几个月")}
"""What an account manager calls the days that a fading sum is mostly about, by half-life."""


def orders_in(days: int) -> Feature:
    """Orders of the last `days` calendar days, the cutoff's day included."""
    return Feature(
        f"orders_{days}d",
        "windows",
        "orders",
        Words(f"Orders in the last {days} days", f"近{days}天的订单数"),
        Words(f"Many orders in the last {days} days", f"近{days}天下单多"),
        Words(f"Few orders in the last {days} days", f"近{days}天下单少"),
        zero=Words(f"No orders in the last {days} days", f"近{days}天没有下单"),
    )


def spend_in(days: int) -> Feature:
    """Purchases of the last `days` calendar days, the cutoff's day included."""
    return Feature(
        f"spend_{days}d",
        "windows",
        "money",
        Words(f"Purchases in the last {days} days", f"近{days}天的采购额"),
        Words(f"High purchases in the last {days} days", f"近{days}天采购额高"),
        Words(f"Low purchases in the last {days} days", f"近{days}天采购额低"),
        zero=Words(f"No purchases in the last {days} days", f"近{days}天没有采购"),
    )


def active_days_in(days: int) -> Feature:
    """Days with an order among the last `days` calendar days."""
    return Feature(
        f"active_days_{days}d",
        "windows",
        "days",
        Words(f"Days with an order in the last {days} days", f"近{days}天中有下单的天数"),
        Words(f"Ordered on many of the last {days} days", f"近{days}天下单天数多"),
        Words(f"Ordered on few of the last {days} days", f"近{days}天下单天数少"),
        zero=Words(f"Ordered on none of the last {days} days", f"近{days}天没有下单的日子"),
    )


def decayed_orders(days: int) -> Feature:
    """Orders, each counted by half after every `days` days."""
    return Feature(
        f"decayed_orders_{days}d",
        "windows",
        "number",
        Words(
            f"Orders of the last {SPANS[days].en}, recent ones counting more; each fades by half every {days} days",
            f"近{SPANS[days].zh}订单数，越近权重越高（每{days}天减半）",
        ),
        Words(
            f"Many orders of the last {SPANS[days].en}, recent ones counting more",
            f"近{SPANS[days].zh}下单多，越近权重越高",
        ),
        Words(
            f"Few orders of the last {SPANS[days].en}, recent ones counting more",
            f"近{SPANS[days].zh}下单少，越近权重越高",
        ),
        zero=Words(f"Next to no orders in the last {SPANS[days].en}", f"近{SPANS[days].zh}几乎没有下单"),
    )


def decayed_spend(days: int) -> Feature:
    """Purchases, each counted by half after every `days` days."""
    return Feature(
        f"decayed_spend_{days}d",
        "windows",
        "money",
        Words(
            f"Purchases of the last {SPANS[days].en}, recent ones counting more; each fades by half every {days} days",
            f"近{SPANS[days].zh}采购额，越近权重越高（每{days}天减半）",
        ),
        Words(
            f"High purchases of the last {SPANS[days].en}, recent ones counting more",
            f"近{SPANS[days].zh}采购额高，越近权重越高",
        ),
        Words(
            f"Low purchases of the last {SPANS[days].en}, recent ones counting more",
            f"近{SPANS[days].zh}采购额低，越近权重越高",
        ),
        zero=Words(f"Next to no purchases in the last {SPANS[days].en}", f"近{SPANS[days].zh}几乎没有采购"),
    )


WINDOW_FAMILY = Family(
    "windows",
    Words("Recent buying", "近期购买"),
    (
        *(orders_in(days) for days in WINDOWS),
        *(spend_in(days) for days in WINDOWS),
        *(active_days_in(days) for days in ACTIVE_DAY_WINDOWS),
        Feature(
            "active_weeks_91d",
            "windows",
            "count",
            Words("Of the last 13 weeks, those with an order", "近13周中有下单的周数"),
            Words("Ordered in most of the last weeks", "近几周多数有下单"),
            Words("Ordered in few of the last weeks", "近几周少有下单"),
            turn=6.5,
            zero=Words("Ordered in none of the last 13 weeks", "近13周均无下单"),
        ),
        *(decayed_orders(days) for days in HALF_LIVES),
        *(decayed_spend(days) for days in HALF_LIVES),
    ),
)
