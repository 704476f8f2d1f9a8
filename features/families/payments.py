"""Payments, support and survey answers: how the relationship goes.

The quantity of a payment is the days that it came after it was due, negative if before; the quantity of a
survey answer is its score.
"""

from features.feature import Family, Feature, Words

PAYMENTS = Family(
    "payments",
    Words("Payment, support and satisfaction", "付款、售后与满意度"),
    (
        Feature(
            "payments",
            "payments",
            "count",
            Words("Payments so far", "迄今的付款次数"),
            Words("Many payments", "付款次数多"),
            Words("Few or no payments", "付款次数少或没有"),
        ),
        Feature(
            "late_payment_share",
            "payments",
            "share",
            Words("Share of payments that came after they were due", "逾期付款的比例"),
            Words("More than half of the payments came late", "逾期付款过半"),
            Words("Less than half of the payments came late", "逾期付款不足一半"),
            turn=0.5,
        ),
        Feature(
            "mean_days_late",
            "payments",
            "days",
            Words("Mean days from due date to payment; negative if early", "付款较到期日的平均天数（提前为负）"),
            Words("Pays late on average", "平均付款逾期"),
            Words("Pays early on average", "平均提前付款"),
            turn=0.0,
        ),
        Feature(
            "last_days_late",
            "payments",
            "days",
            Words(
                "Days from due date to payment of the last payment; negative if early",
                "最近一次付款较到期日的天数（提前为负）",
            ),
            Words("The last payment came late", "最近一次付款逾期"),
            Words("The last payment came early", "最近一次付款提前"),
            turn=0.0,
        ),
        Feature(
            "worst_days_late_365d",
            "payments",
            "days",
            Words(
                "Most days from due date to payment in the last 365 days; negative if all were early",
                "近365天付款较到期日的最长天数（全部提前为负）",
            ),
            Words("The latest payment of the last 365 days came late", "近365天最迟的付款逾期"),
            Words("Even the latest payment of the last 365 days came early", "近365天最迟的付款也提前"),
            turn=0.0,
        ),
        Feature(
            "support_tickets_91d",
            "payments",
            "count",
            Words("Support tickets in the last 91 days", "近91天的售后工单数"),
            Words("Many support tickets in the last 91 days", "近91天售后工单多"),
            Words("Few or no support tickets in the last 91 days", "近91天售后工单少或没有"),
        ),
        Feature(
            "support_per_order",
            "payments",
            "ratio",
            Words("Support tickets over orders", "售后工单数与订单数之比"),
            Words("Much support for each order", "每单售后工单多"),
            Words("Little support for each order", "每单售后工单少"),
        ),
        Feature(
            "surveys",
            "payments",
            "count",
            Words("Survey answers with a score so far", "迄今带评分的调查答复数"),
            Words("Many survey answers", "调查答复多"),
            Words("Few or no survey answers", "调查答复少或没有"),
        ),
        Feature(
            "last_survey_score",
            "payments",
            "number",
            Words("Score of the last survey answer", "最近一次调查的评分"),
            Words("The last survey score was high", "最近一次调查评分高"),
            Words("The last survey score was low", "最近一次调查评分低"),
        ),
        Feature(
            "mean_survey_score",
            "payments",
            "number",
            Words("Mean score of survey answers", "调查的平均评分"),
            Words("Survey scores are high", "调查评分高"),
            Words("Survey scores are low", "调查评分低"),
        ),
        Feature(
            "last_survey_age_days",
            "payments",
            "days",
            Words("Days since the last survey answer with a score", "距最近一次带评分调查答复的天数"),
            Words("The last survey answer was long ago", "许久没有答复调查"),
            Words("The last survey answer was recent", "近期有答复调查"),
        ),
    ),
)
