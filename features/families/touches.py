"""Touches and responses: how often we contacted the customer, and what came back."""

from features.feature import Family, Feature, Words

TOUCH_WINDOWS = (30, 91)
RESPONSE_WINDOWS = (30, 91, 365)


def touches_in(days: int) -> Feature:
    """Touches of the last `days` calendar days."""
    return Feature(
        f"touches_{days}d",
        "touches",
        "count",
        Words(f"Our contacts to the customer in the last {days} days", f"近{days}天我方触达次数"),
        Words(f"Contacted often in the last {days} days", f"近{days}天触达多"),
        Words(f"Contacted little in the last {days} days", f"近{days}天触达少"),
        zero=Words(f"Not contacted in the last {days} days", f"近{days}天没有触达"),
    )


def responses_in(days: int) -> Feature:
    """Responses of the last `days` calendar days."""
    return Feature(
        f"responses_{days}d",
        "touches",
        "count",
        Words(f"Responses in the last {days} days", f"近{days}天的响应次数"),
        Words(f"Responded often in the last {days} days", f"近{days}天响应多"),
        Words(f"Responded little in the last {days} days", f"近{days}天响应少"),
        zero=Words(f"Did not respond in the last {days} days", f"近{days}天没有响应"),
    )


TOUCHES = Family(
    "touches",
    Words("Contacts and responses", "触达与响应"),
    (
        Feature(
            "touches",
            "touches",
            "count",
            Words("Our contacts to the customer so far", "迄今我方触达次数"),
            Words("Contacted often", "触达次数多"),
            Words("Contacted little", "触达次数少"),
            zero=Words("Not contacted yet", "尚未触达"),
        ),
        *(touches_in(days) for days in TOUCH_WINDOWS),
        Feature(
            "last_touch_age_days",
            "touches",
            "days",
            Words("Days since our last contact", "距最近一次触达的天数"),
            Words("Our last contact was longer ago than usual", "最近一次触达早于一般客户"),
            Words("Our last contact was less long ago than usual", "最近一次触达晚于一般客户"),
        ),
        Feature(
            "decayed_touches_30d",
            "touches",
            "number",
            Words(
                "Our contacts of the last weeks, recent ones counting more; each fades by half every 30 days",
                "近几周触达次数，越近权重越高（每30天减半）",
            ),
            Words("Contacted often of late, recent contacts counting more", "近几周触达多，越近权重越高"),
            Words("Contacted little of late, recent contacts counting more", "近几周触达少，越近权重越高"),
            zero=Words("Next to no contact by us of late", "近几周几乎没有触达"),
        ),
        Feature(
            "responses",
            "touches",
            "count",
            Words("Responses so far", "迄今的响应次数"),
            Words("Responds often", "响应次数多"),
            Words("Has responded little", "响应次数少"),
            zero=Words("Has not responded yet", "尚无响应"),
        ),
        *(responses_in(days) for days in RESPONSE_WINDOWS),
        Feature(
            "response_days",
            "touches",
            "days",
            Words("Distinct calendar days with a response", "有响应的自然日数"),
            Words("Has responded on many occasions", "响应天数多"),
            Words("Has responded on few occasions", "响应天数少"),
            zero=Words("Has responded on no day", "没有响应的日子"),
        ),
        Feature(
            "last_response_age_days",
            "touches",
            "days",
            Words("Days since the last response", "距最近一次响应的天数"),
            Words("The last response was longer ago than usual", "最近一次响应早于一般客户"),
            Words("The last response was less long ago than usual", "最近一次响应晚于一般客户"),
        ),
        Feature(
            "decayed_responses_120d",
            "touches",
            "number",
            Words(
                "Responses of the last months, recent ones counting more; each fades by half every 120 days",
                "近几个月响应次数，越近权重越高（每120天减半）",
            ),
            Words("Responds often of late, recent responses counting more", "近几个月响应多，越近权重越高"),
            Words("Responds little of late, recent responses counting more", "近几个月响应少，越近权重越高"),
            zero=Words("Next to no responses of late", "近几个月几乎没有响应"),
        ),
        Feature(
            "responses_per_touch",
            "touches",
            "ratio",
            Words("Responses over our contacts", "响应次数与触达次数之比"),
            Words("Many responses for each contact", "每次触达的响应多"),
            Words("Few responses for each contact", "每次触达的响应少"),
            zero=Words("No response to any contact", "触达均无响应"),
        ),
        Feature(
            "answered_touch_share",
            "touches",
            "share",
            Words(
                "Share of our contacts with a response within 60 days after",
                "触达后60天内有响应的比例",
            ),
            Words("More than half of our contacts are followed by a response", "触达后有响应的过半"),
            Words("Less than half of our contacts are followed by a response", "触达后有响应的不足一半"),
            turn=0.5,
            zero=Words("No contact was followed by a response within 60 days", "触达后60天内均无响应"),
        ),
    ),
)
