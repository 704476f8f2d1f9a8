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
            Words("Days since the first event of any kind", "距首次任何往来的天数"),
            Words("Known for a long time", "往来时间长"),
            Words("Known only recently", "往来时间短"),
        ),
        Feature(
            "events",
            "relationship",
            "count",
            Words(
                "Events of any kind so far, each line of an order counted: how much we know",
                "迄今的全部事件数（订单逐行计，信息量）",
            ),
            Words("Much is on record", "往来记录多"),
            Words("Little is on record", "往来记录少"),
        ),
        Feature(
            "last_event_age_days",
            "relationship",
            "days",
            Words("Days since the last event of any kind", "距最近一次任何往来的天数"),
            Words("Nothing heard for a long time", "许久没有往来"),
            Words("In touch recently", "近期有往来"),
        ),
    ),
)
