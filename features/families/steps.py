"""Steps: the last events one by one, and how varied and how fast they come."""

from features.feature import Family, Feature, Words

PLACES = (
    ("last", "last", "最近"),
    ("second_last", "second last", "倒数第二次"),
    ("third_last", "third last", "倒数第三次"),
    ("fourth_last", "fourth last", "倒数第四次"),
    ("fifth_last", "fifth last", "倒数第五次"),
)
AGED_PLACES = PLACES[1:]  # the age of the last event stands in the family "relationship"


def role_of(name: str, en: str, zh: str) -> Feature:
    """What one of the last events was."""
    words = Words(f"What the {en} event was", f"{zh}往来的类型")
    return Feature(f"{name}_role", "steps", "category", words, words, words)


def age_of(name: str, en: str, zh: str) -> Feature:
    """How long ago one of the last events was."""
    return Feature(
        f"{name}_event_age_days",
        "steps",
        "days",
        Words(f"Days since the {en} event", f"距{zh}往来的天数"),
        Words(f"The {en} event was longer ago than usual", f"{zh}往来早于一般客户"),
        Words(f"The {en} event was less long ago than usual", f"{zh}往来晚于一般客户"),
    )


STEPS = Family(
    "steps",
    Words("Latest steps", "最近步骤"),
    (
        *(role_of(*place) for place in PLACES),
        *(age_of(*place) for place in AGED_PLACES),
        Feature(
            "kinds_of_events",
            "steps",
            "count",
            Words("Different kinds of events so far", "迄今的往来类型数"),
            Words("Many different kinds of events", "往来类型多"),
            Words("Few different kinds of events", "往来类型少"),
        ),
        Feature(
            "event_entropy",
            "steps",
            "number",
            Words(
                "Variety of contact; entropy of the kinds of events in bits, 0 if all are of one kind",
                "往来类型的多样程度（信息熵，以比特计，全部同类为0）",
            ),
            Words("High variety of contact", "往来类型的多样程度高"),
            Words("Low variety of contact", "往来类型的多样程度低"),
            zero=Words("No variety of contact, every event is of one kind", "往来类型单一，全部同类"),
        ),
        Feature(
            "change_share",
            "steps",
            "share",
            Words(
                "Share of steps from one event to the next that change the kind of event",
                "相邻往来中类型发生变化的比例",
            ),
            Words("More than half of the steps change the kind of event", "类型发生变化的往来过半"),
            Words("Less than half of the steps change the kind of event", "类型发生变化的往来不足一半"),
            turn=0.5,
            zero=Words("No step changes the kind of event", "往来类型从无变化"),
        ),
        Feature(
            "mean_event_gap_days",
            "steps",
            "days",
            Words("Mean days from one event to the next", "相邻往来的平均间隔天数"),
            Words("Long time between events", "往来间隔长"),
            Words("Short time between events", "往来间隔短"),
        ),
        Feature(
            "quiet_ratio",
            "steps",
            "ratio",
            Words(
                "Time since the last event against its own mean time between events",
                "距最近往来的时间相对自身平均往来间隔",
            ),
            Words("Quieter than its own habit", "比自身习惯安静"),
            Words("Within its own habit", "仍在自身往来习惯内"),
            turn=1.0,
        ),
    ),
)
