"""What is said of a value that cannot be told: an event that never was, a record too short, nothing to divide by."""

from features.feature import Feature, Words

AGE = "_age_days"
"""How the names of features end that say how long ago something was."""

NEVER = Words("never yet", "从未")
NOT_RECORDED = Words("not on record", "无记录")
UNTOLD = Words("cannot be told yet", "暂无法计算")
NO_ORDER = Words("no order yet", "尚未下单")
NO_PRICE = Words("no order with a price yet", "尚无有价格的订单")
FEW_ORDERS = Words("too few orders to tell yet", "订单过少，暂无法判断")
NOTHING_TO_COMPARE = Words("nothing to compare in the two periods", "两期均无可比数据")
NOT_KNOWN_THEN = Words("not known to us then", "当时尚无往来")
FEW_EVENTS = Words("too few events to tell yet", "往来过少，暂无法判断")
NO_CONTACT = Words("no contact by us yet", "我方尚未触达")
NO_PAYMENT = Words("no payment yet", "尚无付款")
NO_SURVEY = Words("no survey answer yet", "尚无调查答复")
NOT_YET = Words("not yet", "尚未")

OF_FAMILY = {
    "profile": NOT_RECORDED,
    "cadence": FEW_ORDERS,
    "sequences": FEW_ORDERS,
    "trends": NOTHING_TO_COMPARE,
    "evidence": NOTHING_TO_COMPARE,
    "calendar": NOT_KNOWN_THEN,
    "loyalty": NO_ORDER,
    "payments": NO_PAYMENT,
    "steps": Words("no such event yet", "尚无此次往来"),
    "touches": NO_CONTACT,
}
OF_FEATURE = {
    "average_order_value": NO_PRICE,
    "median_order_value": NO_PRICE,
    "largest_order_value": NO_PRICE,
    "last_order_value": NO_PRICE,
    "order_value_variation": FEW_ORDERS,
    "lines_per_order": NO_ORDER,
    "quantity_per_order": NO_ORDER,
    "return_share": NO_ORDER,
    "repeat_product_share": NO_ORDER,
    "first_order_age_days": NOT_YET,
    "last_order_age_days": NEVER,
    "buying_span_days": NO_ORDER,
    "orders_per_month": NO_ORDER,
    "spend_per_month": NO_ORDER,
    "spend_share_91d": NO_ORDER,
    "orders_habit_ratio_91d": NO_ORDER,
    "spend_habit_ratio_91d": NO_ORDER,
    "interactions_habit_ratio_30d": Words("no interaction yet", "尚无互动"),
    "orders_acceleration_91d": Words("not known for long enough", "往来时间尚短"),
    "spend_year_trend_91d": NOTHING_TO_COMPARE,
    "weekend_share": NO_ORDER,
    "stage_age_days": NOT_YET,
    "inquiries_quoted_share": Words("no inquiry old enough yet", "尚无满期的询盘"),
    "quotes_won_share": Words("no quote request old enough yet", "尚无满期的报价请求"),
    "samples_won_share": Words("no sample old enough yet", "尚无满期的样品"),
    "quote_to_order_days": Words("no quote request won yet", "尚无成交的报价"),
    "orders_after_intent_share": NO_ORDER,
    "last_session_gap_days": Words("a single one so far", "迄今仅有一个时段"),
    "change_share": FEW_EVENTS,
    "mean_event_gap_days": FEW_EVENTS,
    "quiet_ratio": FEW_EVENTS,
    "last_touch_age_days": NEVER,
    "last_response_age_days": NEVER,
    "worst_days_late_365d": Words("no payment in the last 365 days", "近365天无付款"),
    "support_per_order": NO_ORDER,
    "last_survey_score": NO_SURVEY,
    "mean_survey_score": NO_SURVEY,
    "last_survey_age_days": NEVER,
}


def missing(feature: Feature) -> Words:
    """What stands for the value where there is none: the feature's own words, its family's, or what suits the unit."""
    words = OF_FEATURE.get(feature.name) or OF_FAMILY.get(feature.family)
    return words or (NEVER if feature.name.endswith(AGE) else UNTOLD)
