"""Calendar: the same season a year ago, and the days of the week.

The cutoff's own month is left out on purpose: a handful of training snapshots share a handful of months, so a
model would learn the name of the snapshot instead of the season.
"""

from features.feature import Family, Feature, Words

CALENDAR = Family(
    "calendar",
    Words("Season", "季节"),
    (
        Feature(
            "orders_next_91d_last_year",
            "calendar",
            "orders",
            Words(
                "Orders a year ago in the 91 days that now lie ahead; once known for a year",
                "去年同期未来91天的订单数（已知满一年时）",
            ),
            Words("Ordered often a year ago in the season now ahead", "去年同季下单多"),
            Words("Ordered little a year ago in the season now ahead", "去年同季下单少"),
            zero=Words("Did not order a year ago in the season now ahead", "去年同季未下单"),
        ),
        Feature(
            "spend_next_91d_last_year",
            "calendar",
            "money",
            Words(
                "Purchases a year ago in the 91 days that now lie ahead; once known for a year",
                "去年同期未来91天的采购额（已知满一年时）",
            ),
            Words("Bought much a year ago in the season now ahead", "去年同季采购额高"),
            Words("Bought little a year ago in the season now ahead", "去年同季采购额低"),
            zero=Words("Bought nothing a year ago in the season now ahead", "去年同季无采购"),
        ),
        Feature(
            "spend_next_182d_last_year",
            "calendar",
            "money",
            Words(
                "Purchases a year ago in the 182 days that now lie ahead; once known for a year",
                "去年同期未来182天的采购额（已知满一年时）",
            ),
            Words("Bought much a year ago in the half-year now ahead", "去年同期半年采购额高"),
            Words("Bought little a year ago in the half-year now ahead", "去年同期半年采购额低"),
            zero=Words("Bought nothing a year ago in the half-year now ahead", "去年同期半年无采购"),
        ),
        Feature(
            "spend_91d_last_year",
            "calendar",
            "money",
            Words(
                "Purchases in the same 91 days a year ago; once known that long",
                "去年同期近91天的采购额（已知历史足够长时）",
            ),
            Words("Bought much in this season a year ago", "去年此季采购额高"),
            Words("Bought little in this season a year ago", "去年此季采购额低"),
            zero=Words("Bought nothing in this season a year ago", "去年此季无采购"),
        ),
        Feature(
            "spend_year_trend_91d",
            "calendar",
            "share",
            Words(
                "Of the purchases in the last 91 days and the same days a year ago, the share in the later",
                "近91天采购额占其与去年同期之和的比例",
            ),
            Words(
                "Of the purchases in the last 91 days and the same days a year ago, more than half in the later",
                "近91天采购额占其与去年同期之和的一半以上",
            ),
            Words(
                "Of the purchases in the last 91 days and the same days a year ago, less than half in the later",
                "近91天采购额占其与去年同期之和的不足一半",
            ),
            turn=0.5,
        ),
        Feature(
            "weekend_share",
            "calendar",
            "share",
            Words("Share of orders at the weekend", "周末下单的比例"),
            Words("Large share of orders at the weekend", "周末下单的比例高"),
            Words("Small share of orders at the weekend", "周末下单的比例低"),
            zero=Words("No orders at the weekend", "周末没有下单"),
        ),
    ),
)
