"""The fourteen indicators as policies read them."""

from dataclasses import dataclass

from features.feature import Words


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator as an input: the feature that tells it, and the percentile of a customer without one."""

    name: str
    words: Words
    unit: str
    feature: str | None
    rises: bool = True
    absent: float = 0.0


TELLING = (
    Indicator("total_purchases", Words("total purchases", "累计采购额"), "money", "spend"),
    Indicator("purchase_frequency", Words("orders in the last 365 days", "近365天订单数"), "orders", "orders_365d"),
    Indicator("average_order_value", Words("average order value", "平均订单金额"), "money", "average_order_value"),
    Indicator(
        "lifetime_value", Words("expected in the next {days} days", "未来 {days} 天预计"), "money", "lifetime_value"
    ),
    Indicator(
        "recency", Words("days since the last order", "距上次下单天数"), "days", "last_order_age_days", rises=False
    ),
    Indicator("industry_outlook", Words("industry outlook", "行业前景"), "number", None, absent=0.5),
    Indicator("company_size", Words("company size and stage", "企业规模与阶段"), "number", None, absent=0.5),
    Indicator(
        "inquiry_quality", Words("inquiries that led to a quote", "询盘转报价比例"), "share", "inquiries_quoted_share"
    ),
    Indicator(
        "key_contacts", Words("active contacts, last 91 days", "近91天活跃联系人"), "count", "active_contacts_91d"
    ),
    Indicator(
        "years_of_cooperation", Words("days since the first order", "距首次下单天数"), "days", "first_order_age_days"
    ),
    Indicator("loyalty", Words("quarters in a row with an order", "连续下单季度数"), "count", "buying_streak_91d"),
    Indicator(
        "payment_credit", Words("late payments", "逾期付款比例"), "share", "late_payment_share", rises=False, absent=0.5
    ),
    Indicator(
        "referral_willingness",
        Words("last survey score", "最近一次调研评分"),
        "number",
        "last_survey_score",
        absent=0.5,
    ),
    Indicator("cultural_fit", Words("cultural fit", "文化契合度"), "number", None, absent=0.5),
)
"""In the order of `data.settings.tiers.scorecard.INDICATORS`."""

BY_NAME = {each.name: each for each in TELLING}
