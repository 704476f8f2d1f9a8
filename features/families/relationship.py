"""Relationship: how long and how well we know the customer."""

from features.feature import Family, Feature, Words

RELATIONSHIP = Family(
    "relationship",
    Words("Relationship", "合作关系"),
    (
        Feature(
            "tenure_days",
            "relationship",
            "days",
            Words("Known for; days since the first event of any kind", "往来时长（距首次任何往来的天数）"),
            Words("Known for longer than usual", "往来时间长于一般客户"),
            Words("Known for less long than usual", "往来时间短于一般客户"),
        ),
        Feature(
            "events",
            "relationship",
            "count",
            Words(
                "Events on record; of any kind so far, each line of an order counted",
                "往来记录数（迄今全部事件，订单逐行计）",
            ),
            Words("Much is on record", "往来记录多"),
            Words("Little is on record", "往来记录少"),
        ),
        Feature(
            "last_event_age_days",
            "relationship",
            "days",
            Words("Days since the last event of any kind", "距最近一次任何往来的天数"),
            Words("The last event was longer ago than usual", "最近一次往来早于一般客户"),
            Words("The last event was less long ago than usual", "最近一次往来晚于一般客户"),
        ),
    ),
)
