"""Evidence: how sure it is that the customer is rising or falling.

Each feature is the mid-p value of an exact test: if the events of two windows of one length came at one rate,
the later window would hold each of them with probability 1/2, and their number there would be binomial. The
value is P(fewer) + P(as many) / 2: near 1 for a rise that chance seldom makes, near 0 for such a fall, and
1/2 where there is no sign of either. Source: Przyborowski and Wilenski, "Homogeneity of Results in Testing
Samples from Poisson Series", Biometrika 31 (1940); mid-p: Lancaster, JASA 56 (1961).
"""

from features.feature import Family, Feature, Words

ORDER_WINDOWS = (30, 91, 182)
INTERACTION_RISES = (30, 91)


def rise(name: str, days: int, en: str, zh: str) -> Feature:
    """How sure it is that there are more of something than before."""
    return Feature(
        f"{name}_rise_{days}d",
        "evidence",
        "share",
        Words(
            f"Evidence that {en} rose in the last {days} days against the {days} before; "
            f"0% is a sure fall, 100% a sure rise, once the customer is known that long",
            f"近{days}天{zh}较之前{days}天上升的迹象（0%为确定下降，100%为确定上升，已知历史足够长时）",
        ),
        Words(
            f"Signs that {en} have risen, last {days} days against the {days} before (0% fall, 100% rise)",
            f"近{days}天{zh}较之前{days}天有上升迹象（0%为下降，100%为上升）",
        ),
        Words(
            f"Signs that {en} have fallen, last {days} days against the {days} before (0% fall, 100% rise)",
            f"近{days}天{zh}较之前{days}天有下降迹象（0%为下降，100%为上升）",
        ),
        turn=0.5,
    )


EVIDENCE = Family(
    "evidence",
    Words("Rising and falling", "上升与下降"),
    (
        *(rise("orders", days, "orders", "订单") for days in ORDER_WINDOWS),
        *(rise("interactions", days, "interactions", "互动") for days in INTERACTION_RISES),
        Feature(
            "orders_year_rise_91d",
            "evidence",
            "share",
            Words(
                "Evidence that orders of the last 91 days rose against the same days a year ago; "
                "0% is a sure fall, 100% a sure rise, once the customer is known that long",
                "近91天订单较去年同期上升的迹象（0%为确定下降，100%为确定上升，已知历史足够长时）",
            ),
            Words(
                "Signs that orders have risen, last 91 days against a year ago (0% fall, 100% rise)",
                "近91天订单较去年同期有上升迹象（0%为下降，100%为上升）",
            ),
            Words(
                "Signs that orders have fallen, last 91 days against a year ago (0% fall, 100% rise)",
                "近91天订单较去年同期有下降迹象（0%为下降，100%为上升）",
            ),
            turn=0.5,
        ),
    ),
)
