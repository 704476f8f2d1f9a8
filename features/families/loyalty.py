"""Loyalty: whether the customer keeps buying, period after period, counted back from the cutoff's day."""

from features.feature import Family, Feature, Words

LOYALTY = Family(
    "loyalty",
    Words("Loyalty", "忠诚度"),
    (
        Feature(
            "buying_years",
            "loyalty",
            "count",
            Words("Years with an order, counted back from the cutoff", "有下单的年数（自截止日向前计）"),
            Words("Has bought in many years", "有下单的年份多"),
            Words("Has bought in few years", "有下单的年份少"),
            zero=Words("Has bought in no year", "没有下单的年份"),
        ),
        Feature(
            "buying_streak_91d",
            "loyalty",
            "count",
            Words(
                "Periods of 91 days in a row with an order, counted back from the cutoff",
                "自截止日向前连续有下单的91天周期数",
            ),
            Words("Many periods of 91 days in a row with an order", "连续有下单的91天周期多"),
            Words("Few periods of 91 days in a row with an order", "连续有下单的91天周期少"),
            zero=Words("No order in the latest period of 91 days", "最近一个91天周期没有下单"),
        ),
        Feature(
            "buying_period_share",
            "loyalty",
            "share",
            Words(
                "Of the periods of 91 days since the first order, the share with an order",
                "首单以来的91天周期中有下单的比例",
            ),
            Words("More than half of the periods of 91 days have an order", "有下单的91天周期过半"),
            Words("Less than half of the periods of 91 days have an order", "有下单的91天周期不足一半"),
            turn=0.5,
        ),
    ),
)
