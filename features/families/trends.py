"""Trends: the last days against the days before them and against the customer's own habit."""

from features.feature import Family, Feature, Words

TREND_WINDOWS = (30, 91, 182)


def orders_trend(days: int) -> Feature:
    """Of the orders in two windows of `days` days, the share in the later one."""
    return Feature(
        f"orders_trend_{days}d",
        "trends",
        "share",
        Words(
            f"Of the orders in the last {2 * days} days, the share in the last {days}; "
            f"once the customer is known that long",
            f"近{days}天订单占近{2 * days}天订单的比例（已知历史足够长时）",
        ),
        Words(
            f"Of the orders in the last {2 * days} days, more than half in the last {days}",
            f"近{days}天订单占近{2 * days}天订单的一半以上",
        ),
        Words(
            f"Of the orders in the last {2 * days} days, less than half in the last {days}",
            f"近{days}天订单占近{2 * days}天订单的不足一半",
        ),
        turn=0.5,
        zero=Words(
            f"Of the orders in the last {2 * days} days, none in the last {days}",
            f"近{2 * days}天订单中，近{days}天没有一单",
        ),
    )


def spend_trend(days: int) -> Feature:
    """Of the purchases in two windows of `days` days, the share in the later one."""
    return Feature(
        f"spend_trend_{days}d",
        "trends",
        "share",
        Words(
            f"Of the purchases in the last {2 * days} days, the share in the last {days}; "
            f"once the customer is known that long",
            f"近{days}天采购额占近{2 * days}天采购额的比例（已知历史足够长时）",
        ),
        Words(
            f"Of the purchases in the last {2 * days} days, more than half in the last {days}",
            f"近{days}天采购额占近{2 * days}天采购额的一半以上",
        ),
        Words(
            f"Of the purchases in the last {2 * days} days, less than half in the last {days}",
            f"近{days}天采购额占近{2 * days}天采购额的不足一半",
        ),
        turn=0.5,
        zero=Words(
            f"Of the purchases in the last {2 * days} days, none in the last {days}",
            f"近{2 * days}天采购额中，近{days}天为零",
        ),
    )


TRENDS = Family(
    "trends",
    Words("Trend", "趋势"),
    (
        *(orders_trend(days) for days in TREND_WINDOWS),
        *(spend_trend(days) for days in TREND_WINDOWS),
        Feature(
            "spend_share_91d",
            "trends",
            "share",
            Words("Share of all purchases that fell in the last 91 days", "近91天采购额占历史总额的比例"),
            Words("Large share of all purchases in the last 91 days", "近91天采购额占历史总额的比例高"),
            Words("Small share of all purchases in the last 91 days", "近91天采购额占历史总额的比例低"),
            zero=Words("None of the purchases fell in the last 91 days", "历史采购额均不在近91天"),
        ),
        Feature(
            "orders_habit_ratio_91d",
            "trends",
            "ratio",
            Words(
                "Orders of the last 91 days against its own habit; over what its average rate would give",
                "近91天订单数相对自身习惯（与按自身平均频率应有的订单数之比）",
            ),
            Words("Orders more than its own habit", "下单多于自身习惯"),
            Words("Orders less than its own habit", "下单少于自身习惯"),
            turn=1.0,
        ),
        Feature(
            "spend_habit_ratio_91d",
            "trends",
            "ratio",
            Words(
                "Purchases of the last 91 days against its own habit; over what its average rate would give",
                "近91天采购额相对自身习惯（与按自身平均水平应有的采购额之比）",
            ),
            Words("Buys for more than its own habit", "采购额高于自身习惯"),
            Words("Buys for less than its own habit", "采购额低于自身习惯"),
            turn=1.0,
        ),
        Feature(
            "interactions_habit_ratio_30d",
            "trends",
            "ratio",
            Words(
                "Interactions of the last 30 days against its own habit; over what its average rate would give",
                "近30天互动次数相对自身习惯（与按自身平均频率应有的次数之比）",
            ),
            Words("More active with us than its own habit", "互动多于自身习惯"),
            Words("Less active with us than its own habit", "互动少于自身习惯"),
            turn=1.0,
        ),
        Feature(
            "orders_acceleration_91d",
            "trends",
            "number",
            Words(
                "Change of orders from one 91 days to the next, against the change before that; "
                "once the customer is known for 273 days",
                "相邻91天订单变化量与其前一次变化量之差（已知满273天时）",
            ),
            Words("The change in orders over 91 days is above the change before it", "相邻91天的订单变化量高于前一次"),
            Words("The change in orders over 91 days is below the change before it", "相邻91天的订单变化量低于前一次"),
            turn=0.0,
        ),
    ),
)
