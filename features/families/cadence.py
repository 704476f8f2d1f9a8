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
            Words("First ordered longer ago than usual", "首单早于一般客户"),
            Words("First ordered less long ago than usual", "首单晚于一般客户"),
        ),
        Feature(
            "last_order_age_days",
            "cadence",
            "days",
            Words("Days since the last order", "距最近一次下单的天数"),
            Words("The last order was longer ago than usual", "最近一单早于一般客户"),
            Words("The last order was less long ago than usual", "最近一单晚于一般客户"),
        ),
        Feature(
            "buying_span_days",
            "cadence",
            "days",
            Words("Days from the first to the last order", "首单到末单之间的天数"),
            Words("Orders reach over a long time", "下单时间跨度长"),
            Words("Orders lie close together in time", "下单时间跨度短"),
            zero=Words("All orders came at once", "全部订单在同一时刻"),
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
                "How much the time between orders varies; standard deviation in days, from three orders on",
                "下单间隔的波动天数（标准差，至少三笔订单）",
            ),
            Words("The time between orders varies much", "下单间隔波动大"),
            Words("The time between orders varies little", "下单间隔波动小"),
        ),
        Feature(
            "longest_gap_days",
            "cadence",
            "days",
            Words("Longest time between two orders", "相邻订单的最长间隔"),
            Words("The longest pause between orders is long", "最长停购时间长"),
            Words("The longest pause between orders is short", "最长停购时间短"),
        ),
        Feature(
            "gap_variation",
            "cadence",
            "ratio",
            Words(
                "Order rhythm (0 regular, 1 random); standard deviation of the gaps between orders over their mean",
                "下单节奏（0为规律，1为随机）（下单间隔的标准差与均值之比）",
            ),
            Words(
                "Orders less regularly than usual (0 regular, 1 random)", "下单节奏不如一般客户规律（0为规律，1为随机）"
            ),
            Words(
                "Orders more regularly than usual (0 regular, 1 random)", "下单节奏比一般客户规律（0为规律，1为随机）"
            ),
        ),
        Feature(
            "clumpiness",
            "cadence",
            "share",
            Words(
                "How unevenly orders are spread since the first; 0% is evenly, 100% all at once",
                "首单以来订单分布的集中程度（0%为均匀，100%为完全集中）",
            ),
            Words("Orders spread less evenly over time than usual", "订单分布比一般客户集中"),
            Words("Orders spread more evenly over time than usual", "订单分布比一般客户均匀"),
        ),
        Feature(
            "overdue_ratio",
            "cadence",
            "ratio",
            Words(
                "Time since the last order against its own mean gap",
                "距末单时间相对自身平均下单间隔",
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
                "Time since the last order against its own longest gap",
                "距末单时间相对自身最长下单间隔",
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
                "Orders per 30 days since the first order; at least 30 days",
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
                "Purchases per 30 days since the first order; at least 30 days",
                "首单以来每30天的采购额（至少按30天计）",
            ),
            Words("High purchases per month", "月均采购额高"),
            Words("Low purchases per month", "月均采购额低"),
        ),
    ),
)
