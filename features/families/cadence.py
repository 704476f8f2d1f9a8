"""Cadence: the rhythm of the orders, and where the customer stands in it now."""

from features.feature import Family, Feature, Words

CADENCE = Family(
    "cadence",
    Words("Buying rhythm", "购买节奏"),
    (
        Feature(
            "first_order_age_days",
            "cadence",
            "days",
            Words("Days since the first order", "距首次下单的天数"),
            Words("First ordered long ago", "首单时间早"),
            Words("First ordered only recently", "首单时间近"),
        ),
        Feature(
            "last_order_age_days",
            "cadence",
            "days",
            Words("Days since the last order", "距最近一次下单的天数"),
            Words("No order for a long time", "许久未下单"),
            Words("Ordered recently", "近期有下单"),
        ),
        Feature(
            "buying_span_days",
            "cadence",
            "days",
            Words("Days from the first to the last order", "首单到末单之间的天数"),
            Words("Orders reach over a long time", "下单时间跨度长"),
            Words("Orders lie close together in time", "下单时间跨度短"),
        ),
        Feature(
            "mean_gap_days",
            "cadence",
            "days",
            Words("Mean days between orders; from two orders on", "相邻订单的平均间隔天数（至少两笔订单）"),
            Words("Long time between orders", "下单间隔长"),
            Words("Short time between orders", "下单间隔短"),
        ),
        Feature(
            "gap_sd_days",
            "cadence",
            "days",
            Words(
                "Standard deviation of the days between orders; from three orders on",
                "下单间隔天数的标准差（至少三笔订单）",
            ),
            Words("The time between orders varies much", "下单间隔波动大"),
            Words("The time between orders varies little", "下单间隔波动小"),
        ),
        Feature(
            "longest_gap_days",
            "cadence",
            "days",
            Words("Longest time between two orders", "相邻订单的最长间隔"),
            Words("Has paused for long between orders", "曾长时间停购"),
            Words("Has never paused for long", "从未长时间停购"),
        ),
        Feature(
            "gap_variation",
            "cadence",
            "ratio",
            Words(
                "Standard deviation of the gaps over their mean: 0 is a clock, 1 is chance",
                "下单间隔的标准差与均值之比：0为定期，1为随机",
            ),
            Words("The gaps between orders vary much for their length", "下单间隔的相对波动大"),
            Words("The gaps between orders vary little for their length", "下单间隔的相对波动小"),
        ),
        Feature(
            "clumpiness",
            "cadence",
            "share",
            Words(
                "How unevenly orders are spread since the first; 0% is evenly, 100% all at once",
                "首单以来订单分布的集中程度（0%为均匀，100%为完全集中）",
            ),
            Words("High unevenness of the orders over time", "订单分布的集中程度高"),
            Words("Low unevenness of the orders over time", "订单分布的集中程度低"),
        ),
        Feature(
            "overdue_ratio",
            "cadence",
            "ratio",
            Words(
                "Days since the last order over the customer's mean gap",
                "距末单天数与自身平均下单间隔之比",
            ),
            Words("Overdue against its own rhythm", "已超出自身下单节奏"),
            Words("Within its own rhythm", "仍在自身下单节奏内"),
            turn=1.0,
        ),
        Feature(
            "overdue_longest_ratio",
            "cadence",
            "ratio",
            Words(
                "Days since the last order over the customer's longest gap",
                "距末单天数与自身最长下单间隔之比",
            ),
            Words("The present pause is long even for this customer", "当前停购时间接近或超过以往最长"),
            Words("Has come back from longer pauses", "以往停购更久也曾恢复下单"),
            turn=1.0,
        ),
        Feature(
            "orders_per_month",
            "cadence",
            "ratio",
            Words(
                "Orders per 30 days since the first order (at least 30 days)",
                "首单以来每30天的订单数（至少按30天计）",
            ),
            Words("Many orders per month", "月均订单多"),
            Words("Few orders per month", "月均订单少"),
        ),
        Feature(
            "spend_per_month",
            "cadence",
            "money",
            Words(
                "Purchases per 30 days since the first order (at least 30 days)",
                "首单以来每30天的采购额（至少按30天计）",
            ),
            Words("High purchases per month", "月均采购额高"),
            Words("Low purchases per month", "月均采购额低"),
        ),
    ),
)
